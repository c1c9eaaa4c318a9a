"""What is called a flood, what is held and for how long, and two desks that join the same reports at once."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from cases import triage
from cases.intake import load_rules
from cases.models.case import Notice
from cases.models.decisions import Merge
from cases.models.job import Job
from cases.models.report import SITE_FLOOD, SLOW_LANE, Report, ReportCase
from geo.points import Point
from tests import make
from tests.cases.test_races import at_once
from tests.desk import accepted, case_of
from tests.make import IN_WEST, NOW
from workers import duty, mirroring

DUE = NOW + timedelta(hours=25)


def crowd(session, number, at=IN_WEST, **facts):
    reports = [make.report(session, at, **facts) for _ in range(number)]
    for report in reports:
        triage.judge(session, report.id, now=NOW)
    return reports


def test_the_twenty_first_within_an_hour_is_of_a_flood(session, district):
    accepted(session, district)
    assert [report.waits_for for report in crowd(session, 22)] == ["possible_duplicate"] * 20 + [SITE_FLOOD] * 2


def test_those_of_yesterday_and_of_another_place_make_none(session, district):
    accepted(session, district)
    crowd(session, 20, received_at=NOW - timedelta(hours=2))
    crowd(session, 20, Point(IN_WEST.lon + 0.005, IN_WEST.lat))
    assert crowd(session, 1)[0].waits_for == "possible_duplicate"


@pytest.mark.parametrize(("facts", "why"), [
    ({"emergency": "trapped"}, "emergency"), ({"deaths": True}, "death"), ({"text": "村支书家的仓库"}, "official"),
])  # fmt: skip
def test_in_a_flood_what_is_graver_is_called_by_its_name(session, district, facts, why):
    """X33, X34, Q10."""
    accepted(session, district)
    crowd(session, 21)
    assert crowd(session, 1, **facts)[0].waits_for == why


def test_what_is_held_is_due_within_a_day_whatever_the_calendar_says(session, district):
    rules = load_rules(session, NOW)
    friday = NOW + timedelta(days=3, hours=8)  # Friday, 18:00 in Shanghai
    for urgency in ("immediate", "urgent", "normal"):
        usual, held = rules.review_due(urgency, friday), rules.review_due(urgency, friday, held=True)
        assert held == min(usual, friday + timedelta(hours=24))
    assert rules.review_due("normal", friday) > friday + timedelta(hours=24)


def test_a_held_report_that_nobody_looked_at_alarms_the_duty_list_once_an_hour(session, district):
    """It never ends in silence, and a thousand of them do not drown the one alarm that matters."""
    held = crowd(session, 3, waits_for=SLOW_LANE, received_at=NOW - timedelta(hours=25))
    plain = make.report(session, waits_for="border", state="in_review")

    def alarm(report, now):
        triage.review_due(session, report.id, now=now)
        duty.tell_duty(session, report.id, now=now)

    for report in held:
        alarm(report, NOW)
    alarm(plain, DUE)
    kinds = [row for row in session.scalars(select(Notice.kind).order_by(Notice.id)) if row.endswith("overdue")]
    assert kinds == ["held_overdue", "review_overdue"]
    duty.tell_duty(session, held[0].id, now=NOW + timedelta(minutes=61))
    again = select(func.count()).where(Notice.kind == "held_overdue")
    assert session.scalar(again) == 2
    assert {report.state for report in held} == {"in_review"}  # nothing was decided by the clock
    assert triage.board(session, now=DUE).held.overdue == 3


def test_a_person_who_has_looked_stops_the_first_clock_and_neither_the_count_nor_the_time_to_decide(session, district):
    (report,) = crowd(session, 1, waits_for=SLOW_LANE)
    triage.mark_seen(session, report, by=district.intake, now=NOW)
    session.flush()
    held = triage.board(session, now=DUE).held
    assert report.accept_due_at > DUE
    assert (held.waiting, held.overdue, held.next_due_at) == (1, 0, report.accept_due_at)
    assert triage.board(session, now=report.accept_due_at).held.overdue == 1


def test_what_a_flood_asks_for_is_mirrored_once(session, district):
    case = case_of(session, accepted(session, district))
    rows = [triage.ChosenReport(report.id, report.version) for report in crowd(session, 5)]
    answers = triage.merge_all(session, case.id, rows, evidence="同一处", by=district.intake, now=NOW)
    assert [answer.code for answer in answers] == [None] * 5
    waiting = select(func.count()).where(Job.step == "mirror_reports", Job.subject == case.id, Job.done_at.is_(None))
    assert session.scalar(waiting) >= 5
    mirroring.mirror_reports(session, case.id, now=NOW)
    assert session.scalar(waiting) == 0
    assert session.scalar(select(func.count()).select_from(Merge)) == 5


def test_two_desks_that_join_the_same_reports_at_once_join_each_once(committing):
    with committing() as session:
        district = make.district(session)
        case = case_of(session, accepted(session, district))
        rows = [triage.ChosenReport(report.id, report.version) for report in crowd(session, 12)]
        case_id = case.id
    done = []

    def join(chosen):
        with committing() as session:
            answers = triage.merge_all(session, case_id, chosen, evidence="同一处", by=district.intake, now=NOW)
            done.append([answer.report_id for answer in answers if answer.code is None])

    assert at_once(lambda: join(rows), lambda: join(rows[::-1])) == [None, None]
    with committing() as session:
        assert sorted(len(each) for each in done) == [0, 12]
        assert session.scalar(select(func.count()).select_from(ReportCase)) == 13
        assert session.scalar(select(func.count()).where(Report.state == "accepted")) == 13
