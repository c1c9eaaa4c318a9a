"""T2 to T16 in order, each act by its own person, in the database role that the person's office has."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from cases import access, clocks, handling
from cases.handling import CheckIn
from cases.handling.sign import AnsweredAlready
from cases.lifecycle.closing import GuardsOpen
from cases.lifecycle.machine import NotInState
from cases.models.case import CaseEvent, Clock, Task
from cases.models.handling import RecordCopy
from cases.models.job import Job
from kit.db import take_role
from tests import answers, make
from tests.walk import RECORD, all_passed, order_draft


@contextmanager
def acting(session, actor):
    """This transaction narrowed to what the actor's office may touch, as the API narrows it."""
    take_role(session, actor.database_role, {"org": str(actor.org_id)})
    yield
    session.flush()
    session.execute(text("reset role"))
    session.expire_all()


def due(session, case, kind="town"):
    session.expire_all()
    return session.execute(select(Task.due_what, Task.due_at).where(Task.case_id == case.id, Task.kind == kind)).one()


def kinds(session, case):
    return list(session.scalars(select(CaseEvent.kind).where(CaseEvent.case_id == case.id).order_by(CaseEvent.seq)))


def test_a_case_goes_from_dispatch_to_closed_and_leaves_an_entry_for_each_act(session, walk):
    walk.closable()
    case = walk.case
    handling.close(session, case, note="办结", by=walk.town.leader, now=walk.now)
    assert case.state == "closed"
    assert case.closed_at == walk.now
    assert kinds(session, case) == [
        "dispatched", "signed", "visit_started", "visit_completed", "verdict_proposed", "ordered", "completed",
        "acceptance_begun", "acceptance_passed", *["copy_delivered"] * 8, *["task_signed", "task_answered"] * 2,
        "closed",
    ]  # fmt: skip
    assert clocks.running(session, case) == []
    main = session.scalars(select(Task).where(Task.case_id == case.id, Task.kind == "town")).one()
    assert main.state == "answered"
    with pytest.raises(NotInState):
        handling.close(session, case, note="再办结", by=walk.town.leader, now=walk.now)


def test_every_act_of_the_straight_path_is_open_to_its_office_in_the_database_too(session, walk):
    """Row-level security and grants let a town's people do the whole path, as the API does it."""
    walk.dispatched()
    case, town, now = walk.case, walk.town, walk.now
    for who in (town.officer, town.colleague):
        make.certificate(session, who)

    with acting(session, town.clerk):
        handling.sign(session, case, person_id=town.officer.account_id, by=town.clerk, now=now)
    with acting(session, town.officer):
        check_in = CheckIn("enforcement", make.IN_WEST, [town.colleague.account_id], None)
        handling.start_visit(session, case, check_in=check_in, by=town.officer, now=now)
        for role in ("near", "far"):
            handling.add_picture(session, case, make.kept(role.encode()), role=role, by=town.officer, now=now)
        record = replace(RECORD, checks=answers.calm(session, case))
        handling.complete_visit(session, case, record=record, by=town.officer, now=now)
        handling.propose(
            session, case, outcome="substantiated", summary="属实", qualification="", sanction="", by=town.officer,
            now=now,
        )  # fmt: skip
    with acting(session, town.leader):
        draft = order_draft(due_at=now + timedelta(days=3))
        handling.order(session, case, draft=draft, by=town.leader, now=now)
    with acting(session, town.officer):
        handling.add_picture(session, case, make.kept(b"after"), role="after", by=town.officer, now=now)
        handling.complete(session, case, statement="已整改", by=town.officer, now=now)
    deputy = make.deputy(session, town)
    with acting(session, deputy):
        checks = all_passed(session, case)
        handling.arrive(session, case, point=make.IN_WEST, distance_reason=None, by=deputy, now=now)
        handling.add_picture(session, case, make.kept(b"seen"), role="after", by=deputy, now=now)
        handling.pass_(session, case, note="合格", findings=["畅通"], checks=checks, by=deputy, now=now)
    with acting(session, town.leader):
        for copy in session.scalars(select(RecordCopy).where(RecordCopy.case_id == case.id)).all():
            handling.deliver(session, case, copy_id=copy.id, note="送达", by=town.leader, now=now)
    for who in (walk.district.fire_officer, walk.district.police_officer):
        with acting(session, who):
            handling.sign_task(session, case, person_id=who.account_id, by=who, now=now)
            handling.answer_task(session, case, text="已配合", by=who, now=now)
    with acting(session, town.leader):
        dossier = handling.dossier(session, case, by=town.leader)
        assert all(guard.holds for guard in dossier.guards), dossier.guards
        handling.close(session, case, note="办结", by=town.leader, now=now)
    assert case.state == "closed"


