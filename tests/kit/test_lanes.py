"""Transactions on the event loop: they commit or roll back whole, keep no role, and outlive a lost connection."""

import asyncio
from itertools import product

import psycopg
import pytest
from psycopg.errors import DivisionByZero
from psycopg.pq import TransactionStatus
from sqlalchemy import bindparam, column, select, table

from kit import lanes as module
from kit.errors import NotFound, Unavailable
from kit.lanes import Lanes, written
from kit.settings import settings

FAST = 20.0  # seconds that a test may take at most


def on_lanes(count):
    """Run an async test on lanes of the officers' login, which are closed after."""

    def around(test):
        def run(database_url):
            async def _run():
                lanes = Lanes("jz_api", count)
                try:
                    async with asyncio.timeout(FAST):
                        await test(lanes)
                finally:
                    await lanes.close()

            asyncio.run(_run())

        run.__name__ = test.__name__
        return run

    return around


async def one(connection, statement):
    return (await (await connection.execute(statement)).fetchone())[0]


async def end_backend(lanes):
    """Let the database lose the connection that the next transaction will get."""
    async with lanes.transaction() as connection:
        pid = connection.info.backend_pid
    with psycopg.connect(settings().database_url.replace("+psycopg", ""), autocommit=True) as owner:
        owner.execute("select pg_terminate_backend(%s, 5000)", (pid,))
    return pid


@on_lanes(1)
async def test_what_is_done_is_kept_and_what_is_refused_is_not(lanes):
    async with lanes.transaction() as connection:
        await connection.execute("create temporary table said (word text)")
        await connection.execute("insert into said values ('kept')")

    async def say(word, *, then):
        async with lanes.transaction() as connection:
            await connection.execute("insert into said values (%s)", (word,))
            await then(connection)

    async def refuse(_connection):
        raise NotFound

    with pytest.raises(NotFound):
        await say("refused", then=refuse)
    with pytest.raises(DivisionByZero):
        await say("failed", then=lambda connection: connection.execute("select 1 / 0"))
    async with lanes.transaction() as connection:
        assert await one(connection, "select string_agg(word, ' ') from said") == "kept"


@on_lanes(1)
async def test_one_row_is_asked_for_without_leaving_a_transaction_open(lanes):
    assert await lanes.row("select %(a)s::int + 1", {"a": 1}) == (2,)
    assert await lanes.row("select 1 where false", {}) is None
    with pytest.raises(DivisionByZero):
        await lanes.row("select 1 / %(a)s::int", {"a": 0})
    connection, _rested_at = lanes._resting[-1]
    assert connection.info.transaction_status is TransactionStatus.IDLE


@on_lanes(1)
async def test_a_role_and_its_facts_end_with_the_transaction_however_it_ends(lanes):
    """M11: nobody gets the office of whoever had the connection before."""
    for ends, way in product((None, NotFound()), (lanes.transaction, lanes.reading)):
        try:
            async with way() as connection:
                await connection.execute("select set_config('role', 'jz_town', true), set_config('jz.org', '7', true)")
                assert await one(connection, "select current_user::text") == "jz_town"
                if ends:
                    raise ends
        except NotFound:
            pass
        async with way() as connection:
            seen = await one(connection, "select current_user || ' ' || coalesce(current_setting('jz.org', true), '')")
            assert seen == "jz_api "


@on_lanes(1)
async def test_what_a_read_asks_is_refused_at_the_next_question_and_leaves_nothing_behind(lanes):
    async def read(*then):
        async with lanes.reading() as connection:
            await connection.execute("select 1 / 0")
            for statement in then:
                await one(connection, statement)

    for then in ((), ("select 1",)):
        with pytest.raises(DivisionByZero):
            await read(*then)
    connection, _rested_at = lanes._resting[-1]
    assert connection.info.transaction_status is TransactionStatus.IDLE
    async with lanes.reading() as connection:
        assert await one(connection, "select 7") == 7
    assert await lanes.row("select 8", {}) == (8,)


@on_lanes(1)
async def test_a_connection_that_died_while_it_rested_is_replaced(lanes):
    pid = await end_backend(lanes)
    lanes._resting[:] = [(connection, 0.0) for connection, _rested_at in lanes._resting]  # it has rested for long

    async with lanes.transaction() as connection:
        assert connection.info.backend_pid != pid


@on_lanes(1)
async def test_one_that_died_just_now_is_told_as_unavailable_and_is_gone(lanes):
    for way in (lanes.transaction, lanes.reading):
        pid = await end_backend(lanes)
        with pytest.raises(Unavailable):
            async with way():
                pass

    async with lanes.transaction() as connection:
        assert connection.info.backend_pid != pid


@on_lanes(2)
async def test_more_than_there_are_lanes_take_turns_and_none_waits_for_ever(lanes):
    most = running = 0

    async def work():
        nonlocal most, running
        async with lanes.transaction() as connection:
            running += 1
            most = max(most, running)
            await connection.execute("select pg_sleep(0.01)")
            running -= 1

    await asyncio.gather(*(work() for _ in range(12)))
    assert most == 2


@on_lanes(1)
async def test_who_came_first_is_first_though_another_comes_in_the_right_moment(lanes):
    order = []

    async def work(name):
        async with lanes._held():
            order.append(name)

    async with lanes._held():
        waited = asyncio.create_task(work("waited"))
        await asyncio.sleep(0.01)
        late = asyncio.create_task(work("came late"))  # has its turn of the loop before whoever is woken by the end
    await asyncio.gather(waited, late)
    assert order == ["waited", "came late"]


@on_lanes(1)
async def test_who_finds_no_lane_for_too_long_is_told_to_come_back(lanes):
    before, module.LONGEST_WAIT_S = module.LONGEST_WAIT_S, 0.05
    try:
        async with lanes.transaction():
            with pytest.raises(Unavailable):
                async with lanes.transaction():
                    pass
    finally:
        module.LONGEST_WAIT_S = before
    async with lanes.transaction() as connection:
        assert await one(connection, "select 1") == 1


@on_lanes(1)
async def test_a_transaction_that_is_broken_off_leaves_a_lane_for_the_next(lanes):
    async def long(way):
        async with way() as connection:
            await one(connection, "select pg_sleep(20)::text")

    for way in (lanes.transaction, lanes.reading):
        task = asyncio.create_task(long(way))
        await asyncio.sleep(0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with lanes.transaction() as connection:
            assert await one(connection, "select 1") == 1


def test_a_database_that_is_away_is_told_as_unavailable(database_url, monkeypatch):
    async def ask():
        async with Lanes("jz_api", 1).transaction():
            pass

    monkeypatch.setenv("DATABASE_URL", "postgresql://owner:x@127.0.0.1:1/nowhere")
    settings.cache_clear()
    try:
        with pytest.raises(Unavailable):
            asyncio.run(ask())
    finally:
        monkeypatch.undo()
        settings.cache_clear()


def test_a_statement_is_written_with_its_parameters_by_name():
    a = table("a", column("x"))

    assert written(select(a.c.x).where(a.c.x == bindparam("wanted"))).split() == [
        "SELECT", "a.x", "FROM", "a", "WHERE", "a.x", "=", "%(wanted)s",
    ]  # fmt: skip
