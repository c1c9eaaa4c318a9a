"""Reading a format while its bytes arrive: a reader asks for bytes by `yield`, `Flow` answers as chunks come in.

Nothing is held but what a reader has asked for, so a photo of any size costs one chunk of memory.
"""

import re
from collections.abc import Generator
from typing import Generic, NamedTuple, TypeVar

from kit.images.refusals import PhotoBroken

_TAKE_AT_MOST = 1024 * 1024
# In a JPEG's coded data 0xFF is followed by 0 (a stuffed byte) or D0…D7 (a restart); all else is the next marker,
# perhaps after more 0xFF to fill. (No `+` for those: a run of them would cost its length squared.)
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


class Ask(NamedTuple):
    """What a reader needs next: `take` or `peek` exactly `size` bytes, `skip` them, or go to the next `marker`."""

    what: str
    size: int = 0


MARKER = Ask("marker")


class EndOfBytes(Exception):
    """Thrown into a reader that wants more than there is; `clean` if it asked at a fresh byte."""

    def __init__(self, *, clean: bool) -> None:
        self.clean = clean
        super().__init__()


T = TypeVar("T")
Reading = Generator[Ask, bytes, T]


class Flow(Generic[T]):
    """Feeds one reader. `result` is set once the reader has seen enough; what comes later is not looked at."""

    def __init__(self, reading: Reading[T]) -> None:
        self._reading = reading
        self._held: bytes | bytearray = b""
        self._at = 0  # how far what is held was read
        self._skip = 0
        self.result: T | None = None
        self._ask = next(reading)

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes. Raises what the reader raises."""
        if self.result is not None:
            return
        if self._held:
            self._held += chunk
        else:
            self._held = chunk  # as nearly always: then it is looked at where it lies, and not copied
        while self.result is None and (answer := self._answer()) is not None:
            try:
                self._ask = self._reading.send(answer)
            except StopIteration as done:
                self.result = done.value
        self._let_go()

    def finish(self) -> T:
        """What the reader found, now that no more bytes come. Raises PhotoBroken if it had not seen enough."""
        if self.result is None:
            try:
                self._reading.throw(EndOfBytes(clean=not self._held and not self._skip))
            except StopIteration as done:
                self.result = done.value
            except EndOfBytes as torn:
                raise PhotoBroken(reason="torn") from torn
        if self.result is None:
            raise PhotoBroken(reason="torn")
        return self.result

    def _let_go(self) -> None:
        """Keep only what is still to be read, as something that can grow cheaply."""
        if isinstance(self._held, bytearray):
            del self._held[: self._at]
        else:
            self._held = bytearray(self._held[self._at :])
        self._at = 0

    def _answer(self) -> bytes | None:
        """The bytes that were asked for; None as long as they are not all here."""
        if self._ask.what == "skip":
            return self._skipped()
        if self._ask.what == "marker":
            return self._next_marker()
        size = self._ask.size
        if size > _TAKE_AT_MOST:
            raise PhotoBroken(reason="oversized_part")
        if len(self._held) - self._at < size:
            return None
        taken = bytes(self._held[self._at : self._at + size])
        if self._ask.what == "take":
            self._at += size
        return taken

    def _skipped(self) -> bytes | None:
        self._skip = self._skip or self._ask.size
        there = min(self._skip, len(self._held) - self._at)
        self._at += there
        self._skip -= there
        return None if self._skip else b""

    def _next_marker(self) -> bytes | None:
        found = _MARKER.search(self._held, self._at)
        if found is None:
            self._at = max(self._at, len(self._held) - self._held.endswith(b"\xff"))
            return None
        self._at = found.end()
        return bytes(self._held[self._at - 1 : self._at])
