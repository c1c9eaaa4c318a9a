"""Looking at a scanned copy while it arrives: a photo as any photo, or a PDF by its own first bytes."""

from kit.errors import Unsupported
from kit.images import Inspector

_PDF = (b"%PDF-1.", b"%PDF-2.")
_HEAD = len(_PDF[0])


class ScanType(Unsupported):
    """Neither a photo nor a PDF, whatever its name says."""

    code = "scan.type"
    message = "Only photos in JPEG, PNG, WebP or HEIC, and PDF files are taken."


class ScanInspector:
    """`feed` each chunk, then `finish`; `media` is then image or pdf. A PDF is not opened by us, only handed out.

    Raises ScanType, PhotoType, PhotoPixels, PhotoBroken.
    """

    def __init__(self) -> None:
        self._head = b""
        self._photo = Inspector()
        self.media = ""

    def feed(self, chunk: bytes, /) -> None:
        """Look at the next bytes; until the first seven are there, nothing is known."""
        if not self.media:
            self._head, chunk = b"", self._head + chunk
            if len(chunk) < _HEAD:
                self._head = bytes(chunk)
                return
            self.media = "pdf" if chunk.startswith(_PDF) else "image"
            if self.media == "image" and chunk.startswith(b"%PDF"):
                raise ScanType
        if self.media == "image":
            self._photo.feed(chunk)

    def finish(self) -> None:
        """Look at the whole."""
        if not self.media:
            raise ScanType
        if self.media == "image":
            self._photo.finish()
