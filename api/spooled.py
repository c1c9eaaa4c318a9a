"""A file that is made whole before its first byte goes out: what fails is told, and a slow line holds nothing up."""

from collections.abc import Callable, Iterator
from tempfile import SpooledTemporaryFile
from typing import IO

from api.uploads import CHUNK

IN_MEMORY = 1024 * 1024


def spooled(write: Callable[[IO[bytes]], object]) -> Iterator[bytes]:
    """Let `write` fill a file, in memory while it is small; gives its bytes in pieces. Raises what `write` raises."""
    file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed when the last byte has been sent
    try:
        write(file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return _pieces(file)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(CHUNK):
            yield piece
