"""Cheap checks while a photo arrives, before anybody is told that it was taken: a millisecond or two each.

Nothing is decoded here. What passes is a still photo of a sane size, whole by its own account.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from kit.images import formats
from kit.images.refusals import PhotoPixels, PhotoType
from kit.images.stream import Ask, Flow, Reading

MAX_PIXELS = 64_500_000  # a "64-megapixel" phone makes 9280×6944
MAX_PIXELS_OF = {"webp": 36_000_000}  # its decoder needs 20 bytes a pixel, and has 1 GiB
MIN_SIDE, MAX_SIDE = 64, 20_000

_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1"}
_READERS = {"jpeg": formats.jpeg, "png": formats.png, "webp": formats.webp, "heic": formats.heic}


@dataclass(frozen=True, slots=True)
class Picture:
    """What a photo's header says: `kind` is jpeg, png, webp or heic; pixels as stored, before any turning."""

    kind: str
    width: int
    height: int

    @property
    def media_type(self) -> str:
        """The media type that belongs to its content, whatever the sender called it."""
        return f"image/{self.kind}"


class Inspector:
    """Looks at a photo as it arrives: `feed` each chunk, then `finish`. Raises PhotoType, PhotoPixels, PhotoBroken.

    A wrong kind is refused with the first chunk, so nobody has to receive the rest.
    """

    def __init__(self) -> None:
        self._flow = Flow(_picture())

    def feed(self, chunk: bytes) -> None:
        """Look at the next bytes."""
        self._flow.feed(chunk)

    def finish(self) -> Picture:
        """What the photo is, now that it has arrived."""
        return self._flow.finish()


def inspect(chunks: Iterable[bytes]) -> Picture:
    """The same for a photo that is there already."""
    inspector = Inspector()
    for chunk in chunks:
        inspector.feed(chunk)
    return inspector.finish()


def _picture() -> Reading[Picture]:
    kind = _kind((yield Ask("peek", 12)))
    width, height = yield from _READERS[kind]()
    most = MAX_PIXELS_OF.get(kind, MAX_PIXELS)
    if min(width, height) < MIN_SIDE or max(width, height) > MAX_SIDE or width * height > most:
        raise PhotoPixels(width=width, height=height, max_pixels=most, min_side=MIN_SIDE, max_side=MAX_SIDE)
    return Picture(kind, width, height)


def _kind(first: bytes) -> str:
    """The format that the first twelve bytes announce. Raises PhotoType for any other."""
    if first.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if first.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if first.startswith(b"RIFF") and first.endswith(b"WEBP"):
        return "webp"
    if first[4:8] == b"ftyp" and first[8:] in _HEIC_BRANDS:
        return "heic"
    raise PhotoType
