"""Micro-batching: each caller is answered after its own commit, and one bad member takes no neighbour with it."""

import asyncio
from collections.abc import Sequence

import pytest
from psycopg import AsyncConnection, OperationalError
from psycopg.errors import DivisionByZero

from kit import batch
from kit.batch import Batcher, Busy, Connection
from kit.db import url_for
from kit.errors import Unavailable

STATEMENT = "select 100 / n from unnest(%s::int[]) with ordinality as asked(n, place) order by place"
FAST = 20.0  # seconds that a test may take at most


class Divider:
    """Divides 100 by what it is given, all of a batch in one statement, and remembers its batches."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.connections: list[Connection] = []
        self.begun, self.open = asyncio.Event(), asyncio.Event()
        self.open.set()

    async def connect(self) -> Connection:
        address = url_for("jz_intake").set(drivername="postgresql").render_as_string(hide_password=False)
        connection = await AsyncConnection.connect(address, autocommit=True)
        self.connections.append(connection)
        return connection

    async def run(self, connection: Connection, items: Sequence[int]) -> list[int]:
        self.begun.set()
        await self.open.wait()
        self.batches.append(list(items))
        cursor = await connection.execute(STATEMENT, (list(items),))
        return [row[0] for row in await cursor.fetchall()]


def batching(test):
    """Run an async test with a divider and its batcher, which is closed after."""

    def run(database_url):
        async def _run():
            divider = Divider()
            batcher: Batcher[int, int] = Batcher(divider.connect, divider.run)
            batcher.start()
            try:
                async with asyncio.timeout(FAST):
                    await test(divider, batcher)
            finally:
                divider.open.set()
                await batcher.close()

        asyncio.run(_run())

    run.__name__ = test.__name__
    return run


@batching
async def test_each_caller_gets_its_own_answer(divider, batcher):
    answers = await asyncio.gather(*(batcher.submit(n) for n in (1, 2, 4, 5)))
    assert answers == [100, 50, 25, 20]


@batching
async def test_what_arrives_during_a_commit_goes_together_into_the_next(divider, batcher):
    divider.open.clear()
    first = asyncio.create_task(batcher.submit(1))
    await divider.begun.wait()
    others = [asyncio.create_task(batcher.submit(n)) for n in range(2, 12)]
    await asyncio.sleep(0)
    divider.open.set()
    await asyncio.gather(first, *others)
    assert divider.batches == [[1], list(range(2, 12))]


@batching
async def test_a_batch_has_at_most_so_many_members(divider, batcher):
    await asyncio.gather(*(batcher.submit(1) for _ in range(200)))
    assert max(len(each) for each in divider.batches) <= batch.MOST_TOGETHER
    assert sum(len(each) for each in divider.batches) == 200


@batching
async def test_one_bad_member_takes_no_neighbour_with_it(divider, batcher):
    answers = await asyncio.gather(*(batcher.submit(n) for n in (1, 0, 2, 0)), return_exceptions=True)
    assert [answer if isinstance(answer, int) else type(answer) for answer in answers] == [
        100, DivisionByZero, 50, DivisionByZero,
    ]  # fmt: skip


@batching
async def test_a_connection_that_dies_is_replaced_and_the_statement_repeated(divider, batcher):
    await batcher.submit(1)
    await divider.connections[0].close()
    assert await batcher.submit(2) == 50
    assert len(divider.connections) == 2


@batching
async def test_a_database_that_stays_away_is_told_and_nothing_hangs(divider, batcher):
    async def away():
        raise OperationalError("away")

    batcher._connect = away
    answers = await asyncio.gather(*(batcher.submit(n) for n in range(1, 5)), return_exceptions=True)
    assert {type(answer) for answer in answers} == {Unavailable}
    batcher._connect = divider.connect
    assert await batcher.submit(4) == 25


@batching
async def test_when_too_many_wait_the_next_is_told_at_once(divider, batcher):
    divider.open.clear()
    waiting = [asyncio.create_task(batcher.submit(1))]
    await divider.begun.wait()
    waiting += [asyncio.create_task(batcher.submit(1)) for _ in range(batch.MOST_WAITING)]
    await asyncio.sleep(0)
    with pytest.raises(Busy) as refusal:
        await batcher.submit(1)
    assert refusal.value.retryable
    divider.open.set()
    assert await asyncio.gather(*waiting) == [100] * (batch.MOST_WAITING + 1)


@batching
async def test_a_caller_that_goes_away_takes_nothing_out(divider, batcher):
    divider.open.clear()
    gone = asyncio.create_task(batcher.submit(1))
    stays = asyncio.create_task(batcher.submit(2))
    await asyncio.sleep(0)
    gone.cancel()
    divider.open.set()
    assert await stays == 50
    assert [n for each in divider.batches for n in each] == [1, 2]


def test_closing_finishes_what_waits(database_url):
    async def run():
        divider = Divider()
        batcher: Batcher[int, int] = Batcher(divider.connect, divider.run)
        batcher.start()
        answers = [asyncio.create_task(batcher.submit(n)) for n in (1, 2)]
        await asyncio.sleep(0)
        await batcher.close()
        assert [answer.result() for answer in answers] == [100, 50]
        assert divider.connections[0].closed

    asyncio.run(run())
