"""Whatever is missed is found, and what another try helps gets one (security.md 3.3.5)."""

from datetime import timedelta

import pytest
import typer
from sqlalchemy import select, update
from typer.testing import CliRunner

from cases.models.job import Job
from cli.check import check
from kit.storage import store
from tests import make
from tests.make import NOW
from tests.sealing import sealed_photo
from workers import reconciling

LATER = NOW + timedelta(hours=1)


def found(session, *, contents=False, now=LATER):
    return {(each.says, each.times) for each in reconciling.gaps(session, store(), now=now, contents=contents)}


def jobs_of(session, subject):
    return session.scalars(select(Job.step).where(Job.subject == subject, Job.failed_at.is_(None))).all()


def stored(session, report, content=b"x", *, state="stored"):
    return sealed_photo(session, report, content, state=state)


@pytest.fixture
def clean(session):
    session.execute(update(Job).values(done_at=NOW))
    assert found(session) == set()
    return session


def test_what_nobody_is_going_to_do_is_found_and_done_again(clean):
    report = make.report(clean)
    photo = stored(clean, report)
    picture = make.pictures(clean, make.case(clean, make.district(clean).west.org), "near")[0]
    assert found(clean, now=NOW + timedelta(minutes=1)) == set()  # their jobs may be on their way
    assert found(clean) == {
        ("reports are judged by nobody", 1), ("citizens' photos are made ready by nobody", 1),
        ("officers' pictures are made ready by nobody", 1),
    }  # fmt: skip

    assert reconciling.mend(clean, now=LATER) == 3

    assert [jobs_of(clean, each.id) for each in (report, photo, picture)] == [
        ["triage"], ["clean_report_photo"], ["clean_picture"]
    ]  # fmt: skip
    assert found(clean) == set()
    assert reconciling.mend(clean, now=LATER) == 0


def test_what_was_given_up_gets_another_try(clean):
    clean.add(Job(step="triage", created_at=NOW, run_after=NOW, attempts=9, failed_at=NOW, last_error="x"))
    assert found(clean) == {("jobs of triage were given up", 1)}
    assert reconciling.mend(clean, now=LATER) == 1
    job = clean.scalars(select(Job).where(Job.attempts == 9)).one()
    assert (job.failed_at, job.lease_until, job.run_after) == (None, None, LATER)


def test_a_job_that_nobody_takes_is_told_and_one_that_is_tried_again_is_not(clean):
    clean.add(Job(step="triage", created_at=NOW, run_after=NOW, attempts=2))
    assert found(clean) == set()
    clean.add(Job(step="triage", created_at=NOW, run_after=NOW))
    assert {says for says, _ in found(clean)} == {
        "jobs are due and nobody does them: relay, worker or Redis does not run"
    }


def test_a_file_that_is_lost_or_is_another_is_named(clean):
    lost, altered, _whole = (stored(clean, make.report(clean, state="withdrawn"), state="clean") for _ in range(3))
    assert found(clean, contents=True) == set()
    store().delete(lost.storage_key)
    store().delete(altered.storage_key)
    store().put(altered.storage_key, [b"y"], limit_bytes=9)

    assert found(clean) == {(f"file is lost, which photo.storage_key names: {lost.storage_key}", 1)}
    assert found(clean, contents=True) - found(clean) == {(f"file is not what came: {altered.storage_key}", 1)}


def test_the_command_tells_by_its_status_and_mends_when_it_is_told_to(committing, now):
    app = typer.Typer()
    app.command()(check)
    assert CliRunner().invoke(app, ["--contents"]).exit_code == 0
    with committing() as session:
        session.add(Job(step="triage", created_at=NOW, run_after=NOW, failed_at=NOW))
    looked = CliRunner().invoke(app, [])
    assert (looked.exit_code, "jobs of triage were given up" in looked.output) == (1, True)
    mended = CliRunner().invoke(app, ["--mend"])
    assert (mended.exit_code, "1 jobs are tried again now" in mended.output) == (1, True)
    with committing() as session:
        assert session.scalars(select(Job.failed_at)).one() is None
