"""A photo is noted once, whoever else is at it meanwhile: a rival, its report coming, its report withdrawn."""

import asyncio
import time
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text

from cases.intake import NotInManifest, PhotoIdReused, Quota, Upload, attach, new_sealed_key, store
from cases.intake.photos import Withdrawn, attach_locked
from cases.models.report import Report, ReportEvent, ReportPhoto
from tests.cases.intake.conftest import FAST_S
from tests.cases.intake.photo_doings import (
    OTHER,
    SHA,
    expect,
    file_at,
    noted,
    promise,
    report_naming,
    send,
    withdraw,
)
from tests.make import NOW

# --- what happens between looking and writing


def after(happening, sent, key="sealed/late", size=5):
    """Look, let something happen, and then write by what was seen."""

    async def _after(lanes):
        known = await expect(lanes, sent)
        if asyncio.iscoroutinefunction(happening):
            await happening(lanes)
        else:
            await asyncio.to_thread(happening)
        return await attach(lanes, sent, known, file_at(key, size), now=NOW)

    return _after


@pytest.mark.parametrize("named", [True, False])
def test_a_rival_that_was_done_meanwhile_has_won(run, committing, report, named):
    sent = promise(committing, report) if named else Upload(uuid4(), uuid4(), SHA)

    async def rival(lanes):
        await send(lanes, sent, "sealed/first", 1)

    assert run(after(rival, sent)).key == "sealed/first"
    assert [len(rows) for rows in noted(committing, report)] == ([1, 1, 1] if named else [1, 0, 0])


def test_a_report_that_was_withdrawn_meanwhile_takes_nothing(run, committing, report):
    sent = promise(committing, report)
    with pytest.raises(Withdrawn):
        run(after(lambda: withdraw(committing, report), sent))
    assert noted(committing, report)[0] == [("promised", None)]


def test_a_report_that_was_accepted_meanwhile_gets_its_photo(run, committing, report):
    sent = promise(committing, report)

    def accepted():
        with committing() as session:
            session.execute(text("update intake.report set state = 'accepted'"))

    assert run(after(accepted, sent)).state == "stored"
    assert [len(rows) for rows in noted(committing, report)] == [1, 1, 1]


def test_no_more_than_nine_wait_however_many_have_looked_before(run, committing):
    sent = Upload(uuid4(), uuid4(), SHA)

    async def nine(lanes):
        for _ in range(9):
            await send(lanes, Upload(sent.report_client_id, uuid4(), SHA), new_sealed_key())

    with pytest.raises(Quota):
        run(after(nine, sent))
    assert len(noted(committing)[0]) == 9


@pytest.mark.parametrize("sha256", [SHA, OTHER])
def test_a_report_that_came_meanwhile_has_its_photo_or_another(run, committing, rules, sha256):
    sent = Upload(uuid4(), uuid4(), SHA)

    async def reported(lanes):
        async with lanes.transaction() as connection:
            await store(connection, [(report_naming(sent, sha256), rules)])

    if sha256 == OTHER:
        with pytest.raises(PhotoIdReused):
            run(after(reported, sent))
    else:
        assert run(after(reported, sent)).state == "stored"
    assert noted(committing)[0] == [("stored", "sealed/late") if sha256 == SHA else ("promised", None)]


def test_a_report_that_came_meanwhile_and_does_not_name_it_refuses_it(run, committing, rules):
    sent = Upload(uuid4(), uuid4(), SHA)

    async def reported(lanes):
        async with lanes.transaction() as connection:
            await store(connection, [(report_naming(Upload(sent.report_client_id, uuid4(), SHA)), rules)])

    with pytest.raises(NotInManifest):
        run(after(reported, sent))


def test_photos_of_one_report_that_come_at_once_follow_each_other_on_the_trail(run, committing, report):
    photos = [promise(committing, report) for _ in range(12)]

    async def all_at_once(lanes):
        return await asyncio.gather(*(send(lanes, each, new_sealed_key()) for each in photos))

    assert {photo.state for photo in run(all_at_once)} == {"stored"}
    assert [seq for seq, _, _ in noted(committing, report)[1]] == list(range(1, 13))


# --- in the same moment


class Undone(Exception):
    """Rolls a transaction back; carries the task of the rival that waited for it."""


@asynccontextmanager
async def while_waiting(committing, lanes, act, *given):
    """Begin `act` while the block's own work holds what it needs; it must wait. Gives the task, to be awaited after."""
    task = asyncio.create_task(act(lanes, *given))
    until = time.monotonic() + FAST_S / 2
    while await asyncio.to_thread(waiting_for_locks, committing) == 0:
        assert not task.done(), "it did not wait"
        assert time.monotonic() < until
        await asyncio.sleep(0.02)
    yield task


def waiting_for_locks(committing):
    with committing() as session:
        return session.scalar(
            text(
                "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
            )
        )


