"""D-total (C5, F32, F39): the time of a whole case runs from the report to its reply, not from the dispatch."""

from datetime import UTC, timedelta

import pytest
from sqlalchemy import select

from cases import clocks, routing, supervision, triage
from cases.models.supervision import BulletinEntry, Escalation, Interview, ListingCandidate, UrgeOrder
from cases.routing import place
from people.actors import SYSTEM
from tests import desk, make
from tests.cases.test_golden import instant, rows
from tests.make import NOW

CATEGORIES = {"normal": "FIR-04", "urgent": "FIR-02"}
A_DAY = timedelta(days=1)


def total_of(session, case):
    return next(each for each in clocks.running(session, case) if each.kind == "total")


def accepted(session, district, report, *, now, join=None):
    where = place(session, report)
    return triage.accept(
        session, report, where, category_code=report.category_code, by=district.intake, now=now, join=join
    )


@pytest.mark.parametrize("row", rows("total"))
def test_f39_the_whole_ends_where_it_was_counted_by_hand_from_the_report(session, district, row):
    reported, dispatched = instant(row["reported"]), instant(row["dispatched"])
    report = make.report(session, state="in_review", category=CATEGORIES[row["urgency"]], received_at=reported)

    case = accepted(session, district, report, now=dispatched)

    clock = total_of(session, case)
    assert (clock.due_at, clock.original_due_at) == (instant(row["due"]).astimezone(UTC),) * 2
    assert clock.started_at == instant(row["reported"].partition("T")[0] + "T00:00")  # the day, not the minute (Q2)
    others = [each for each in clocks.running(session, case) if each.kind != "total"]
    assert {each.started_at for each in others} == {dispatched}


def test_a_case_without_a_report_has_its_whole_time_from_the_dispatch(session, district):
    case = make.case(session)
    routing.dispatch(session, case, to=district.west.org, by=SYSTEM, now=NOW)
    assert total_of(session, case).started_at == NOW


@pytest.mark.parametrize("days", [-9, 9], ids=["an older report", "a later report"])
def test_x42_a_report_that_joins_does_not_move_the_date_that_was_shown(session, district, days):
    case = accepted(session, district, make.report(session, state="in_review", received_at=NOW - 2 * A_DAY), now=NOW)
    shown = total_of(session, case).due_at

    other = make.report(session, state="in_review", received_at=NOW + days * A_DAY)
    accepted(session, district, other, now=NOW + 10 * A_DAY, join=case)

    clock = total_of(session, case)
    assert (clock.due_at, clock.original_due_at) == (shown, shown)


def test_x53_what_the_desk_let_run_out_is_held_against_no_town(session, district):
    report = make.report(session, state="in_review", received_at=NOW - 45 * A_DAY)
    case = accepted(session, district, report, now=NOW)
    clock = total_of(session, case)
    assert clock.due_at < NOW

    supervision.climb(session, case, now=NOW + timedelta(minutes=1))

    rungs = set(session.scalars(select(Escalation.rung).where(Escalation.clock_id == clock.id)))
    assert {"alert", "urge_order", "interview", "listing_candidate"} <= rungs
    for table in (UrgeOrder, Interview, BulletinEntry, ListingCandidate):
        assert session.scalars(select(table)).all() == []
    told = {each.account_id for each in desk.notices(session, "overdue")}
    assert told == {district.supervisor.account_id}
