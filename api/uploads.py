"""Looking at a photo while it goes to the store: a wrong kind is refused with its first bytes."""

from collections.abc import Iterator
from typing import BinaryIO

from kit.images import Inspector

MOST_BYTES = 20 * 1024 * 1024
CHUNK = 256 * 1024


def checked_chunks(file: BinaryIO) -> Iterator[bytes]:
    """The chunks of an uploaded photo, each looked at. Raises PhotoType, PhotoPixels, PhotoBroken."""
    inspector = Inspector()
    while chunk := file.read(CHUNK):
        inspector.feed(chunk)
        yield chunk
    inspector.finish()