def test_x16_verification_runs_from_the_dispatch_and_not_from_the_signature(session, walk):
    walk.dispatched()
    started = walk.now
    walk.now += timedelta(hours=5)
    handling.sign(session, walk.case, person_id=walk.town.officer.account_id, by=walk.town.clerk, now=walk.now)
    verify = session.scalars(select(Clock).where(Clock.case_id == walk.case.id, Clock.kind == "verify")).one()
    assert verify.started_at == started
    assert verify.due_at == started + timedelta(hours=24)  # FIR-02: 24 clock_h (F45)
    assert due(session, walk.case) == ("verify", verify.due_at)


def test_the_main_task_shows_the_clock_that_is_due_next_and_the_overall_one_last(session, walk):
    walk.dispatched()
    assert due(session, walk.case).due_what == "sign"
    handling.sign(session, walk.case, person_id=walk.town.officer.account_id, by=walk.town.clerk, now=walk.now)
    assert due(session, walk.case).due_what == "verify"
    walk.visit_again()
    walk.propose_again()
    assert due(session, walk.case).due_what == "verdict_review"


def test_each_move_stops_and_starts_the_clocks_of_its_row(session, walk):
    walk.accepted()
    ended = select(Clock.kind).where(Clock.case_id == walk.case.id, Clock.stopped_at.is_not(None))
    assert set(session.scalars(ended)) == {"sign", "verify", "verdict_review", "rectify", "acceptance"}
    assert [clock.kind for clock in clocks.running(session, walk.case)] == ["total"]


def test_d4_a_case_keeps_the_profile_it_was_dispatched_under(session, walk):
    walk.ordered()
    pinned = set(session.scalars(select(Clock.profile_id).where(Clock.case_id == walk.case.id)))
    assert pinned == {walk.case.profile_id}


def test_a_department_is_asked_beside_the_town_and_answers_once(session, walk):
    walk.dispatched()
    who = walk.district.fire_officer
    handling.sign_task(session, walk.case, person_id=who.account_id, by=who, now=walk.now)
    task = handling.answer_task(session, walk.case, text="设施已修复", by=who, now=walk.now)
    assert (task.kind, task.state, task.answer) == ("lead", "answered", "设施已修复")
    with pytest.raises(AnsweredAlready):
        handling.answer_task(session, walk.case, text="再答", by=who, now=walk.now)


def test_a_record_is_delivered_in_four_copies_with_one_hash(session, walk):
    """M47."""
    walk.visited()
    copies = session.scalars(select(RecordCopy).where(RecordCopy.case_id == walk.case.id)).all()
    assert {copy.recipient for copy in copies} == {
        "inspected_unit", "local_government", "lead_department", "safety_office",
    }  # fmt: skip
    assert len({bytes(copy.record_hash) for copy in copies}) == 1


def test_what_follows_an_act_is_a_job_in_the_same_transaction(session, walk):
    walk.accepted()
    steps = session.scalars(select(Job.step).where(Job.subject == walk.case.id).order_by(Job.id)).all()
    assert steps == [
        "mirror_reports", "mirror_reports", "mirror_reports", "mirror_reports", "follow_progress", "watch_filing",
        "owe_listing", "mirror_reports", "follow_progress",
    ]  # fmt: skip


def test_a_stranger_to_a_case_finds_none_and_a_case_not_ready_stays_open(session, walk):
    walk.accepted()
    with pytest.raises(access.NoSuchCase):
        access.find(session, walk.case.id, by=walk.district.east.leader)
    with pytest.raises(GuardsOpen) as refusal:
        handling.close(session, walk.case, note="", by=walk.town.leader, now=walk.now)
    open_guards = {guard["code"] for guard in refusal.value.extra["guards"] if not guard["holds"]}
    assert open_guards == {"G-DOC", "G-TASK"}
    assert walk.case.state == "closure_review"
