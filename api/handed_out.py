"""What is read once and has photos in it: a ZIP that is made while it goes out, the words first, then each photo."""

import json
import zipfile
from collections.abc import Iterator
from typing import Any

from cases.releases import Original, Reading

WORDS = "reading.json"
# By the first bytes, so that whoever opens it can; what was taken is one of these.
_ENDINGS = ((b"\xff\xd8\xff", ".jpg"), (b"\x89PNG", ".png"), (b"RIFF", ".webp"))
_OTHERWISE = ".heic"


class _Out:
    """A file that only grows, and is taken away as it does."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def write(self, content: bytes) -> int:
        self._held.append(bytes(content))
        return len(content)

    def flush(self) -> None:
        """Nothing waits here."""

    def taken(self) -> bytes:
        held, self._held = b"".join(self._held), []
        return held


def zipped(words: dict[str, Any], reading: Reading) -> Iterator[bytes]:
    """The archive in pieces. Where a photo does not open it breaks off, without the end that every ZIP has.

    Raises CannotOpen. The reading is closed in the end.
    """
    out = _Out()
    with reading:
        archive = zipfile.ZipFile(out, "w")  # type: ignore[call-overload]  # it only writes
        described = {**words, "photos": [{"id": photo.id, "bytes": photo.bytes} for photo in reading.photos]}
        archive.writestr(zipfile.ZipInfo(WORDS), json.dumps(described, ensure_ascii=False, indent=1))
        for photo in reading.photos:
            yield from _photo(archive, out, reading, photo)
        archive.close()
        yield out.taken()


def _photo(archive: zipfile.ZipFile, out: _Out, reading: Reading, photo: Original) -> Iterator[bytes]:
    pieces = reading.content(photo)
    first = next(pieces)
    with archive.open(zipfile.ZipInfo(f"{photo.number + 1}{_ending(first)}"), "w") as entry:
        entry.write(first)
        for piece in pieces:
            yield out.taken()
            entry.write(piece)
    yield out.taken()


def _ending(first: bytes) -> str:
    return next((ending for magic, ending in _ENDINGS if first.startswith(magic)), _OTHERWISE)
