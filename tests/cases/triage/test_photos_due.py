"""R3: promised photos that do not come are told to the desk, each once, after the minutes of the district."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from cases import intake, triage
from cases.intake import Addition
from cases.intake.submission import PromisedPhoto
from cases.models.report import ReportEvent
from tests import make
from tests.desk import jobs, notices, waiting
from tests.make import NOW

MINUTE = timedelta(minutes=1)
SHA = "ab" * 32


def due(session, report):
    return [job.run_after for job in jobs(session, "photos_due") if job.subject == report.id]


def told(session, report):
    found = select(ReportEvent.body).where(ReportEvent.report_id == report.id, ReportEvent.kind == "photos_missing")
    return [body["photos"] for body in session.scalars(found)]


def missing(session, report):
    return triage.how_many_missing(session, [report])[report.id]


@pytest.mark.parametrize("minutes", [15, 40])
def test_the_desk_hears_of_photos_that_have_not_come_after_the_districts_minutes(session, district, minutes):
    make.value(session, "photos_wait_min", minutes)
    report = make.report(session, make.OUTSIDE)
    late, came = make.promised(session, report), make.promised(session, report)
    triage.judge(session, report.id, now=NOW)
    assert due(session, report) == [NOW + minutes * MINUTE]
    came.state = "stored"
    for _ in range(2):
        triage.photos_due(session, report.id, now=NOW + minutes * MINUTE)
    assert told(session, report) == [[str(late.id)]]
    assert [each.org_id for each in notices(session, "photos_missing")] == [district.office.id]
    assert missing(session, report) == 1
    late.state = "clean"
    session.flush()
    assert missing(session, report) == 0


def test_a_report_whose_photos_are_all_there_is_not_looked_at_again(session, district):
    report = make.report(session)
    make.promised(session, report, state="stored", storage_key="k")
    triage.judge(session, report.id, now=NOW)
    assert due(session, report) == []


def test_r3_a_photo_that_an_answer_promised_is_awaited_as_well(session, district):
    report = waiting(session)
    photo = PromisedPhoto(uuid4(), SHA, 10, "camera", None)
    body = Addition(
        uuid4(), b"\1" * 32, intake.tracking_code(report.client_id), "supplement", None, "补拍", photos=(photo,)
    )
    intake.add(session, body, now=NOW)
    assert due(session, report) == [NOW + 15 * MINUTE]
    triage.photos_due(session, report.id, now=NOW + 15 * MINUTE)
    assert (len(told(session, report)), missing(session, report)) == (1, 1)


def test_of_a_report_that_has_ended_nobody_is_told(session, district):
    report = waiting(session)
    make.promised(session, report)
    body = Addition(uuid4(), b"\1" * 32, intake.tracking_code(report.client_id), "withdrawal", None, "")
    intake.add(session, body, now=NOW)
    triage.photos_due(session, report.id, now=NOW + 15 * MINUTE)
    assert told(session, report) == []
    assert jobs(session, "photos_due") == []
