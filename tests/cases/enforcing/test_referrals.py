"""Referrals (T11, T12, M56, X24): handed over, accepted or refused, watched until the result is there."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cases import clocks, enforcing, handling, triage
from cases.lifecycle import closing, whose
from cases.lifecycle.beside import NotHandled
from cases.lifecycle.guards import Incomplete, NotYourBody, SamePerson, WrongOutcome
from cases.lifecycle.machine import NotInState
from cases.lifecycle.referral import NoReceiver, NotWhole, OnlyOutside
from cases.models.case import Clock, Notice, Task
from cases.models.handling import OUTCOMES
from cases.models.report import ReportEvent
from people.roles import Role
from tests import desk, make
from tests.enforcement import Bureau, referral
from tests.make import NOW

HANDLED = ("signed", "verifying", "verdict_review", "rectifying", "acceptance", "closure_review")


@pytest.fixture
def police(session, district):
    return Bureau(session, district, district.police)


@pytest.fixture
def referred(session, bureau, case, district):
    return enforcing.refer(session, case, referral(district.police), by=bureau.leader, now=NOW)


def tasks(session, case, org):
    return [(task.kind, task.state) for task in session.scalars(
        select(Task).where(Task.case_id == case.id, Task.org_id == org.id)
    )]  # fmt: skip


def clock(session, sent, kind="referral_accept"):
    return session.scalars(
        select(Clock).where(Clock.about_id == sent.id, Clock.kind == kind).order_by(Clock.id.desc()).limit(1)
    ).one()


@pytest.mark.parametrize("state", HANDLED)
def test_t11_t12_a_case_goes_from_any_handling_state_and_comes_back_to_it(session, district, bureau, police, state):
    case = bureau.case(state=state)
    clocks.start(session, case, "total", now=NOW)
    sent = enforcing.refer(session, case, referral(district.police), by=bureau.leader, now=NOW)
    assert (case.state, sent.from_state) == ("referred", state)
    enforcing.accept(session, case, sent, slip="", by=police.first, now=NOW)
    assert case.state == "referred"
    enforcing.answer(session, case, sent, result="已立案查处", by=police.leader, now=NOW)
    assert (case.state, sent.state, sent.result) == (state, "answered", "已立案查处")
    assert [each.kind for each in clocks.running(session, case)] == ["total"]  # X24: it never stopped


def test_t11_only_a_case_that_is_handled_is_handed_over(session, district, bureau):
    for state in ("dispatched", "closed", "on_hold", "referred"):
        case = bureau.case()
        case.state = state
        with pytest.raises((NotHandled, NotInState)):
            enforcing.refer(session, case, referral(district.police), by=bureau.leader, now=NOW)


def test_t11_the_receiver_has_its_time_and_its_task(session, district, bureau, case, referred):
    limit = clock(session, referred)
    assert (limit.amount, limit.unit, limit.org_id) == (1, "work_d", district.police.id)  # an urgent case
    assert tasks(session, case, district.police) == [("coop", "open")]
    assert referred.number == f"移送〔{case.number}〕1号"
    told = select(Notice.kind).where(Notice.org_id == district.police.id)
    assert session.scalars(told).all() == ["referral"]


def test_t12_the_result_answers_the_task_that_came_with_it(session, district, police, case, referred):
    enforcing.accept(session, case, referred, slip="", by=police.first, now=NOW)
    assert clock(session, referred).stopped_at == NOW
    enforcing.answer(session, case, referred, result="已处理", by=police.first, now=NOW)
    assert tasks(session, case, district.police) == [("coop", "answered")]
    assert [each for each in clocks.beside(session, case) if each.task_id] == []


def test_a_receiver_that_has_a_task_keeps_it(session, district, bureau, case):
    make.task(session, case, district.police, kind="lead")
    sent = enforcing.refer(session, case, referral(district.police), by=bureau.leader, now=NOW)
    assert sent.task_id is None
    enforcing.accept(session, case, sent, slip="", by=Bureau(session, district, district.police).first, now=NOW)
    assert tasks(session, case, district.police) == [("lead", "open")]


def test_t11_the_receiver_is_another_department_or_a_body_outside(session, district, bureau, case):
    closed = make.org(session, "department")
    closed.active = False
    for wrong in (bureau.org, district.west.org, district.office, closed):
        with pytest.raises(NoReceiver):
            enforcing.refer(session, case, referral(wrong), by=bureau.leader, now=NOW)
    for wrong in ({"to_external": "市局"}, {"to_org_id": None}, {"materials": []}):
        with pytest.raises(Incomplete):
            enforcing.refer(session, case, referral(district.police, **wrong), by=bureau.leader, now=NOW)
    assert case.state == "rectifying"


def test_t12_only_the_receiver_takes_refuses_and_answers(session, district, bureau, police, case, referred):
    stranger = Bureau(session, district, make.org(session, "department"))
    for outsider in (bureau, stranger):
        with pytest.raises(NotYourBody):
            enforcing.accept(session, case, referred, slip="", by=outsider.first, now=NOW)
        with pytest.raises(NotYourBody):
            enforcing.refuse(session, case, referred, reason="x", slip="", by=outsider.leader, now=NOW)
    enforcing.accept(session, case, referred, slip="", by=police.first, now=NOW)
    for outsider in (bureau.leader, district.supervisor):
        with pytest.raises(NotYourBody):
            enforcing.answer(session, case, referred, result="x", by=outsider, now=NOW)


def test_t12_a_refusal_goes_to_the_safety_office_and_leaves_the_case_where_it_is(
    session, district, police, case, referred
):
    enforcing.refuse(session, case, referred, reason="不属本机关管辖", slip="", by=police.leader, now=NOW)
    assert (case.state, referred.state) == ("referred", "refused")
    told = select(Notice.org_id).where(Notice.kind == "referral_refused")
    assert set(session.scalars(told)) == {district.office.id, district.fire.id}


def test_t12_the_safety_office_gives_it_back_to_the_sender(session, district, police, case, referred):
    enforcing.refuse(session, case, referred, reason="x", slip="", by=police.leader, now=NOW)
    enforcing.settle(session, case, referred, receiver_takes_it=False, text="消防办", by=district.supervisor, now=NOW)
    assert (case.state, referred.state, referred.accepted_at) == ("rectifying", "returned", None)
    assert tasks(session, case, district.police) == [("coop", "cancelled")]


def test_t12_the_safety_office_lets_the_receiver_take_it(session, district, police, case, referred):
    enforcing.refuse(session, case, referred, reason="x", slip="", by=police.leader, now=NOW)
    enforcing.settle(session, case, referred, receiver_takes_it=True, text="公安办", by=district.supervisor, now=NOW)
    assert (case.state, referred.state, referred.accepted_at) == ("referred", "accepted", NOW)
    with pytest.raises(NotInState):
        enforcing.refuse(session, case, referred, reason="再拒", slip="", by=police.leader, now=NOW)


def test_a_body_outside_is_spoken_for_by_the_sender_with_its_slip(session, bureau, case):
    sent = enforcing.refer(session, case, referral(), by=bureau.leader, now=NOW)
    assert clock(session, sent).org_id == bureau.org.id
    with pytest.raises(Incomplete) as refusal:
        enforcing.accept(session, case, sent, slip=" ", by=bureau.first, now=NOW)
    assert refusal.value.extra["missing"] == ["slip"]
    enforcing.accept(session, case, sent, slip="市环收〔2026〕9号", by=bureau.first, now=NOW)
    enforcing.answer(session, case, sent, result="已处罚", by=bureau.first, now=NOW)
    assert (sent.slip, case.state) == ("市环收〔2026〕9号", "rectifying")


def test_t11_who_only_helps_does_not_give_the_whole_case_away(session, district, bureau, case, police):
    """The body that answers for it could do nothing in it any more, because somebody was once called in."""
    make.task(session, case, district.police, kind="coop")
    with pytest.raises(NotYourBody), session.begin_nested():
        enforcing.refer(session, case, referral(), by=police.leader, now=NOW)
    session.refresh(case)
    assert case.state == "rectifying"
    enforcing.refer(session, case, referral(scope="penalty"), by=police.leader, now=NOW)
    enforcing.refer(session, case, referral(district.police), by=bureau.leader, now=NOW)
    assert case.state == "referred"


# --- its end (T12, F51)


@pytest.fixture
def away(session, district, walk):
    """A case that was handed over whole before anything had been found, and taken by the police (T11)."""
    walk.signed()
    sent = enforcing.refer(session, walk.case, referral(district.police), by=walk.town.leader, now=walk.now)
    enforcing.accept(session, walk.case, sent, slip="", by=district.police_officer, now=walk.now)
    return walk.case, sent


def heard(session, report):
    """The stages of its case that a reporter was told, in their order."""
    of_it = select(ReportEvent).where(ReportEvent.report_id == report.id, ReportEvent.kind == "mirrored")
    return [event.body["stage"] for event in session.scalars(of_it.order_by(ReportEvent.seq))]


def found(session, district, away, finding="substantiated", by=None, now=NOW):
    case, sent = away
    who = by or district.police_officer
    return enforcing.answer(session, case, sent, result="已立案查处", finding=finding, by=who, now=now)


def test_t12_what_another_organ_has_ended_is_not_checked_anew_here(session, district, walk, away):
    """What a check found would wait for an acceptance that nobody could make: nothing was ordered, nothing stated."""
    case, _ = away
    found(session, district, away)
    concluded(session, district, away, now=walk.now)
    bureau = Bureau(session, district)
    make.task(session, case, bureau.org, kind="coop")
    check_in = handling.CheckIn("enforcement", make.IN_WEST, [bureau.officers[1]], None)
    with pytest.raises(WrongOutcome):
        handling.start_visit(session, case, check_in=check_in, by=bureau.first, now=walk.now)
    assert case.state == "closure_review"


def concluded(session, district, away, *, confirmed=True, now=NOW):
    case, sent = away
    by = district.supervisor
    return enforcing.conclude(session, case, sent, confirmed=confirmed, text="经核实", by=by, now=now)


@pytest.mark.parametrize("finding", OUTCOMES)
def test_t12_what_the_receiver_found_ends_the_case_once_the_safety_office_has_confirmed_it(
    session, district, walk, away, finding
):
    case, sent = away
    report = make.joined(session, make.report(session), case)
    triage.mirror(session, case.id, now=walk.now)
    assert heard(session, report) == ["referred"]  # F51: told that it is another's
    found(session, district, away, finding)
    assert (case.state, case.outcome, sent.state) == ("referred", None, "found")
    assert [each.kind for each in desk.notices(session, "referral_found")] != []
    assert {"verify", "total"} <= {each.kind for each in clocks.running(session, case)}
    concluded(session, district, away, now=walk.now)
    assert (case.state, case.outcome, sent.state) == ("closure_review", finding, "concluded")
    assert {each.kind for each in clocks.running(session, case)} == {"total"}
    assert {"G-ACC", "G-REF", "G-DOC"} <= {each.code for each in closing.panel(session, case) if each.holds}
    triage.mirror(session, case.id, now=walk.now)
    assert (report.outcome, report.reply_due_at is not None) == (finding, True)
    triage.reply(session, report, text=desk.REPLIES[finding], by=district.intake, now=walk.now)
    triage.settle_replies(session, report.id, now=walk.now)
    for who in (district.fire_officer, district.police_officer):
        tasks_of(session, case, who)
    handling.close(session, case, note="办结", by=walk.town.leader, now=walk.now)
    assert case.state == "closed"


def tasks_of(session, case, who):
    """What its body has still to answer."""
    waiting = select(Task.id).where(Task.case_id == case.id, Task.org_id == who.org_id, Task.state != "answered")
    if session.scalars(waiting).first():
        handling.answer_task(session, case, text="已移送", by=who, now=NOW)


def test_t12_what_is_not_confirmed_is_the_receivers_again_and_may_still_come_back(session, district, away):
    case, sent = away
    found(session, district, away)
    concluded(session, district, away, confirmed=False)
    assert (case.state, case.outcome, sent.state, sent.finding) == ("referred", None, "accepted", None)
    enforcing.answer(session, case, sent, result="应由镇街办理", by=district.police_officer, now=NOW)
    assert (case.state, sent.state, case.outcome) == ("signed", "answered", None)


def test_c2_who_entered_the_result_does_not_confirm_it(session, district, walk):
    walk.signed()
    sent = enforcing.refer(session, walk.case, referral(), by=walk.town.leader, now=walk.now)
    enforcing.track(session, walk.case, sent, note="市局办理", by=district.supervisor, now=walk.now)
    assert walk.case.state == "referred"  # nothing had been found that the town could go on with
    away = (walk.case, sent)
    found(session, district, away, by=district.supervisor)
    with pytest.raises(SamePerson):
        concluded(session, district, away)
    other = make.officer(session, district.office, Role.SAFETY_OFFICE)
    enforcing.conclude(session, walk.case, sent, confirmed=True, text="经核实", by=other, now=NOW)
    assert walk.case.state == "closure_review"


def test_g_ref_a_result_that_waits_for_its_confirmation_is_the_safety_offices_to_decide(session, district, away):
    case, _sent = away
    assert whose.turn_of(session, case) == district.police.id
    found(session, district, away)
    assert whose.turn_of(session, case) == district.office.id
    assert "G-REF" in {each.code for each in closing.panel(session, case) if not each.holds}
    assert len(awaited(session, district.supervisor)) == 1


def test_t12_of_a_penalty_alone_no_finding_ends_the_case(session, district, bureau, case, police):
    sent = enforcing.refer(session, case, referral(district.police, scope="penalty"), by=bureau.leader, now=NOW)
    enforcing.accept(session, case, sent, slip="", by=police.first, now=NOW)
    with pytest.raises(NotWhole):
        enforcing.answer(session, case, sent, result="x", finding="substantiated", by=police.first, now=NOW)
    assert (case.state, sent.state) == ("rectifying", "accepted")


def test_t18_what_was_found_before_the_case_came_back_counts_no_more(session, district, away):
    case, _sent = away
    found(session, district, away)
    concluded(session, district, away)
    case.reopened_at = NOW + timedelta(days=1)
    assert "G-ACC" in {each.code for each in closing.panel(session, case) if not each.holds}


# --- the penalty alone


def test_a_town_hands_over_the_penalty_alone_and_goes_on_with_the_case(session, district, bureau, case):
    sent = enforcing.refer(session, case, referral(district.police, scope="penalty"), by=bureau.leader, now=NOW)
    assert (case.state, sent.state) == ("rectifying", "sent")
    police = Bureau(session, district, district.police)
    enforcing.accept(session, case, sent, slip="", by=police.first, now=NOW)
    enforcing.answer(session, case, sent, result="已处罚", by=police.first, now=NOW)
    assert case.state == "rectifying"


# --- external tracking (G-REF)


def test_g_ref_what_is_tracked_outside_lets_the_case_go_on_and_is_checked_each_month(session, district, bureau, case):
    sent = enforcing.refer(session, case, referral(), by=bureau.leader, now=NOW)
    enforcing.track(session, case, sent, note="市局长期办理", by=district.supervisor, now=NOW)
    assert (case.state, sent.state) == ("rectifying", "external")
    first = clock(session, sent, "referral_check")
    assert (first.due_at, first.org_id) == (NOW + timedelta(days=30), district.office.id)
    later = NOW + timedelta(days=29)
    enforcing.check(session, case, sent, note="仍在办理", by=district.supervisor, now=later)
    session.refresh(first)
    assert (first.stopped_at, clock(session, sent, "referral_check").due_at) == (later, later + timedelta(days=30))
    enforcing.answer(session, case, sent, result="已办结", by=district.supervisor, now=later)
    assert (sent.state, clock(session, sent, "referral_check").stopped_at) == ("answered", later)


def test_g_ref_a_department_that_has_not_accepted_is_not_tracked_outside(session, district, police, case, referred):
    with pytest.raises(OnlyOutside):
        enforcing.track(session, case, referred, note="x", by=district.supervisor, now=NOW)
    enforcing.accept(session, case, referred, slip="", by=police.first, now=NOW)
    enforcing.track(session, case, referred, note="另案办理", by=district.supervisor, now=NOW)
    assert tasks(session, case, district.police) == [("coop", "answered")]


# --- never lost (M56, X24)


def awaited(session, who):
    return [row.id for row in enforcing.awaiting(session, by=who, limit=10)]


def test_m56_a_referral_stays_on_the_senders_list_until_its_result(session, district, bureau, police, case, referred):
    lists = (bureau.first, district.supervisor)
    for who in lists:
        assert awaited(session, who) == [referred.id]
    assert [row.id for row in enforcing.received(session, by=police.first, limit=10)] == [referred.id]
    enforcing.refuse(session, case, referred, reason="x", slip="", by=police.leader, now=NOW)
    enforcing.settle(session, case, referred, receiver_takes_it=True, text="x", by=district.supervisor, now=NOW)
    enforcing.track(session, case, referred, note="x", by=district.supervisor, now=NOW)
    for who in lists:
        assert awaited(session, who) == [referred.id]
    enforcing.answer(session, case, referred, result="x", by=district.supervisor, now=NOW)
    for who in lists:
        assert awaited(session, who) == []
    assert enforcing.received(session, by=police.first, limit=10) == []


def test_m56_another_office_does_not_see_what_this_one_awaits(session, district, police, case, referred):
    assert awaited(session, police.first) == []
    assert awaited(session, district.east.leader) == []


def test_a_referral_of_another_case_is_not_found(session, bureau, case, referred):
    with pytest.raises(enforcing.NoSuchReferral):
        enforcing.find_referral(session, bureau.case(), referred.id)
    assert enforcing.find_referral(session, case, referred.id) is referred


def test_the_leader_of_a_town_hands_over_too(session, district):
    town = Bureau(session, district, district.west.org)
    case = town.case()
    enforcing.refer(session, case, referral(district.fire), by=town.leader, now=NOW)
    assert case.state == "referred"
    assert town.leader.has(Role.TOWN_LEADER)
