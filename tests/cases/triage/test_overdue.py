"""The desk's own lateness climbs the ladder (D8): each rung once, told to the desk and its director (D5), no town's."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from cases import triage
from cases.models.case import Notice
from cases.models.report import ReportEvent
from cases.models.supervision import Escalation, Interview, UrgeOrder
from people.leaders import Naming, assign
from tests import make
from tests.desk import accepted, waiting
from tests.make import NOW, OUTSIDE

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
RUNGS = ["alert", "reminder", "urge_order", "interview", "listing_candidate"]
# When each rung comes after the deadline: Tuesday 1 December, 24:00; two weekends lie within.
AFTER = {"normal": [0 * DAY, 1 * DAY, 3 * DAY, 7 * DAY, 14 * DAY], "immediate": [n * HOUR for n in (0, 1, 2, 4, 8)]}


@pytest.fixture
def director(session, district):
    """Who is entered as the office's leader, with an account."""
    made = make.officer(session, district.office)
    naming = Naming(
        district.office.id, "某", "主任", "government", "安全生产", NOW.date() - DAY, account_id=made.account_id
    )
    assign(session, naming, by=district.supervisor, now=NOW)
    return made


def undecided(session, urgency):
    facts = {"deaths": True} if urgency == "immediate" else {"emergency": "none", "urgency": urgency}
    report = waiting(session, OUTSIDE, **({"emergency": "none"} | facts))
    return report, report.accept_due_at, "decision_overdue"


def unreplied(session, district, urgency):
    report = accepted(session, district)
    report.urgency, report.outcome = urgency, "substantiated"
    report.reply_due_at = NOW.replace(hour=16) + 7 * DAY
    session.flush()
    return report, report.reply_due_at, "reply_overdue"


@pytest.fixture(params=["decision", "reply"])
def late(request, session, district):
    def _late(urgency):
        return undecided(session, urgency) if request.param == "decision" else unreplied(session, district, urgency)

    return _late


def strike(session, now):
    """What the sweep finds, and the job of each."""
    found = triage.find_late(session, now=now, limit=10)
    for report_id in found:
        triage.urge_desk(session, report_id, now=now)
    session.flush()
    return len(found)


def rungs(session, report, kind):
    rows = select(ReportEvent).where(ReportEvent.report_id == report.id, ReportEvent.kind == kind)
    return [row.body["rung"] for row in session.scalars(rows.order_by(ReportEvent.seq))]


def told(session, kind):
    rows = session.execute(select(Notice.account_id, Notice.text).where(Notice.kind == kind).order_by(Notice.id))
    return [tuple(row) for row in rows]


@pytest.mark.parametrize("urgency", AFTER)
def test_d8_each_rung_comes_at_its_instant_once_and_reaches_the_desk_and_its_director(
    session, district, director, late, urgency
):
    report, due_at, kind = late(urgency)
    for number, after in enumerate(AFTER[urgency]):
        strike(session, due_at + after - timedelta(seconds=1))
        assert rungs(session, report, kind) == RUNGS[:number]
        assert strike(session, due_at + after) == 1
        for seconds in (0, 30, 60):
            assert strike(session, due_at + after + timedelta(seconds=seconds)) == 0
        triage.urge_desk(session, report.id, now=due_at + after)  # a job that comes twice
        assert rungs(session, report, kind) == RUNGS[: number + 1]
        new = told(session, kind)[2 * number :]
        assert [account for account, _ in new] == [None, director.account_id]
        assert len({text for _, text in told(session, kind)}) == number + 1
    assert strike(session, due_at + 100 * DAY) == 0
    for table in (UrgeOrder, Interview, Escalation):  # it neither orders nor interviews itself (X53)
        assert session.scalar(select(func.count()).select_from(table)) == 0


def test_a_dead_beat_makes_up_for_every_rung_and_says_so_once(session, district, director, late):
    report, due_at, kind = late("normal")
    assert strike(session, due_at + 4 * DAY) == 1
    assert rungs(session, report, kind) == RUNGS[:3]
    assert [account for account, _ in told(session, kind)] == [None, director.account_id]
    reached = select(ReportEvent.body["reached_at"].astext).where(ReportEvent.kind == kind).order_by(ReportEvent.seq)
    assert session.scalars(reached).all() == [(due_at + after).isoformat() for after in AFTER["normal"][:3]]


def test_a_clock_that_jumps_ahead_and_back_tells_nothing_twice(session, district, late):
    report, due_at, kind = late("normal")
    strike(session, due_at + 2 * DAY)
    for days in (0, 1, 2):
        assert strike(session, due_at + days * DAY) == 0
        triage.urge_desk(session, report.id, now=due_at + days * DAY)
    assert rungs(session, report, kind) == RUNGS[:2]


def test_m19_a_thousand_that_are_late_say_so_once_a_day_each_on_its_own_trail(session, district):
    many = [undecided(session, "normal") for _ in range(5)]
    strike(session, many[0][1])
    assert [rungs(session, report, kind) for report, _, kind in many] == [["alert"]] * 5
    assert len(told(session, "decision_overdue")) == 1
    strike(session, many[0][1] + DAY)
    assert len(told(session, "decision_overdue")) == 2


def test_without_a_director_the_desk_alone_is_told(session, district, late):
    _, due_at, kind = late("normal")
    strike(session, due_at)
    assert [account for account, _ in told(session, kind)] == [None]


def test_d8_what_was_decided_or_told_climbs_no_further(session, district, late):
    report, due_at, kind = late("normal")
    strike(session, due_at)
    report.state = "withdrawn"
    session.flush()
    assert strike(session, due_at + 20 * DAY) == 0
    assert rungs(session, report, kind) == ["alert"]


def test_r2_the_sweep_sends_out_an_emergency_whose_own_job_was_lost(session, district):
    report = waiting(session)
    triage.mark_seen(session, report, by=district.intake, now=NOW)
    strike(session, report.accept_due_at)
    assert report.state == "accepted"
    assert told(session, "decision_overdue") == []
