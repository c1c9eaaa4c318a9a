"""R6, M52: of what was not accepted a share is looked at again by other people, and what was wrong is decided anew."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from cases import lots, provisional, triage
from cases.access import NotTheOffice
from cases.lifecycle import recheck as machine
from cases.lifecycle.beside import NEW
from cases.lifecycle.guards import Incomplete, SamePerson
from cases.lifecycle.machine import NotInState, NotYourRole
from cases.lifecycle.recheck import RECHECK_MOVES
from cases.models.calendars import ProvisionalDate
from cases.models.decisions import Refusal
from cases.models.reply import RECHECK_STATES, RecheckDraw
from cases.policy.calendar_years import enter_year
from cases.triage.recheck import NoSuchRecheck
from kit.errors import Stale, Unconditional
from people.actors import Actor
from people.roles import Role
from tests import make
from tests.desk import entries, jobs, notices
from tests.make import NOW
from tests.refusals import all_are_drawn, rechecks, refused, second_of

DECEMBER = datetime(2026, 12, 1, 2, tzinfo=UTC)  # November is over


@pytest.fixture
def drawn(session, district):
    """A report refused in November and drawn on 1 December, with its re-check."""
    all_are_drawn(session)
    report = refused(session, district)
    triage.draw_rechecks(session, now=DECEMBER)
    (recheck,) = rechecks(session)
    return report, recheck


def test_r6_m52_a_tenth_of_a_month_is_drawn_and_can_be_drawn_again(session, district):
    second = second_of(session, district)
    reports = [refused(session, district, second=second) for _ in range(25)]
    refused(session, district, second=second, now=DECEMBER)  # of a month that is not over
    triage.draw_rechecks(session, now=DECEMBER)
    kept = session.scalars(select(RecheckDraw).where(RecheckDraw.period == "2026-11")).one()
    theirs = select(Refusal.id).where(Refusal.report_id.in_([each.id for each in reports]))
    assert kept.pool == sorted(str(each) for each in session.scalars(theirs))
    assert len(kept.drawn) == 3  # a tenth, rounded up
    assert lots.draw(kept.seed, kept.pool, share=kept.share) == kept.drawn
    found = rechecks(session)
    assert sorted(str(each.refusal_id) for each in found) == sorted(kept.drawn)
    assert {(each.state, each.why, each.draw_id) for each in found} == {("due", "sample", kept.id)}
    told = notices(session, "recheck_drawn")
    assert [each.account_id for each in told] == [district.supervisor.account_id]
    assert "3 件" in told[0].text


def test_a_month_is_drawn_once_and_what_was_decided_otherwise_is_not_in_it(session, district):
    all_are_drawn(session)
    report = refused(session, district)
    report.state = "in_review"
    session.flush()
    triage.draw_rechecks(session, now=DECEMBER)
    report.state = "not_accepted"
    session.flush()
    triage.draw_rechecks(session, now=DECEMBER)
    assert rechecks(session) == []


def test_r6_only_what_a_second_person_confirmed_is_a_refusal(session, district):
    all_are_drawn(session)
    report = refused(session, district)
    session.scalars(select(Refusal).where(Refusal.report_id == report.id)).one().state = "overtaken"
    session.flush()
    triage.draw_rechecks(session, now=DECEMBER)
    assert rechecks(session) == []


def test_r6_ten_working_days_are_given_and_then_the_district_is_told(session, district, drawn):
    report, recheck = drawn
    assert recheck.due_at == datetime(2026, 12, 15, 16, tzinfo=UTC)  # 24:00 of the tenth working day
    triage.urge_desk(session, report.id, now=recheck.due_at - timedelta(seconds=1))
    assert notices(session, "recheck_overdue") == []
    assert triage.find_late(session, now=recheck.due_at, limit=5) == [report.id]
    for _ in range(2):
        triage.urge_desk(session, report.id, now=recheck.due_at)
    assert len(notices(session, "recheck_overdue")) == 1
    triage.urge_desk(session, report.id, now=recheck.due_at + timedelta(hours=23))  # by the day, whatever it is about
    assert len(notices(session, "recheck_overdue")) == 1
    triage.urge_desk(session, report.id, now=recheck.due_at + timedelta(hours=24))
    assert len(notices(session, "recheck_overdue")) == 2


def test_a_recheck_that_was_made_is_not_overdue(session, district, drawn):
    report, recheck = drawn
    triage.uphold_refusal(session, recheck, report, note="确属纠纷", by=district.supervisor, now=DECEMBER)
    triage.urge_desk(session, report.id, now=recheck.due_at)
    assert notices(session, "recheck_overdue") == []


def test_r6_upheld_it_stays_as_it_is_and_its_reporter_reads_nothing_new(session, district, drawn):
    report, recheck = drawn
    triage.uphold_refusal(session, recheck, report, note="确属纠纷", by=district.supervisor, now=DECEMBER)
    assert (report.state, recheck.state, recheck.note) == ("not_accepted", "confirmed", "确属纠纷")
    assert (recheck.decided_by, recheck.decided_at) == (district.supervisor.account_id, DECEMBER)
    assert entries(session, report)[-1] == "refusal_upheld"


def test_r6_overturned_the_report_is_on_the_desk_with_the_whole_time_of_a_new_one(session, district, drawn):
    report, recheck = drawn
    before = report.version
    triage.overturn_refusal(session, recheck, report, note="照片可见通道被堵", by=district.supervisor, now=DECEMBER)
    assert (report.state, report.waits_for, report.seen_at) == ("in_review", "overturned", None)
    assert report.version == before + 1
    assert report.review_due_at == DECEMBER + timedelta(minutes=5)  # an immediate one
    assert triage.waiting(session, limit=5) == [report]
    assert jobs(session, "review_due")[-1].run_after == report.review_due_at
    assert [each.text for each in notices(session, "refusal_overturned")] == [
        "有不予受理件经复查退回受理台，请重新决定"
    ]


def test_r2_a_report_that_came_back_is_alarmed_about_as_a_new_one(session, district, drawn):
    """Also where nobody had looked in time at its first coming."""
    report, recheck = drawn
    report.seen_at = None
    report.state = "in_review"
    triage.review_due(session, report.id, now=report.review_due_at)
    report.state = "not_accepted"
    triage.overturn_refusal(session, recheck, report, note="有隐患", by=district.supervisor, now=DECEMBER)
    before = entries(session, report).count("review_overdue")
    triage.review_due(session, report.id, now=report.review_due_at)
    triage.review_due(session, report.id, now=report.review_due_at)  # a job that comes twice
    assert entries(session, report).count("review_overdue") == before + 1


def test_f39_the_time_to_decide_runs_from_the_moment_it_came_back(session, district, drawn):
    report, recheck = drawn
    report.urgency = "normal"
    triage.overturn_refusal(session, recheck, report, note="有隐患", by=district.supervisor, now=DECEMBER)
    assert report.accept_due_at == datetime(2026, 12, 8, 16, tzinfo=UTC)  # five working days, not from November


def test_r6_what_was_refused_wrongly_is_refused_again_by_others_and_looked_at_again_for_sure(session, district, drawn):
    report, recheck = drawn
    first = session.get_one(Refusal, recheck.refusal_id)
    wrong = Actor("officer", "x", first.decided_by, district.office.id, "district", district.intake.roles)
    triage.overturn_refusal(session, recheck, report, note="有隐患", by=district.supervisor, now=DECEMBER)
    again = triage.propose_refusal(
        session, report, reason="not_safety", text="-", evidence="", by=second_of(session, district), now=DECEMBER
    )
    for who in (wrong, district.intake):
        with pytest.raises(SamePerson):
            triage.confirm_refusal(session, report, again.id, by=who, now=DECEMBER)
    triage.confirm_refusal(session, report, again.id, by=second_of(session, district), now=DECEMBER)
    make.value(session, "return_resample_share", 0)
    triage.draw_rechecks(session, now=datetime(2027, 1, 1, 2, tzinfo=UTC))
    assert [(each.why, each.refusal_id) for each in rechecks(session) if each.state == "due"] == [("again", again.id)]


def test_c2_who_had_a_hand_in_it_does_not_look_again(session, district, drawn):
    report, recheck = drawn
    refusal = session.get_one(Refusal, recheck.refusal_id)
    for account_id in (refusal.proposed_by, refusal.decided_by):
        both = Actor(
            "officer", "x", account_id, district.office.id, "district",
            frozenset({Role.INTAKE_OFFICER, Role.SAFETY_OFFICE}),
        )  # fmt: skip
        for act in (triage.uphold_refusal, triage.overturn_refusal):
            with pytest.raises(SamePerson):
                act(session, recheck, report, note="-", by=both, now=DECEMBER)
    assert (report.state, recheck.state) == ("not_accepted", "due")


def test_c2_who_rejected_an_earlier_proposal_has_said_what_they_think_already(session, district):
    all_are_drawn(session)
    report = refused(session, district)
    rejecting = make.officer(session, district.office, Role.INTAKE_OFFICER, Role.SAFETY_OFFICE)
    session.add(
        Refusal(
            report_id=report.id, reason_code="untrue", text="-", evidence="-", state="rejected", version=2,
            proposed_by=district.intake.account_id, proposed_at=NOW, decided_by=rejecting.account_id,
            decided_at=NOW,
        )
    )  # fmt: skip
    triage.draw_rechecks(session, now=DECEMBER)
    (recheck,) = rechecks(session)
    with pytest.raises(SamePerson):
        triage.overturn_refusal(session, recheck, report, note="-", by=rejecting, now=DECEMBER)


@pytest.mark.parametrize("note", ["", " \n"])
def test_r6_it_is_said_in_words(session, district, drawn, note):
    report, recheck = drawn
    for act in (triage.uphold_refusal, triage.overturn_refusal):
        with pytest.raises(Incomplete):
            act(session, recheck, report, note=note, by=district.supervisor, now=DECEMBER)


def test_r6_decided_is_decided(session, district, drawn):
    report, recheck = drawn
    triage.uphold_refusal(session, recheck, report, note="-", by=district.supervisor, now=DECEMBER)
    for act in (triage.uphold_refusal, triage.overturn_refusal):
        with pytest.raises(NotInState):
            act(session, recheck, report, note="-", by=district.supervisor, now=DECEMBER)
    with pytest.raises(NoSuchRecheck):
        triage.read_recheck(session, recheck.id, by=district.supervisor, now=DECEMBER)


def test_m07_c12_it_is_the_safety_office_that_looks_and_nobody_else(session, district, drawn):
    report, recheck = drawn
    watcher = make.officer(session, district.office, Role.DISCIPLINE)
    for stranger in (district.intake, district.west.leader, district.fire_leader, watcher):
        with pytest.raises(NotTheOffice):
            triage.rechecks_due(session, by=stranger, limit=5)
        with pytest.raises(NotTheOffice):
            triage.recheck_draw(session, "2026-11", by=stranger)
        with pytest.raises(NotTheOffice):
            triage.read_recheck(session, recheck.id, by=stranger, now=DECEMBER)
        with pytest.raises(NotTheOffice):
            triage.lock_recheck(session, recheck.id, by=stranger, expected_version=1)
        for act in (triage.uphold_refusal, triage.overturn_refusal):
            with pytest.raises(NotYourRole):
                act(session, recheck, report, note="-", by=stranger, now=DECEMBER)
    assert triage.recheck_draw(session, "2026-11", by=district.supervisor).drawn == [str(recheck.refusal_id)]
    assert triage.recheck_draw(session, "2020-01", by=district.supervisor) is None


def test_f57_who_reads_a_report_to_look_again_is_written_down_once(session, district, drawn):
    report, recheck = drawn
    other = make.officer(session, district.office, Role.SAFETY_OFFICE)
    for who in (district.supervisor, district.supervisor, other):
        found = triage.read_recheck(session, recheck.id, by=who, now=DECEMBER)
        assert found == (recheck, report, session.get_one(Refusal, recheck.refusal_id))
    assert entries(session, report).count("recheck_read") == 2


def test_a_recheck_is_decided_in_the_version_that_was_seen(session, district, drawn):
    _, recheck = drawn
    who = district.supervisor
    with pytest.raises(Unconditional):
        triage.lock_recheck(session, recheck.id, by=who, expected_version=None)
    with pytest.raises(Stale):
        triage.lock_recheck(session, recheck.id, by=who, expected_version=2)
    with pytest.raises(NoSuchRecheck):
        triage.lock_recheck(session, uuid4(), by=who, expected_version=1)
    assert triage.lock_recheck(session, recheck.id, by=who, expected_version=1)[0] is recheck


def test_d2_x09_a_due_date_that_waits_for_a_calendar_is_counted_again(session, district):
    all_are_drawn(session)
    report = refused(session, district, now=datetime(2026, 12, 20, 2, tzinfo=UTC))
    at = datetime(2027, 1, 1, 2, tzinfo=UTC)
    triage.draw_rechecks(session, now=at)
    (recheck,) = [each for each in rechecks(session) if each.report_id == report.id]
    told = recheck.due_at
    noted = select(ProvisionalDate).where(ProvisionalDate.report_id == report.id, ProvisionalDate.clock == "recheck")
    assert session.scalars(noted).one().due_at == told
    holidays = {date(2027, 1, day): ("rest", "元旦") for day in (1, 4, 5)}
    enter_year(session, 2027, holidays, source="国办2027")
    provisional.recount(session, report, now=at)
    assert recheck.due_at == datetime(2027, 1, 19, 16, tzinfo=UTC) > told
    assert triage.find_late(session, now=told, limit=5) == []


def test_every_state_of_a_recheck_is_reached_and_none_is_left_but_due():
    reached = {move.target for move in RECHECK_MOVES.values()}
    assert reached == set(RECHECK_STATES)
    assert {state for move in RECHECK_MOVES.values() for state in move.source} == {"new", "due"}


def test_r6_only_the_system_draws(session, district, drawn):
    _, recheck = drawn
    recheck.state = NEW
    for who in (district.supervisor, district.intake):
        with pytest.raises(NotYourRole):
            machine.move(session, recheck, "draw", by=who)
