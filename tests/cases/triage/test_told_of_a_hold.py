"""T19: who reported reads that the matter is set aside, and that it goes on; not why, nor by whom (C12)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cases import holds, triage
from cases.models.report import ReportEvent
from tests import desk, make
from tests.cases.holds.holding import held

A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def report(session, walk):
    walk.ordered(days=10)
    return make.joined(session, make.report(session), walk.case, opened=True)


def mirrored(walk):
    walk.now += A_MINUTE
    triage.mirror(walk.session, walk.case.id, now=walk.now)


def heard(session, report):
    of_it = select(ReportEvent).where(ReportEvent.report_id == report.id, ReportEvent.kind == "mirrored")
    return [event.body["stage"] for event in session.scalars(of_it.order_by(ReportEvent.seq))]


def end(walk, hold):
    walk.now += A_MINUTE
    holds.end_hold(walk.session, walk.case, hold, comment="鉴定已出", by=walk.district.supervisor, now=walk.now)


def test_t19_the_hold_and_its_end_are_told_once_each(session, walk, report):
    mirrored(walk)
    before = heard(session, report)
    hold = held(walk)
    assert {job.subject for job in desk.jobs(session, "mirror_reports")} == {walk.case.id}
    for _ in range(2):
        mirrored(walk)
    assert heard(session, report) == [*before, "on_hold"]
    end(walk, hold)
    for _ in range(2):
        mirrored(walk)
    assert heard(session, report) == [*before, "on_hold", "resumed"]


def test_t19_each_hold_is_told_anew_also_after_the_reply(session, walk, report):
    report.state = "replied"
    for _ in range(2):
        hold = held(walk)
        mirrored(walk)
        end(walk, hold)
        mirrored(walk)
    assert [stage for stage in heard(session, report) if stage in {"on_hold", "resumed"}] == ["on_hold", "resumed"] * 2


def test_x42_who_joined_after_the_hold_is_not_told_that_it_ended(session, walk):
    walk.ordered(days=10)
    end(walk, held(walk))
    report = make.joined(session, make.report(session), walk.case)
    mirrored(walk)
    assert not {"on_hold", "resumed"} & set(heard(session, report))


def test_r9_a_withdrawn_report_stays_as_it_was_left(session, walk, report):
    report.state = "withdrawn"
    held(walk)
    mirrored(walk)
    assert heard(session, report) == []
