"""The log of the public record tells each change to whoever follows it, whoever writes at the same time."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import reduce

import psycopg
from sqlalchemy import select, text

from cases import feeds
from cases.models.exposure import Change
from kit import clock
from tests.make import NOW

LATER = NOW + timedelta(seconds=1)


def changes(database):
    with database() as session:
        return [change.ref for change in feeds.changes(session, since=feeds.Place(), limit=10)], feeds.horizon(session)


def told(database, *refs):
    """Just these are told soon: a transaction of any database of the cluster holds the log back for its time."""
    for _ in range(200):
        found, horizon = changes(database)
        if found == list(refs):
            return horizon
        clock.sleep(0.1)
    raise AssertionError(found)


def note(ref):
    return Change(kind="exposure", ref=ref, op="published", version=1, at=NOW)


def test_the_change_log_never_tells_past_a_transaction_that_still_runs(committing):
    """A reader that had gone past it would never see what it commits."""
    with committing() as slow:
        slow.add(note("first"))
        slow.flush()
        with committing() as quick:
            quick.add(note("second"))
        assert changes(committing) == ([], 0)
    horizon = told(committing, "first", "second")
    with committing() as session:
        assert feeds.changes(session, since=feeds.Place(horizon), limit=10) == []


def test_what_was_committed_before_a_running_transaction_began_is_told(committing):
    with committing() as session:
        session.add(note("before"))
    told(committing, "before")
    with committing() as slow:
        slow.add(note("running"))
        slow.flush()
        told(committing, "before")
        slow.rollback()
    told(committing, "before")


def test_the_log_is_read_in_pages(session):
    session.add_all(note(str(number)) for number in range(5))
    session.flush()
    assert feeds.changes(session, since=feeds.Place(), limit=10) == []  # this very transaction still runs


def test_a_writer_that_dies_holds_the_log_up_no_longer(committing, databases):
    address = make_address(databases[1])
    with psycopg.connect(address) as dying:
        dying.execute(
            "insert into record.change (kind, ref, op, version, at) values ('exposure', 'x', 'published', 1, now())"
        )
        with committing() as quick:
            quick.add(note("second"))
        assert changes(committing)[0] == []
        dying.rollback()
    told(committing, "second")


def make_address(url):
    return url.replace("postgresql+psycopg://", "postgresql://")


def follow(database, since):
    """One page for whoever has come to `since`: what it tells, and how far it leads."""
    with database() as session:
        found = feeds.changes(session, since=since, limit=3)
        return [change.ref for change in found], reduce(feeds.Place.after, found, since)


def begun(session):
    """The transaction has written something, and so has its place among the others."""
    session.execute(text("select pg_current_xact_id()"))


def test_of_two_writers_the_later_may_draw_the_lower_number_and_is_told_all_the_same(committing):
    with committing() as early, committing() as late:
        begun(early)
        begun(late)
        late.add(note("lower number"))
        late.flush()
        early.add(note("higher number"))
        early.commit()
        seen, since = follow(committing, feeds.Place())
        late.commit()
    until = clock.now().timestamp() + 20
    while len(seen) < 2 and clock.now().timestamp() < until:
        more, since = follow(committing, since)
        seen += more
    assert sorted(seen) == ["higher number", "lower number"]


def test_whoever_follows_a_log_that_many_write_at_once_is_told_each_change_once(committing):
    """Transactions of any length begin, draw numbers, end and fail in any order while one reader goes on and on."""
    chance = random.Random(6)  # noqa: S311 - nothing secret
    plans = [
        (f"{writer}.{turn}", chance.random() < 0.2, [chance.uniform(0, 0.02) for _ in range(3)])
        for writer in range(6)
        for turn in range(8)
    ]

    def write(plan):
        ref, fails, (before, between, after) = plan
        with committing() as session:
            begun(session)
            clock.sleep(before)
            session.add(note(f"{ref}a"))
            session.flush()
            clock.sleep(between)
            session.add(note(f"{ref}b"))
            session.flush()
            clock.sleep(after)
            if fails:
                session.rollback()

    seen, since = [], feeds.Place()
    with ThreadPoolExecutor(6) as writers:
        done = [writers.submit(write, plan) for plan in plans]
        while not all(each.done() for each in done):
            more, since = follow(committing, since)
            seen += more
    for each in done:
        each.result()
    wanted = sorted(f"{ref}{part}" for ref, fails, _ in plans if not fails for part in "ab")
    until = clock.now().timestamp() + 20
    while len(seen) < len(wanted) and clock.now().timestamp() < until:
        more, since = follow(committing, since)
        seen += more
    assert sorted(seen) == wanted
    assert seen != wanted, "nobody wrote at the same time"


def test_the_instant_of_a_change_tells_which_log_it_is_of(session):
    session.add(note("one"))
    session.flush()
    seq = session.scalars(select(Change.seq)).one()
    asked = [
        feeds.Place(),
        feeds.Place(seq),
        feeds.Place(seq, at=NOW),
        feeds.Place(seq, at=LATER),
        feeds.Place(seq + 1),
    ]
    assert [feeds.knows(session, place) for place in asked] == [True, True, True, False, False]
