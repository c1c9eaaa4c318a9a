"""Short transactions on the event loop, for what is asked most: no thread, no object for a row, no statement built.

Handing a request to a thread and back, and SQLAlchemy's session around it, cost three times what PostgreSQL's driver
needs for the same statements. With `kit.db` and `kit.batch` the only place that commits.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from psycopg import AsyncConnection, InterfaceError, OperationalError
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow
from sqlalchemy import ClauseElement
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from kit.db import TRUSTED_S, url_for
from kit.errors import Unavailable

LANES = 4
LONGEST_WAIT_S = 10.0
CONNECT_S = 5
PREPARE_AFTER = 2
_DIALECT = PGDialect_psycopg(paramstyle="pyformat")  # type: ignore[no-untyped-call]

Connection = AsyncConnection[TupleRow]


def written(statement: ClauseElement) -> str:
    """A statement as the driver takes it, its parameters named. It costs more to write than to run: keep it.

    It must hold no plain value, which would become a parameter that nobody gives, and no list that is to be expanded.
    """
    return str(statement.compile(dialect=_DIALECT))


class Lanes:
    """A few connections of a login role, each for one transaction at a time. Who came first is first.

    An `asyncio.Queue` of them would let whoever comes in the right moment pass by all who wait.
    """

    def __init__(self, login: str, lanes: int = LANES) -> None:
        """Nothing is connected before it is needed."""
        self._login = login
        self._resting: list[tuple[Connection | None, float]] = [(None, 0.0)] * lanes
        self._turns, self._lanes = asyncio.Semaphore(lanes), lanes

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A transaction that is committed when the block ends and rolled back when it raises.

        Raises Unavailable when the database is away, or every lane is taken for too long.
        """
        async with self._held() as connection:
            await connection.execute("begin")
            yield connection
            await connection.execute("commit")

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """A transaction whose statements are sent on until somebody asks what one has found: fewer trips, less waiting.

        What one of them refuses is raised at the next question, or at the end. Raises Unavailable like `transaction`.
        """
        async with self._held() as connection, connection.pipeline():
            await connection.execute("begin")
            yield connection
            await connection.execute("commit")

    async def row(self, statement: str, values: Mapping[str, Any]) -> TupleRow | None:
        """The first row of one statement, which is a transaction by itself. Raises Unavailable like `transaction`."""
        async with self._held() as connection:
            return await row_of(connection, statement, values)

    async def close(self) -> None:
        """Wait for what runs, and disconnect."""
        for _ in range(self._lanes):
            connection, _rested_at = await self._lane()
            if connection is not None:
                await connection.close()

    @asynccontextmanager
    async def _held(self) -> AsyncIterator[Connection]:
        connection, rested_at = await self._lane()
        try:
            connection = await self._alive(connection, rested_at)
            yield connection
        except (OperationalError, InterfaceError) as away:
            if connection is None or connection.closed or connection.broken:
                raise Unavailable from away
            raise
        finally:
            cleaned = None
            try:
                cleaned = await _clean(connection)
            finally:  # whatever happens, the lane is free for the next
                self._resting.append((cleaned, time.monotonic()))
                self._turns.release()

    async def _lane(self) -> tuple[Connection | None, float]:
        if self._turns.locked():
            try:
                await asyncio.wait_for(self._turns.acquire(), LONGEST_WAIT_S)
            except TimeoutError as late:
                raise Unavailable from late
        else:
            await self._turns.acquire()
        return self._resting.pop()

    async def _alive(self, connection: Connection | None, rested_at: float) -> Connection:
        """The connection, pinged when it has rested a while; a new one where there is none, or it has died."""
        if connection is not None and time.monotonic() - rested_at >= TRUSTED_S:
            try:
                await connection.execute("select 1")
            except (OperationalError, InterfaceError):
                await connection.close()
        if connection is None or connection.closed:
            return await _connect(self._login)
        return connection


async def row_of(connection: Connection, statement: str, values: Mapping[str, Any]) -> TupleRow | None:
    """The first row of a statement, within whatever transaction is open there."""
    return await (await connection.execute(statement, values)).fetchone()


async def _clean(connection: Connection | None) -> Connection | None:
    """The connection as the next one may have it: outside of any transaction, or none at all."""
    if connection is None or connection.closed:
        return None
    if connection.info.transaction_status is not TransactionStatus.IDLE:
        with contextlib.suppress(OperationalError, InterfaceError):
            await connection.execute("rollback")
            return connection
        await connection.close()
        return None
    return connection


async def _connect(login: str) -> Connection:
    address = url_for(login).set(drivername="postgresql").render_as_string(hide_password=False)
    options: dict[str, Any] = {"prepare_threshold": PREPARE_AFTER, "options": "-c timezone=UTC -c jit=off"}
    return await AsyncConnection.connect(address, autocommit=True, connect_timeout=CONNECT_S, **options)
