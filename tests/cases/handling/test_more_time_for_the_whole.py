"""F32, F39, D7: the whole case has more time once, by the safety office, and its reporters are told until when."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from api.mobile.tracking import said
from cases import clocks, deadlines, handling, holds, triage
from cases.deadlines import ExtendedAlready, ExtensionTooLong
from cases.lifecycle.extension import NotExtendable
from cases.lifecycle.guards import NotYourBody, SamePerson, WrongLevel
from cases.models.policy import DeadlineRule
from cases.models.report import ReportEvent
from people.roles import Role
from tests import desk, make
from tests.cases.holds.holding import held
from tests.make import NOW

DAYS_20 = timedelta(days=20)


@pytest.fixture
def ordered(walk):
    return walk.ordered(days=10)


@pytest.fixture
def other(session, district):
    return make.officer(session, district.office, Role.SAFETY_OFFICE)


def total(walk):
    return next(each for each in clocks.running(walk.session, walk.case) if each.kind == "total")


def ask(walk, by=None, *, more=DAYS_20):
    clock = total(walk)
    return handling.request_extension(
        walk.session, walk.case, clock_id=clock.id, new_due_at=clock.due_at + more, reason="处罚案件仍在办理",
        by=by or walk.town.officer, now=walk.now,
    )  # fmt: skip


def grant(walk, wish, by=None):
    by = by or walk.district.supervisor
    return handling.grant_extension(walk.session, walk.case, wish, comment="同意", by=by, now=walk.now)


def mirrored(walk):
    walk.now += timedelta(minutes=1)
    triage.mirror(walk.session, walk.case.id, now=walk.now)


def heard(session, report):
    of_it = select(ReportEvent).where(ReportEvent.report_id == report.id, ReportEvent.kind == "mirrored")
    events = session.scalars(of_it.order_by(ReportEvent.seq)).all()
    return [event for event in events if event.body["stage"] == "extended"]


def test_f39_the_safety_office_grants_it_and_both_dates_are_kept(session, ordered):
    clock = total(ordered)
    first, wish = clock.due_at, ask(ordered)
    office = ordered.district.supervisor
    assert [each.account_id for each in desk.notices(session, "extension_requested")] == [office.account_id]
    assert [each.id for each, _ in handling.extensions_to_decide(session, by=office, limit=9)] == [wish.id]
    assert handling.extensions_to_decide(session, by=ordered.town.leader, limit=9) == []
    with pytest.raises(WrongLevel):
        grant(ordered, wish, by=ordered.town.leader)
    grant(ordered, wish)
    assert (clock.due_at, clock.original_due_at) == (first + DAYS_20, first)
    with pytest.raises(ExtendedAlready):
        ask(ordered)


def test_d7_whoever_handles_it_may_ask_and_so_may_the_office_but_nobody_grants_their_own(ordered, other):
    with pytest.raises(NotYourBody):
        ask(ordered, by=ordered.district.east.officer)
    wish = ask(ordered, by=ordered.district.fire_officer)
    handling.refuse_extension(
        ordered.session, ordered.case, wish, comment="不必", by=ordered.district.supervisor, now=ordered.now
    )
    own = ask(ordered, by=ordered.district.supervisor)
    with pytest.raises(SamePerson):
        grant(ordered, own)
    assert grant(ordered, own, by=other).state == "granted"


@pytest.mark.parametrize(("more", "allowed"), [(30, True), (33, False)])
def test_f32_by_at_most_the_thirty_days_of_its_profile(session, ordered, more, allowed):
    if not allowed:
        with pytest.raises(ExtensionTooLong):
            ask(ordered, more=timedelta(days=more))
        return
    clock = total(ordered)
    grant(ordered, ask(ordered, more=timedelta(days=more)))
    assert clock.due_at - clock.original_due_at == timedelta(days=more)


def test_f32_where_its_profile_gives_no_more_there_is_none(session, ordered):
    session.delete(session.get_one(DeadlineRule, (ordered.case.profile_id, "total_extension", "any")))
    session.flush()
    session.expire_all()
    with pytest.raises(NotExtendable):
        ask(ordered)


def test_f39_every_reporter_of_the_case_reads_the_new_date_once(session, ordered):
    reports = [make.joined(session, make.report(session), ordered.case) for _ in range(2)]
    reports += [make.joined(session, make.report(session), ordered.case, state="replied")]
    gone = make.joined(session, make.report(session), ordered.case, state="withdrawn")
    mirrored(ordered)
    assert [heard(session, each) for each in reports] == [[]] * 3
    grant(ordered, ask(ordered))
    assert {job.subject for job in desk.jobs(session, "mirror_reports")} == {ordered.case.id}
    for _ in range(2):
        mirrored(ordered)
    until = deadlines.last_day(total(ordered).due_at)
    for report in reports:
        (line,) = heard(session, report)
        assert date.fromisoformat(line.body["until"]) == until
        assert f"{until.year}年{until.month}月{until.day}日" in said(line, english=False)
        assert until.isoformat() in said(line, english=True)
        assert "处罚" not in str(line.body)
    assert heard(session, gone) == []


def test_x42_who_joined_afterwards_is_not_told_of_it(session, ordered):
    grant(ordered, ask(ordered))
    report = make.joined(session, make.report(session), ordered.case)
    session.get_one(make.ReportCase, report.id).linked_at = ordered.now + timedelta(minutes=1)
    mirrored(ordered)
    assert heard(session, report) == []


def test_d6_a_hold_that_moves_the_date_is_followed_by_the_date_anew(session, ordered):
    report = make.joined(session, make.report(session), ordered.case)
    grant(ordered, ask(ordered))
    mirrored(ordered)
    hold = held(ordered)
    mirrored(ordered)
    assert len(heard(session, report)) == 1
    ordered.now += timedelta(days=7)
    holds.end_hold(session, ordered.case, hold, comment="鉴定已出", by=ordered.district.supervisor, now=ordered.now)
    mirrored(ordered)
    mirrored(ordered)
    first, second = (line.body["until"] for line in heard(session, report))
    assert second == deadlines.last_day(total(ordered).due_at).isoformat() > first


def test_d7_the_office_asks_for_no_time_of_a_bodys_own(ordered):
    rectify = next(each for each in clocks.running(ordered.session, ordered.case) if each.kind == "rectify")
    with pytest.raises(NotYourBody):
        handling.request_extension(
            ordered.session, ordered.case, clock_id=rectify.id, new_due_at=rectify.due_at + DAYS_20, reason="-",
            by=ordered.district.supervisor, now=NOW,
        )  # fmt: skip