@pytest.mark.parametrize("named", [True, False])
def test_of_two_that_send_the_same_photo_at_once_the_first_wins(run, committing, report, named):
    sent = promise(committing, report) if named else Upload(uuid4(), uuid4(), SHA)

    async def race(lanes):
        async with lanes.transaction() as connection:
            first = await attach_locked(connection, sent, file_at("sealed/first", 1), now=NOW)
            async with while_waiting(committing, lanes, send, sent, "sealed/second", 2) as rival:
                pass
        return first, await rival

    first, second = run(race)
    assert (first.key, second.key, second.bytes) == ("sealed/first", "sealed/first", 1)
    assert [len(rows) for rows in noted(committing, report)] == ([1, 1, 1] if named else [1, 0, 0])


def test_of_two_that_give_one_id_to_two_photos_the_second_is_refused(run, committing):
    sent = Upload(uuid4(), uuid4(), SHA)

    async def race(lanes):
        async with lanes.transaction() as connection:
            await attach_locked(connection, sent, file_at("sealed/first", 1), now=NOW)
            other = Upload(sent.report_client_id, sent.photo_client_id, OTHER)
            async with while_waiting(committing, lanes, send, other, "sealed/second") as rival:
                pass
        with pytest.raises(PhotoIdReused):
            await rival

    run(race)
    assert noted(committing)[0] == [("waiting", "sealed/first")]


def test_the_second_may_have_it_when_the_first_comes_to_nothing(run, committing, report):
    sent = promise(committing, report)

    async def first(lanes):
        async with lanes.transaction() as connection:
            await attach_locked(connection, sent, file_at("sealed/first", 1), now=NOW)
            async with while_waiting(committing, lanes, send, sent, "sealed/second", 2) as rival:
                raise Undone(rival)

    async def race(lanes):
        with pytest.raises(Undone) as undone:
            await first(lanes)
        return await undone.value.args[0]

    assert run(race).key == "sealed/second"
    assert [len(rows) for rows in noted(committing, report)] == [1, 1, 1]
    assert noted(committing)[0] == [("stored", "sealed/second")]


def test_r9_a_photo_that_meets_the_withdrawal_of_its_report_is_refused(run, committing, report):
    sent = promise(committing, report)

    async def race(lanes):
        with committing() as session:
            session.scalars(select(Report).where(Report.id == report.id).with_for_update()).one().state = "withdrawn"
            session.flush()
            async with while_waiting(committing, lanes, send, sent) as photo:
                pass
        with pytest.raises(Withdrawn):
            await photo

    run(race)
    assert noted(committing, report) == [[("promised", None)], [], []]


def test_r9_a_withdrawal_that_meets_a_photo_comes_after_it_on_the_trail(run, committing, report):
    sent = promise(committing, report)

    async def withdrawn(_lanes):
        await asyncio.to_thread(withdraw, committing, report)

    async def race(lanes):
        async with lanes.transaction() as connection:
            await attach_locked(connection, sent, file_at("sealed/k", 1), now=NOW)
            async with while_waiting(committing, lanes, withdrawn) as rival:
                pass
        await rival

    run(race)
    assert [(seq, kind) for seq, kind, _ in noted(committing, report)[1]] == [(1, "photo_stored"), (2, "withdrawn")]


def test_a_report_that_meets_its_photo_finds_it_stored(run, committing, rules):
    sent = Upload(uuid4(), uuid4(), SHA)

    async def stored(lanes):
        async with lanes.transaction() as connection:
            return await store(connection, [(report_naming(sent), rules)])

    async def race(lanes):
        async with lanes.transaction() as connection:
            await attach_locked(connection, sent, file_at("sealed/k", 1), now=NOW)
            async with while_waiting(committing, lanes, stored) as report:
                pass
        return await report

    (received,) = run(race)
    assert received.photos == {sent.photo_client_id: "stored"}
    assert noted(committing)[0] == [("stored", "sealed/k")]


@pytest.mark.parametrize("sha256", [SHA, OTHER])
def test_a_photo_that_meets_its_report_is_stored_for_it_or_refused_as_another(run, committing, rules, sha256):
    sent = Upload(uuid4(), uuid4(), SHA)

    async def race(lanes):
        async with lanes.transaction() as connection:
            await store(connection, [(report_naming(sent, sha256), rules)])
            async with while_waiting(committing, lanes, send, sent) as photo:
                pass
        return (await asyncio.gather(photo, return_exceptions=True))[0]

    outcome = run(race)
    if sha256 == OTHER:
        assert isinstance(outcome, PhotoIdReused)
        assert noted(committing)[0] == [("promised", None)]
        return
    assert outcome.state == "stored"
    photos, entries, jobs = noted(committing)
    assert photos == [("stored", "sealed/k")]
    assert [(seq, kind) for seq, kind, _ in entries] == [(1, "received"), (2, "photo_stored")]
    assert [step for step, _, _ in jobs] == ["triage", "clean_report_photo"]


def test_twenty_at_once_are_one_photo(run, committing, report):
    sent = promise(committing, report)

    async def rush(lanes):
        return await asyncio.gather(*(send(lanes, sent, f"sealed/{n}") for n in range(20)))

    keys = {photo.key for photo in run(rush)}
    assert len(keys) == 1
    with committing() as session:
        assert session.scalar(select(func.count()).select_from(ReportEvent)) == 1
        assert session.scalars(select(ReportPhoto.storage_key)).all() == list(keys)
