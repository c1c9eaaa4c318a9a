"""M15, M17, M67: whoever is locked out in the middle of something, somebody else can go on with it.

Each story leaves a thing in the hands of one person, locks that person's account, and is carried on by others.
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from cases import aftercare, enforcing, handling, papers, supervision
from cases.aftercare import Arrival
from cases.enforcing import ConsequenceDraft
from cases.handling import CheckIn, Receipt
from cases.handling.sign import NoSuchTask, NotOfYourOffice
from cases.lifecycle.closing import panel
from cases.lifecycle.guards import Incomplete, NotYourBody, SamePerson
from cases.lifecycle.machine import NotInState, NotYourRole
from cases.lifecycle.powers import TooFewOfficers
from cases.models.aftercare import LookBack
from cases.models.case import Notice, Task
from cases.models.second_look import DecisionTask, SecondLook
from people.models import Account
from people.roles import Role
from tests import accepting, answers, make
from tests.enforcement import Bureau, certify, decision, measure
from tests.make import NOW
from tests.walk import RECORD, Walk, all_passed

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def bureau(session, district):
    return Bureau(session, district)


def locks(session, *people):
    for who in people:
        session.get_one(Account, who.account_id).active = False
    session.flush()


def orphans(session, now=NOW):
    return {each["kind"] for each in aftercare.find_orphans(session, now=now).items}


def told(session, kind):
    return set(session.scalars(select(Notice.account_id).where(Notice.kind == kind)))


# --- the task


def main_task(session, case):
    return session.scalars(select(Task).where(Task.case_id == case.id, Task.kind == "town")).one()


def test_m15_a_task_that_is_in_nobody_s_hands_is_given_to_somebody_else(walk, session):
    walk.signed()
    locks(session, walk.town.officer)
    assert "task_of_nobody" in orphans(session)
    supervision.pass_on(session, walk.case, now=walk.now)
    assert main_task(session, walk.case).person_id is None
    assert "task_of_nobody" in orphans(session)
    handling.assign_task(session, walk.case, person_id=walk.town.colleague.account_id, by=walk.town.clerk, now=walk.now)
    assert main_task(session, walk.case).person_id == walk.town.colleague.account_id
    assert walk.town.colleague.account_id in told(session, "task_moved")
    assert "task_of_nobody" not in orphans(session)


@pytest.mark.parametrize("stage", ["visited", "proposed", "ordered", "completed", "accepted"])
def test_m15_a_task_is_given_to_somebody_else_at_every_stage(walk, session, stage):
    getattr(walk, stage)()
    before = walk.case.version
    handling.assign_task(
        session, walk.case, person_id=walk.town.colleague.account_id, by=walk.town.leader, now=walk.now
    )
    assert main_task(session, walk.case).person_id == walk.town.colleague.account_id
    assert walk.case.version == before + 1


def test_m15_a_department_s_leader_gives_its_task_to_somebody_else(walk, session, bureau):
    walk.dispatched()
    fire = {"by": bureau.leader, "now": walk.now}
    handling.sign_task(session, walk.case, person_id=bureau.first.account_id, **fire)
    locks(session, bureau.first)
    task = handling.assign_task(session, walk.case, person_id=bureau.second.account_id, **fire)
    assert (task.org_id, task.person_id) == (bureau.org.id, bureau.second.account_id)


def test_m15_what_nobody_has_signed_for_is_signed_not_given(walk, session):
    walk.dispatched()
    with pytest.raises(NotInState):
        handling.assign_task(
            session, walk.case, person_id=walk.town.officer.account_id, by=walk.town.clerk, now=walk.now
        )


def test_m15_a_task_is_given_within_the_office_by_those_who_give_out_its_work(walk, session, district):
    walk.signed()
    to = {"person_id": walk.town.colleague.account_id, "now": walk.now}
    for role in set(Role) - {Role.TOWN_CLERK, Role.TOWN_LEADER, Role.DEPT_LEADER}:
        with pytest.raises(NotYourRole):
            handling.assign_task(session, walk.case, by=make.officer(session, walk.town.org, role), **to)
    with pytest.raises(NotOfYourOffice):
        handling.assign_task(session, walk.case, by=district.east.clerk, **to)
    with pytest.raises(NoSuchTask):
        handling.assign_task(
            session, walk.case, person_id=district.east.officer.account_id, by=district.east.clerk, now=walk.now
        )
    locks(session, walk.town.colleague)
    with pytest.raises(NotOfYourOffice):
        handling.assign_task(session, walk.case, by=walk.town.clerk, **to)


# --- verifying, ordering, accepting


def test_m15_a_colleague_concludes_what_somebody_else_has_visited(walk, session):
    walk.visited()
    locks(session, walk.town.officer)
    handling.propose(
        session, walk.case, outcome="substantiated", summary="属实", qualification="消防法", sanction="",
        by=walk.town.colleague, now=walk.now,
    )  # fmt: skip
    assert walk.case.state == "verdict_review"


def test_m15_another_leader_decides_and_another_officer_states_completion_and_delivers(walk, session):
    walk.ordered()
    locks(session, walk.town.officer, walk.town.leader)
    next_one = make.officer(session, walk.town.org, Role.TOWN_OFFICER)
    order = handling.dossier(session, walk.case, by=next_one).orders[0]
    receipt = Receipt("direct", walk.now, recipient="王某", capacity="负责人")
    handling.deliver_order(session, walk.case, order_id=order.id, receipt=receipt, by=next_one, now=walk.now)
    make.pictures(session, walk.case, "after", at=walk.now + HOUR)
    handling.complete(session, walk.case, statement="已整改", by=next_one, now=walk.now + 2 * HOUR)
    assert walk.case.state == "acceptance"
    accepting.pass_(
        session, walk.case, note="合格", findings=["出口畅通"], checks=all_passed(session, walk.case),
        by=walk.town.colleague, now=walk.now + 3 * HOUR,
    )  # fmt: skip
    assert walk.case.state == "closure_review"


def test_m15_copies_are_delivered_and_the_case_is_closed_by_whoever_holds_the_office(session, district):
    walk = Walk(session, district).accepted()
    town = walk.town
    locks(session, town.officer, town.colleague, town.clerk, town.leader)
    walk.town = replace(
        town, clerk=make.officer(session, town.org, Role.TOWN_CLERK),
        leader=make.officer(session, town.org, Role.TOWN_LEADER),
    )  # fmt: skip
    walk.delivered()
    handling.close(session, walk.case, note="办结", by=walk.town.leader, now=walk.now)
    assert walk.case.state == "closed"


def test_m40_a_decision_is_any_leader_s_of_the_body(walk, session, bureau):
    walk.completed(days=10)
    for _ in range(2):
        accepting.fail(
            session,
            walk.case,
            note="未清理",
            findings=["通道仍堵"],
            checks=[],
            by=walk.town.colleague,
            now=walk._tick(),
        )
        if session.scalars(select(DecisionTask).where(DecisionTask.case_id == walk.case.id)).first() is None:
            walk.complete_again()
    open_ = session.scalars(select(DecisionTask).where(DecisionTask.case_id == walk.case.id)).one()
    locks(session, walk.town.leader)
    successor = make.officer(session, walk.town.org, Role.TOWN_LEADER)
    proposed = bureau.proposed(walk.case, now=walk.now)
    draft = ConsequenceDraft("suspend", "major_hazard", "安全生产法", "屡改不力", measure_id=proposed.id)
    enforcing.decide_after_failure(session, walk.case, open_, draft, by=successor, now=walk.now)
    assert open_.state == "decided"


# --- extensions, holds, second looks


def test_d7_what_somebody_has_asked_for_is_decided_without_them_and_by_any_leader(walk, session):
    walk.ordered(days=14)
    running = handling.dossier(session, walk.case, by=walk.town.leader).clocks
    (clock,) = [each for each in running if each.kind == "rectify"]
    asked = handling.request_extension(
        session, walk.case, clock_id=clock.id, new_due_at=clock.due_at + 5 * DAY, reason="雨天", by=walk.town.officer,
        now=walk.now,
    )  # fmt: skip
    locks(session, walk.town.officer, walk.town.leader)
    successor = make.officer(session, walk.town.org, Role.TOWN_LEADER)
    handling.grant_extension(session, walk.case, asked, comment="同意", by=successor, now=walk.now)
    assert asked.state == "granted"


def test_t9_a_second_look_is_anybody_s_of_the_safety_office(walk, session):
    make.value(session, "second_look_share", 1)
    walk.proposed("unsubstantiated")
    handling.find_unsubstantiated(session, walk.case, comment="同意", by=walk.town.leader, now=walk.now)
    look = session.scalars(select(SecondLook).where(SecondLook.case_id == walk.case.id)).one()
    locks(session, walk.district.supervisor)
    other = make.officer(session, walk.district.office, Role.SAFETY_OFFICE)
    handling.confirm_look(session, walk.case, look, comment="属实", by=other, now=walk.now)
    assert look.state == "confirmed"


# --- measures and penalties


def test_m17_g_mea_a_measure_whose_owner_has_left_gets_another(session, bureau):
    case = bureau.case(state="closure_review")
    held = bureau.in_force(case)
    locks(session, bureau.first)
    assert "measure_without_owner" in [each.reason for each in panel(session, case)]
    assert "measure_of_nobody" in orphans(session)
    wanted = {"reason": "原责任人调离", "now": NOW}
    with pytest.raises(NotYourRole):
        enforcing.hand_over_measure(session, case, held, owner_id=bureau.second.account_id, by=bureau.second, **wanted)
    enforcing.hand_over_measure(session, case, held, owner_id=bureau.second.account_id, by=bureau.leader, **wanted)
    assert (held.owner_id, held.state) == (bureau.second.account_id, "in_force")
    assert "measure_without_owner" not in [each.reason for each in panel(session, case)]
    assert told(session, "measure_handed_over") == {bureau.second.account_id}
    assert "measure_of_nobody" not in orphans(session)


def test_m17_a_measure_is_handed_to_an_active_officer_of_its_organ_with_a_reason(session, bureau, district):
    case = bureau.case()
    held = bureau.in_force(case)
    for person, reason in (
        (district.east.officer.account_id, "调离"), (0, "调离"), (bureau.second.account_id, " ")
    ):  # fmt: skip
        with pytest.raises(Incomplete):
            enforcing.hand_over_measure(session, case, held, owner_id=person, reason=reason, by=bureau.leader, now=NOW)
    with pytest.raises(NotYourBody):
        enforcing.hand_over_measure(
            session, case, held, owner_id=bureau.second.account_id, reason="调离", by=district.west.leader, now=NOW
        )


def test_m17_only_what_holds_is_handed_over(session, bureau):
    case = bureau.case()
    waiting = bureau.approved(case)
    with pytest.raises(NotInState):
        enforcing.hand_over_measure(
            session, case, waiting, owner_id=bureau.second.account_id, reason="调离", by=bureau.leader, now=NOW
        )


@pytest.mark.parametrize("stage", ["filed", "heard"])
def test_f21_a_track_of_which_an_officer_has_left_goes_on_with_two_others_and_is_decided(session, bureau, stage):
    case = bureau.case()
    track = getattr(bureau, stage)(case)
    before = track.state
    locks(session, bureau.first)
    fourth = make.officer(session, bureau.org, Role.DEPT_OFFICER)
    for who in (bureau.third, fourth):
        certify(session, who)
    assert "penalty_of_nobody" in orphans(session)
    if stage == "heard":
        with pytest.raises(TooFewOfficers):
            enforcing.decide(session, case, track, decision(), by=bureau.leader, now=NOW)
    to = [bureau.third.account_id, fourth.account_id]
    enforcing.hand_over_penalty(session, case, track, officer_ids=to, reason="调离", by=bureau.leader, now=NOW)
    assert (track.officer_ids, track.state) == (to, before)
    assert "penalty_of_nobody" not in orphans(session)
    if stage == "filed":
        enforcing.investigate(session, case, track, findings="上锁", qualification="消防法", by=fourth, now=NOW)
        enforcing.notify(session, case, track, notice="拟罚款", by=fourth, now=NOW)
        enforcing.hear_defence(session, case, track, text="无异议", by=fourth, now=NOW)
    enforcing.decide(session, case, track, decision(), by=bureau.leader, now=NOW)
    assert track.state == "decided"


def test_f21_c2_whoever_has_handed_a_track_over_does_not_decide_it(session, bureau):
    case = bureau.case()
    track = bureau.notified(case)
    fourth = make.officer(session, bureau.org, Role.DEPT_OFFICER)
    for who in (bureau.third, fourth):
        certify(session, who)
    enforcing.hand_over_penalty(
        session, case, track, officer_ids=[bureau.third.account_id, fourth.account_id], reason="提任", by=bureau.leader,
        now=NOW,
    )  # fmt: skip
    promoted = replace(bureau.second, roles=frozenset({Role.DEPT_LEADER}))
    with pytest.raises(SamePerson):
        enforcing.decide(session, case, track, decision(), by=promoted, now=NOW)


def test_f21_a_track_goes_to_two_certified_officers_of_its_organ_by_its_leader_with_a_reason(session, bureau, district):
    case = bureau.case()
    track = bureau.filed(case)
    said = {"reason": "调离", "now": NOW}
    for people in ([], [bureau.first.account_id], [bureau.second.account_id, bureau.third.account_id]):
        with pytest.raises(TooFewOfficers):
            enforcing.hand_over_penalty(session, case, track, officer_ids=people, by=bureau.leader, **said)
    with pytest.raises(NotYourBody):
        enforcing.hand_over_penalty(session, case, track, officer_ids=bureau.officers, by=district.west.leader, **said)
    with pytest.raises(NotYourRole):
        enforcing.hand_over_penalty(session, case, track, officer_ids=bureau.officers, by=bureau.first, **said)
    with pytest.raises(Incomplete):
        enforcing.hand_over_penalty(
            session, case, track, officer_ids=bureau.officers, reason="  ", by=bureau.leader, now=NOW
        )


def test_f21_a_track_that_has_ended_is_nobody_s_to_hand_over(session, bureau):
    case = bureau.case()
    track = bureau.decided(case)
    with pytest.raises(NotInState):
        enforcing.hand_over_penalty(
            session, case, track, officer_ids=bureau.officers, reason="调离", by=bureau.leader, now=NOW
        )


def test_m15_what_somebody_proposed_or_approved_goes_on_without_them(session, bureau):
    case = bureau.case()
    made = enforcing.propose(session, case, measure("suspension"), by=bureau.third, now=NOW)
    locks(session, bureau.third)
    enforcing.approve(session, case, made, note="同意", decision_ref=None, by=bureau.leader, now=NOW)
    locks(session, bureau.leader)
    enforcing.put_in_force(
        session, case, made, officer_ids=bureau.officers, owner_id=bureau.second.account_id, until=None,
        by=bureau.first, now=NOW,
    )  # fmt: skip
    assert made.state == "in_force"


# --- afterwards


def test_t17_a_look_back_whose_officer_has_left_is_given_to_somebody_else(session, district):
    walk = Walk(session, district)
    walk.case.urgency = "urgent"
    walk.closable()
    handling.close(session, walk.case, note="办结", by=walk.town.leader, now=walk._tick())
    aftercare.plan(session, walk.case.id, now=walk.now)
    look = session.scalars(select(LookBack).where(LookBack.case_id == walk.case.id)).first()
    housing = make.org(session, "department", department_kind="housing")
    first, second = (make.officer(session, housing, Role.DEPT_OFFICER) for _ in range(2))
    at = look.opens_at + HOUR
    office = {"by": district.supervisor, "now": at}
    aftercare.assign(session, walk.case, look, account_id=first.account_id, **office)
    aftercare.start(session, walk.case, look, arrival=Arrival(make.IN_WEST), by=first, now=at)
    locks(session, first)
    assert "look_back_of_nobody" in orphans(session, at)
    aftercare.assign(session, walk.case, look, account_id=second.account_id, **office)
    aftercare.start(session, walk.case, look, arrival=Arrival(make.IN_WEST), by=second, now=at + HOUR)
    make.pictures(session, walk.case, "look_back", at=at + HOUR)
    aftercare.confirm(session, walk.case, look, findings="保持良好", by=second, now=at + 2 * HOUR)
    assert look.state == "confirmed"


# --- papers


def test_m47_a_paper_that_somebody_has_asked_for_is_there_for_the_others(walk, session):
    walk.ordered()
    order = handling.dossier(session, walk.case, by=walk.town.leader).orders[0]
    asked = papers.ask(session, walk.case, kind="order", subject_id=order.id, by=walk.town.officer, now=walk.now)
    locks(session, walk.town.officer)
    assert asked.id in {each.id for each in papers.papers_of(session, walk.case)}


# --- visits


def test_m15_a_visit_whose_officer_is_locked_is_listed_at_night_until_it_is_ended(walk, session):
    walk.signed()
    check_in = CheckIn("verification", make.IN_WEST, [], None)
    handling.start_visit(session, walk.case, check_in=check_in, by=walk.town.officer, now=walk.now)
    locks(session, walk.town.officer)
    assert "visit_of_nobody" in orphans(session)
    handling.break_off(session, walk.case, reason="离岗", by=walk.town.clerk, now=walk.now)
    assert "visit_of_nobody" not in orphans(session)
    handling.start_visit(session, walk.case, check_in=check_in, by=walk.town.colleague, now=walk.now + HOUR)
    record = replace(RECORD, checks=answers.calm(session, walk.case))
    assert handling.complete_visit(
        session, walk.case, record=record, by=walk.town.colleague, now=walk.now + 2 * HOUR
    ).completed_at
