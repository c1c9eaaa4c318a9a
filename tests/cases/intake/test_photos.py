"""A photo is noted once, whoever else is at it in the same moment: a rival, its report coming, its report withdrawn.

Every transaction here is one of jz_intake's on a lane, as the API has it, and commits for real.
"""

import asyncio
import time
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text

from cases.intake import (
    KNOWN,
    Addition,
    NotInManifest,
    PhotoIdReused,
    Quota,
    SealedFile,
    Upload,
    add,
    already_stored,
    asked,
    attach,
    expected,
    load_rules,
    new_key,
    new_sealed_key,
    store,
    tracking_code,
)
from cases.intake.photos import Withdrawn
from cases.intake.submission import PromisedPhoto
from cases.models.job import Job
from cases.models.report import Report, ReportEvent, ReportPhoto
from kit.lanes import Lanes
from people.vault import SealingKey
from tests import make
from tests.cases.intake.test_store import submission
from tests.conftest import VAULT_PUBLIC_KEY
from tests.make import NOW

SHA = "ab" * 32
OTHER = "cd" * 32
FAST_S = 30.0


@pytest.fixture
def run(committing):
    """Run an async act on lanes of jz_intake, which are closed after."""

    def _run(act, *given):
        async def _on_lanes():
            lanes = Lanes("jz_intake", 3)
            try:
                async with asyncio.timeout(FAST_S):
                    return await act(lanes, *given)
            finally:
                await lanes.close()

        return asyncio.run(_on_lanes())

    return _run


@pytest.fixture
def report(committing):
    with committing() as session:
        made = make.report(session)
        session.expunge(made)
        return made


def promise(committing, report, **facts):
    """A photo that the report names; its upload."""
    photo = Upload(report.client_id, uuid4(), SHA)
    columns = {"state": "promised", "named": True, "bytes": 10} | facts
    with committing() as session:
        session.add(
            ReportPhoto(
                report_client_id=photo.report_client_id, client_id=photo.photo_client_id, sha256=bytes.fromhex(SHA),
                **columns,
            )
        )  # fmt: skip
    return photo


def file_at(key, size):
    return SealedFile(key, b"k" * 32, SealingKey(1, bytes.fromhex(VAULT_PUBLIC_KEY)), size)


async def send(lanes, sent, key="sealed/k", size=1234):
    async with lanes.transaction() as connection:
        return await attach(connection, sent, file_at(key, size), now=NOW)


async def expect(lanes, sent):
    return expected(sent, await lanes.row(KNOWN, asked(sent)))


def noted(committing, report=None):
    """The photos with their states and keys, the kinds on the report's trail, and the jobs."""
    with committing() as session:
        photos = session.execute(select(ReportPhoto.state, ReportPhoto.storage_key).order_by(ReportPhoto.storage_key))
        entries = select(ReportEvent.seq, ReportEvent.kind, ReportEvent.body).order_by(ReportEvent.seq)
        if report is not None:
            entries = entries.where(ReportEvent.report_id == report.id)
        jobs = select(Job.step, Job.subject, Job.run_after).order_by(Job.id)
        return [list(map(tuple, rows)) for rows in (photos, session.execute(entries), session.execute(jobs))]


def id_of(committing, sent):
    with committing() as session:
        return session.scalar(select(ReportPhoto.id).where(ReportPhoto.client_id == sent.photo_client_id))


# --- in any order, once


def test_a_promised_photo_is_noted_with_its_entry_and_its_job(run, committing, report):
    sent = promise(committing, report)
    assert run(expect, sent) is None
    photo = run(send, sent, "sealed/k")
    assert (photo.state, photo.bytes, photo.key, already_stored(photo)) == ("stored", 1234, "sealed/k", "stored")
    photo_id = id_of(committing, sent)
    assert noted(committing, report) == [
        [("stored", "sealed/k")],
        [(1, "photo_stored", {"photo": str(photo_id)})],
        [("clean_report_photo", photo_id, NOW)],
    ]


def test_entries_of_several_photos_follow_each_other(run, committing, report):
    for _ in range(3):
        run(send, promise(committing, report), new_key())
    assert [(seq, kind) for seq, kind, _ in noted(committing, report)[1]] == [(n, "photo_stored") for n in (1, 2, 3)]


def test_a_photo_that_is_sent_twice_is_kept_once_and_the_first_file_wins(run, committing, report):
    sent = promise(committing, report)
    run(send, sent, "sealed/first", 1)
    assert run(send, sent, "sealed/second", 2).key == "sealed/first"
    known = run(expect, sent)
    assert (known.state, known.bytes, already_stored(known)) == ("stored", 1, "stored")
    assert [len(rows) for rows in noted(committing, report)] == [1, 1, 1]


