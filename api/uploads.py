"""Taking a photo while it arrives: looked at, hashed and written in step with the wire, durable before the answer.

A wrong kind is refused with its first bytes. Bytes are gathered into batches, so that a photo costs a few turns of a
thread and not one for every packet; while one batch is written the next one arrives.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, Protocol, Self, TypeVar

from sqlalchemy.exc import IntegrityError

from api.multipart import FILE, Form
from kit.errors import Invalid, Refusal, Unavailable
from kit.images import Inspector
from kit.storage import ChecksumMismatch, ContentTooLarge, Kept, Part, Stored, begin_sealed, new_data_key, store
from kit.storage.kept import wrap
from kit.storage.sealed import SealedPart

MOST_BYTES = 20 * 1024 * 1024
CHUNK = 256 * 1024
BATCH = 512 * 1024
DISK_THREADS = 4  # of each process; more take a fifth more processor time, since they fight for the interpreter

T = TypeVar("T")
_DISK = ThreadPoolExecutor(DISK_THREADS, "disk")


class FileMissing(Invalid):
    """The form has no part of the name `file`."""

    code = "body.invalid"
    message = "The form holds no file."
    pointer = f"/{FILE}"


@asynccontextmanager
async def kept_or_gone(stored: Stored | Kept) -> AsyncIterator[None]:
    """Around noting a stored file: one that is refused after all is deleted. Where nobody knows, it stays."""
    try:
        yield
    except Unavailable:
        raise
    except (Refusal, IntegrityError):
        await let_go(stored)
        raise


async def let_go(stored: Stored | Kept) -> None:
    """Delete a stored file that nothing names."""
    await asyncio.wrap_future(_DISK.submit(store().delete, stored.key))


class Looks(Protocol):
    """Looks at a file as it arrives; raises a refusal as soon as it is none that is taken."""

    def feed(self, chunk: bytes, /) -> None:
        """Look at the next bytes."""

    def finish(self) -> object:
        """Look at the whole, now that it has arrived."""


class Taker:
    """Takes one photo, or what `looks` lets through, under a key of ours; with a `data_key`, sealed as it arrives.

    Leaving the `async with` without `keep` keeps nothing of it.
    """

    def __init__(self, key: str, looks: Looks | None = None, *, data_key: bytes | None = None) -> None:
        self._key, self._data_key = key, data_key
        self._inspector = looks or Inspector()
        self._part: Part | None = None
        self._held: list[bytes] = []
        self._held_bytes = self._bytes = 0
        self._job: Future[Any] | None = None

    async def take(self, form: Form) -> None:
        """Take the form's file. Raises PhotoType, PhotoPixels, PhotoBroken, ContentTooLarge, FileMissing.

        A form that was torn off raises ChecksumMismatch.
        """
        async for piece in form.pieces():
            await self.add(piece)
        if not form.is_whole:
            raise ChecksumMismatch(received_bytes=self._bytes)
        if not form.has_file:
            raise FileMissing
        self.look_at_all()

    async def add(self, piece: bytes) -> None:
        """Take the next bytes of a file that comes by another way. Raises as `take`."""
        self._bytes += len(piece)
        if self._bytes > MOST_BYTES:
            raise ContentTooLarge(limit_bytes=MOST_BYTES)
        self._inspector.feed(piece)
        self._held.append(piece)
        self._held_bytes += len(piece)
        if self._held_bytes >= BATCH:
            await self._flush()

    def look_at_all(self) -> None:
        """It has arrived. Raises PhotoType, PhotoPixels, PhotoBroken."""
        self._inspector.finish()

    async def keep(self, *, expect_sha256: str | None) -> Stored:
        """Make what was taken durable; None where nobody has said what to expect.

        Raises ChecksumMismatch, StorageUnavailable; then nothing is kept.
        """
        await self._before()
        return await self._do(lambda: self._finish(self._held, expect_sha256))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        # Never while a thread still writes: the number of a file that is closed may be another's a moment later.
        if self._job is not None:
            self._job.add_done_callback(lambda _: self._drop())

    async def _flush(self) -> None:
        """Hand the batch to a thread once the one before is written; what went wrong there is raised here."""
        await self._before()
        batch, self._held, self._held_bytes = self._held, [], 0
        self._job = _DISK.submit(self._write, batch)

    async def _before(self) -> None:
        if self._job is not None:
            await asyncio.wrap_future(self._job)

    async def _do(self, work: Callable[[], T]) -> T:
        job = _DISK.submit(work)
        self._job = job
        return await asyncio.wrap_future(job)

    def _write(self, batch: list[bytes]) -> None:
        if self._part is None:
            self._part = self._begin()
        self._part.write(*batch)

    def _begin(self) -> Part:
        if self._data_key is None:
            return store().begin(self._key, limit_bytes=MOST_BYTES)
        return begin_sealed(store(), self._key, self._data_key, limit_bytes=MOST_BYTES)

    def _finish(self, batch: list[bytes], expect_sha256: str | None) -> Stored:
        self._write(batch)
        part = self._part
        assert part is not None  # noqa: S101 - _write has begun it
        with part:
            return part.finish(expect_sha256=expect_sha256)

    def _drop(self) -> None:
        if self._part is not None:
            self._part.__exit__(None, None, None)


class KeptTaker(Taker):
    """Takes an officer's file, sealed with a key that is wrapped for whoever may read the row that names it."""

    def __init__(self, key: str, looks: Looks | None = None) -> None:
        self._own_key = new_data_key()
        super().__init__(key, looks)

    async def keep_sealed(self, *, expect_sha256: str) -> Kept:
        """As `keep`, with what its row has to say."""
        stored = await self.keep(expect_sha256=expect_sha256)
        assert isinstance(self._part, SealedPart)  # noqa: S101 - _begin has made it
        return Kept(
            stored.key, wrap(stored.key, self._own_key), self._part.sealed_sha256, bytes.fromhex(stored.sha256),
            stored.bytes,
        )  # fmt: skip

    def _begin(self) -> Part:
        return begin_sealed(store(), self._key, self._own_key, limit_bytes=MOST_BYTES, hashed=True)
