"""Micro-batching of one statement: what arrives while a transaction commits goes together into the next one.

Each caller gets its answer after its own commit, never before. A batch that fails is done again one by one, so that one
bad member cannot take its neighbours with it. With `kit.db` the only place that commits.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from psycopg import AsyncConnection, InterfaceError, OperationalError
from psycopg.rows import TupleRow

from kit.errors import Unavailable

MOST_TOGETHER = 64
MOST_WAITING = 512

T = TypeVar("T")
R = TypeVar("R")
Connection = AsyncConnection[TupleRow]


class Busy(Unavailable):
    """More waits than can be stored soon; the sender keeps it and tries again."""

    code = "intake.busy"
    message = "Very busy; keep it and try again in a moment."


class Batcher(Generic[T, R]):
    """Runs `run(connection, items)` over whatever has come in, on one autocommitting connection of its own."""

    def __init__(
        self,
        connect: Callable[[], Awaitable[Connection]],
        run: Callable[[Connection, Sequence[T]], Awaitable[Sequence[R]]],
    ) -> None:
        """`run` answers in the order of its items, and must be one atomic statement that may be repeated."""
        self._connect, self._run = connect, run
        self._waiting: asyncio.Queue[tuple[T, asyncio.Future[R]]] = asyncio.Queue(MOST_WAITING)
        self._connection: Connection | None = None
        self._worker: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to take items."""
        self._worker = asyncio.create_task(self._work(), name="batcher")

    async def close(self) -> None:
        """Finish what waits, then stop."""
        await self._waiting.join()
        if self._worker is not None:
            self._worker.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._worker
        await self._disconnect()

    @property
    def waiting(self) -> int:
        """How many items wait for a transaction."""
        return self._waiting.qsize()

    async def submit(self, item: T) -> R:
        """Put an item in and wait until it is committed. Raises Busy, Unavailable, or what `run` raised for it alone.

        A caller that goes away does not take its item out: it is stored, and a retry finds it.
        """
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        try:
            self._waiting.put_nowait((item, answer))
        except asyncio.QueueFull as full:
            raise Busy from full
        return await asyncio.shield(answer)

    async def _work(self) -> None:
        while True:
            batch = [await self._waiting.get()]
            while len(batch) < MOST_TOGETHER and not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            try:
                await self._serve(batch)
            finally:
                for _ in batch:
                    self._waiting.task_done()

    async def _serve(self, batch: Sequence[tuple[T, asyncio.Future[R]]]) -> None:
        try:
            answers = await self._once([item for item, _ in batch])
        except Exception as failure:  # noqa: BLE001 - whatever it was, it is handed to those who wait
            if len(batch) == 1 or isinstance(failure, Unavailable):
                for _, waiter in batch:
                    _settle(waiter, failure=failure)
                return
            for member in batch:
                await self._serve([member])
            return
        for (_, waiter), answer in zip(batch, answers, strict=True):
            _settle(waiter, answer=answer)

    async def _once(self, items: Sequence[T]) -> Sequence[R]:
        """Run on the open connection; a connection that has died is replaced and the statement repeated once."""
        fresh = self._connection is None
        try:
            return await self._run(await self._connected(), items)
        except (OperationalError, InterfaceError) as broken:
            lost = self._connection is None or self._connection.broken or self._connection.closed
            if not lost:
                raise
            await self._disconnect()
            if fresh:
                raise Unavailable from broken
            return await self._once(items)

    async def _connected(self) -> Connection:
        if self._connection is None:
            self._connection = await self._connect()
        return self._connection

    async def _disconnect(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(OperationalError, InterfaceError):
                await self._connection.close()
            self._connection = None


def _settle(waiter: "asyncio.Future[R]", *, answer: R | None = None, failure: Exception | None = None) -> None:
    if waiter.done():
        return
    if failure is not None:
        waiter.set_exception(failure)
        waiter.add_done_callback(lambda done: done.cancelled() or done.exception())
    else:
        waiter.set_result(answer)  # type: ignore[arg-type]  # an answer is given whenever there is no failure