def test_a_photo_that_comes_before_its_report_waits(run, committing):
    photo = run(send, Upload(uuid4(), uuid4(), SHA))
    assert (photo.state, already_stored(photo)) == ("waiting", "waiting")
    assert noted(committing) == [[("waiting", "sealed/k")], [], []]


def test_one_that_was_let_go_after_its_days_of_waiting_may_come_again(run, committing):
    sent = Upload(uuid4(), uuid4(), SHA)
    run(send, sent)
    with committing() as session:
        session.execute(text("update intake.photo set state = 'expired', storage_key = null"))
    assert run(send, sent, "sealed/again").state == "waiting"
    assert noted(committing)[0] == [("waiting", "sealed/again")]


# --- what is refused, before its bytes come and after


@pytest.mark.parametrize("act", [expect, send])
def test_a_photo_with_other_content_under_the_same_id_is_refused(run, committing, report, act):
    sent = promise(committing, report)
    with pytest.raises(PhotoIdReused):
        run(act, Upload(sent.report_client_id, sent.photo_client_id, OTHER))
    run(send, sent)
    with pytest.raises(PhotoIdReused):
        run(act, Upload(sent.report_client_id, sent.photo_client_id, OTHER))
    assert [len(rows) for rows in noted(committing, report)] == [1, 1, 1]


@pytest.mark.parametrize("act", [expect, send])
def test_a_photo_that_its_report_does_not_name_is_refused(run, committing, report, act):
    with pytest.raises(NotInManifest):
        run(act, Upload(report.client_id, uuid4(), SHA))
    assert noted(committing, report) == [[], [], []]


@pytest.mark.parametrize("act", [expect, send])
def test_at_most_nine_photos_wait_for_a_report_that_has_not_come(run, act):
    report_id = uuid4()
    for _ in range(9):
        run(send, Upload(report_id, uuid4(), SHA), new_sealed_key())
    with pytest.raises(Quota) as refusal:
        run(act, Upload(report_id, uuid4(), SHA))
    assert refusal.value.retryable
    assert run(expect, Upload(uuid4(), uuid4(), SHA)) is None


@pytest.mark.parametrize("act", [expect, send])
def test_nothing_is_taken_for_a_withdrawn_report(run, committing, report, act):
    sent = promise(committing, report)
    withdraw(committing, report)
    with pytest.raises(Withdrawn):
        run(act, sent)


@pytest.mark.parametrize("made", [new_key, new_sealed_key])
def test_a_storage_key_says_nothing_of_its_photo(made):
    assert len({made() for _ in range(100)}) == 100


# --- in the same moment


class Undone(Exception):
    """Rolls a transaction back; carries the task of the rival that waited for it."""


def withdraw(committing, report):
    parts = {"client_id": uuid4(), "fingerprint": b"\1" * 32, "question_id": None, "text": ""}
    with committing() as session:
        add(session, Addition(typed_code=tracking_code(report.client_id), kind="withdrawal", **parts), now=NOW)


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
            first = await attach(connection, sent, file_at("sealed/first", 1), now=NOW)
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
            await attach(connection, sent, file_at("sealed/first", 1), now=NOW)
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
            await attach(connection, sent, file_at("sealed/first", 1), now=NOW)
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
            await attach(connection, sent, file_at("sealed/k", 1), now=NOW)
            async with while_waiting(committing, lanes, withdrawn) as rival:
                pass
        await rival

    run(race)
    assert [(seq, kind) for seq, kind, _ in noted(committing, report)[1]] == [(1, "photo_stored"), (2, "withdrawn")]


def _report_naming(sent, sha256=SHA):
    photo = PromisedPhoto(sent.photo_client_id, sha256, 1234, "camera", None)
    return submission(client_id=sent.report_client_id, photos=(photo,))


@pytest.fixture
def rules(committing):
    with committing() as session:
        make.district(session)
        session.flush()
        return load_rules(session, NOW)


def test_a_report_that_meets_its_photo_finds_it_stored(run, committing, rules):
    sent = Upload(uuid4(), uuid4(), SHA)

    async def stored(lanes):
        async with lanes.transaction() as connection:
            return await store(connection, [(_report_naming(sent), rules)])

    async def race(lanes):
        async with lanes.transaction() as connection:
            await attach(connection, sent, file_at("sealed/k", 1), now=NOW)
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
            await store(connection, [(_report_naming(sent, sha256), rules)])
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
