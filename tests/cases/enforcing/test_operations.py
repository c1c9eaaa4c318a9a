"""Joint operations (M57, M104) and departments beside the town (M04, M09): own tasks, own clocks, own results."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from cases import access, clocks, enforcing, handling, routing, supervision
from cases.enforcing import OperationPlan
from cases.lifecycle.beside import NotHandled
from cases.lifecycle.guards import Incomplete, NotYourBody
from cases.lifecycle.machine import NotInState, NotYourRole
from cases.lifecycle.task import move as tasks_move
from cases.models.case import CaseEvent, Clock, Notice, Task
from kit.errors import Invalid, NotAllowed, Stale, Unconditional
from people.roles import Role
from tests import make
from tests.enforcement import Bureau
from tests.make import NOW
from tests.walk import RECORD, Walk


@pytest.fixture
def police(session, district):
    return Bureau(session, district, district.police)


def plan(cases, *members, **facts):
    parts = {
        "title": "夜查", "plan": "分两组", "begins_on": date(2026, 11, 25), "ends_on": date(2026, 11, 26),
        "member_org_ids": [org.id for org in members], "case_ids": [case.id for case in cases],
    }  # fmt: skip
    return OperationPlan(**(parts | facts))


@pytest.fixture
def planned(session, district, bureau, case):
    return enforcing.plan_operation(session, plan([case], district.police), by=bureau.leader, now=NOW)


def test_m57_one_operation_deals_with_many_cases_and_closes_when_every_member_has_a_result(
    session, district, bureau, police, case
):
    cases = [case, bureau.case()]
    operation = enforcing.plan_operation(session, plan(cases, district.police), by=bureau.leader, now=NOW)
    enforcing.acknowledge_plan(session, operation, by=police.leader, now=NOW)
    assert enforcing.start_operation(session, operation, by=bureau.leader, now=NOW) == []
    enforcing.record(session, operation, text="查封两处", by=police.first, now=NOW)
    enforcing.file_result(session, operation, result="消防已查", by=bureau.leader, now=NOW)
    with pytest.raises(enforcing.ResultsMissing) as refusal:
        enforcing.close_operation(session, operation, summary="x", by=bureau.leader, now=NOW)
    assert refusal.value.extra["missing"] == [district.police.id]
    enforcing.file_result(session, operation, result="公安已查", by=police.leader, now=NOW)
    enforcing.close_operation(session, operation, summary="已结束", by=bureau.leader, now=NOW)

    found = enforcing.operation_file(session, operation.id, by=police.first)
    assert (found.operation.state, len(found.members), len(found.records)) == ("closed", 2, 1)
    assert {each.id for each in found.cases} == {each.id for each in cases}
    for each in cases:
        kinds = select(CaseEvent.kind).where(CaseEvent.case_id == each.id).order_by(CaseEvent.seq)
        assert list(session.scalars(kinds)) == [
            "operation_planned", "involved", "operation_started", "operation_recorded", "operation_recorded",
            "operation_closed",
        ]  # fmt: skip


def test_m57_departments_that_take_part_get_to_see_its_cases(session, district, police, case, planned):
    assert access.may_see(session, police.first, case)
    told = select(Notice.kind).where(Notice.org_id == district.police.id).order_by(Notice.id)
    assert session.scalars(told).all() == ["operation", "operation"]


def test_m104_a_start_without_acknowledgements_warns_and_is_kept(session, district, bureau, case, planned):
    silent = enforcing.start_operation(session, planned, by=bureau.leader, now=NOW)
    assert silent == [district.police.id]
    kept = select(CaseEvent.body).where(CaseEvent.case_id == case.id, CaseEvent.kind == "operation_started")
    assert session.scalars(kept).one()["not_acknowledged"] == silent


def test_only_the_lead_starts_and_closes_and_only_members_take_part(session, district, bureau, police, planned):
    for act in (
        lambda who: enforcing.start_operation(session, planned, by=who, now=NOW),
        lambda who: enforcing.close_operation(session, planned, summary="x", by=who, now=NOW),
    ):
        with pytest.raises(NotYourBody):
            act(police.leader)
    for outsider in (district.west.leader, Bureau(session, district, make.org(session, "department")).first):
        with pytest.raises(NotYourBody):
            enforcing.acknowledge_plan(session, planned, by=outsider, now=NOW)
    with pytest.raises(NotAllowed):
        enforcing.acknowledge_plan(session, planned, by=district.supervisor, now=NOW)


def test_each_member_acknowledges_and_files_once_and_only_while_it_runs(session, bureau, police, planned):
    with pytest.raises(NotInState):
        enforcing.file_result(session, planned, result="x", by=police.first, now=NOW)
    with pytest.raises(NotInState):
        enforcing.record(session, planned, text="x", by=police.first, now=NOW)
    with pytest.raises(enforcing.FiledAlready):
        enforcing.acknowledge_plan(session, planned, by=bureau.leader, now=NOW)
    enforcing.start_operation(session, planned, by=bureau.leader, now=NOW)
    enforcing.file_result(session, planned, result="x", by=police.first, now=NOW)
    with pytest.raises(enforcing.FiledAlready):
        enforcing.file_result(session, planned, result="y", by=police.first, now=NOW)


def test_an_operation_is_planned_by_a_leader_over_cases_in_hand(session, district, bureau, case):
    with pytest.raises(NotYourRole):
        enforcing.plan_operation(session, plan([case]), by=bureau.first, now=NOW)
    with pytest.raises(Invalid):
        enforcing.plan_operation(session, plan([]), by=bureau.leader, now=NOW)
    with pytest.raises(Invalid):
        enforcing.plan_operation(session, plan([case], ends_on=date(2026, 11, 1)), by=bureau.leader, now=NOW)
    with pytest.raises(enforcing.UnknownMember):
        enforcing.plan_operation(session, plan([case], district.office), by=bureau.leader, now=NOW)
    with pytest.raises(access.NoSuchCase):
        enforcing.plan_operation(session, plan([make.case(session)]), by=bureau.leader, now=NOW)
    case.state = "closed"
    with pytest.raises(NotHandled):
        enforcing.plan_operation(session, plan([case]), by=bureau.leader, now=NOW)


def test_an_operation_is_seen_by_its_members_and_the_district_alone(session, district, bureau, police, planned):
    for who in (bureau.first, police.first, district.supervisor):
        assert enforcing.operations(session, by=who, limit=5) == [planned]
    for stranger in (district.east.leader, make.officer(session, make.org(session, "department"), Role.DEPT_LEADER)):
        assert enforcing.operations(session, by=stranger, limit=5) == []
        with pytest.raises(enforcing.NoSuchOperation):
            enforcing.operation_file(session, planned.id, by=stranger)
        with pytest.raises(enforcing.NoSuchOperation):
            enforcing.lock_operation(session, planned.id, by=stranger, expected_version=1)


def test_an_act_on_an_operation_says_which_version_it_saw(session, bureau, planned):
    with pytest.raises(Unconditional):
        enforcing.lock_operation(session, planned.id, by=bureau.leader, expected_version=None)
    with pytest.raises(Stale):
        enforcing.lock_operation(session, planned.id, by=bureau.leader, expected_version=9)
    assert enforcing.lock_operation(session, planned.id, by=bureau.leader, expected_version=1) is planned


# --- one that does not reach its end


def task_of(session, case, org):
    return session.scalars(select(Task).where(Task.case_id == case.id, Task.org_id == org.id)).one()


def running(session, planned, *, by):
    enforcing.start_operation(session, planned, by=by, now=NOW)
    return planned


def told(session, org):
    late = select(Notice.text).where(Notice.org_id == org.id, Notice.kind == "operation_late").order_by(Notice.id)
    return session.scalars(late).all()


def test_m57_one_that_never_started_is_called_off_with_a_reason_and_no_case_waits_for_it(
    session, district, bureau, case, planned
):
    task = task_of(session, case, district.police)
    tasks_move(task, "sign", by=district.police_officer)
    with pytest.raises(Incomplete):
        enforcing.call_off(session, planned, reason=" ", by=bureau.leader, now=NOW)
    enforcing.call_off(session, planned, reason="台风", by=bureau.leader, now=NOW)
    assert (planned.state, planned.called_off_reason, planned.called_off_by) == (
        "called_off", "台风", bureau.leader.account_id,
    )  # fmt: skip
    assert task.state == "cancelled"
    assert answers(session, case)[district.police.id].stopped_at == NOW
    kept = select(CaseEvent.body["reason"].astext).where(
        CaseEvent.case_id == case.id, CaseEvent.kind == "operation_called_off"
    )
    assert session.scalars(kept).all() == ["台风"]
    texts = session.scalars(select(Notice.text).where(Notice.kind == "operation_called_off")).all()
    assert texts == ["联合执法：夜查，已取消：台风"]
    for after in (
        lambda: enforcing.start_operation(session, planned, by=bureau.leader, now=NOW),
        lambda: enforcing.call_off(session, planned, reason="x", by=bureau.leader, now=NOW),
        lambda: enforcing.acknowledge_plan(session, planned, by=district.police_officer, now=NOW),
    ):
        with pytest.raises(NotInState):
            after()


@pytest.mark.parametrize(("signed", "left"), [(True, "signed"), (False, "cancelled")])
def test_m57_once_it_runs_what_an_office_has_signed_for_it_answers(
    session, district, bureau, case, planned, signed, left
):
    task = task_of(session, case, district.police)
    if signed:
        tasks_move(task, "sign", by=district.police_officer)
    enforcing.call_off(session, running(session, planned, by=bureau.leader), reason="x", by=bureau.leader, now=NOW)
    assert (planned.state, task.state) == ("called_off", left)


def test_what_else_a_department_was_asked_for_stays_when_the_operation_is_off(session, district, bureau, case, planned):
    task = task_of(session, case, district.police)
    assert task.operation_id == planned.id
    asked = routing.involve(
        session, case, district.police, goal="核实许可", why="permit", by=bureau.leader, now=NOW
    )  # fmt: skip
    assert asked is None
    enforcing.call_off(session, planned, reason="x", by=bureau.leader, now=NOW)
    assert task.state == "open"


def test_m57_a_silent_member_is_dropped_and_keeps_nobody_from_closing(session, district, bureau, case, planned):
    running(session, planned, by=bureau.leader)
    enforcing.file_result(session, planned, result="已查", by=bureau.leader, now=NOW)
    enforcing.drop_member(session, planned, org_id=district.police.id, reason="未派人", by=bureau.leader, now=NOW)
    member = next(row for row in enforcing.operation_file(session, planned.id, by=bureau.leader).members
                  if row.org_id == district.police.id)  # fmt: skip
    assert (member.drop_reason, member.dropped_by) == ("未派人", bureau.leader.account_id)
    with pytest.raises(NotYourBody):
        enforcing.file_result(session, planned, result="x", by=district.police_officer, now=NOW)
    assert enforcing.close_operation(session, planned, summary="x", by=bureau.leader, now=NOW).state == "closed"
    texts = session.scalars(select(Notice.text).where(Notice.kind == "operation_dropped")).all()
    assert texts == ["联合执法：夜查，本单位不再参加：未派人"]


def test_only_a_member_that_owes_its_result_is_dropped(session, district, bureau, police, planned):
    for org_id in (bureau.org.id, district.west.org.id):
        with pytest.raises(enforcing.NotAMember):
            enforcing.drop_member(session, planned, org_id=org_id, reason="x", by=bureau.leader, now=NOW)
    with pytest.raises(Incomplete):
        enforcing.drop_member(session, planned, org_id=district.police.id, reason="", by=bureau.leader, now=NOW)
    running(session, planned, by=bureau.leader)
    enforcing.file_result(session, planned, result="x", by=police.leader, now=NOW)
    with pytest.raises(enforcing.FiledAlready):
        enforcing.drop_member(session, planned, org_id=district.police.id, reason="x", by=bureau.leader, now=NOW)


def test_a_member_ends_nothing_and_the_safety_office_may_where_the_lead_is_gone(session, district, police, planned):
    with pytest.raises(NotYourBody):
        enforcing.drop_member(session, planned, org_id=district.police.id, reason="x", by=police.leader, now=NOW)
    with pytest.raises(NotYourBody):
        enforcing.call_off(session, planned, reason="x", by=police.leader, now=NOW)
    assert enforcing.call_off(session, planned, reason="x", by=district.supervisor, now=NOW).state == "called_off"


def test_m104_a_member_that_says_nothing_is_reminded_and_so_is_the_lead(session, district, bureau, police, planned):
    """Planned for the 25th and 26th; it is reminded every three days."""
    begins = datetime(2026, 11, 25, 1, tzinfo=UTC)
    enforcing.urge_operations(session, now=begins - timedelta(days=1))
    assert told(session, district.police) == []
    for hours in (0, 1, 71):
        enforcing.urge_operations(session, now=begins + timedelta(hours=hours))
    assert told(session, district.police) == ["联合执法：夜查，尚未确认参加，请确认"]
    assert told(session, bureau.org) == [f"联合执法：夜查，{district.police.name_zh}尚未确认参加",
                                         "联合执法：夜查，计划日期已过，请启动或者取消"]  # fmt: skip
    enforcing.acknowledge_plan(session, planned, by=police.leader, now=begins)
    enforcing.urge_operations(session, now=begins + timedelta(hours=73))
    assert len(told(session, district.police)) == 1


def test_m57_a_result_is_due_by_the_last_day(session, district, bureau, police, planned):
    running(session, planned, by=bureau.leader)
    enforcing.file_result(session, planned, result="x", by=bureau.leader, now=NOW)
    last_minute = datetime(2026, 11, 26, 15, 59, tzinfo=UTC)
    enforcing.urge_operations(session, now=last_minute)
    assert told(session, district.police) == []
    for days in (0, 1, 3):
        enforcing.urge_operations(session, now=last_minute + timedelta(minutes=1, days=days))
    assert told(session, district.police) == ["联合执法：夜查，应于2026-11-26前填报结果，请填报"] * 2
    assert told(session, bureau.org) == [f"联合执法：夜查，{district.police.name_zh}逾期未填报结果"] * 2
    enforcing.file_result(session, planned, result="x", by=police.leader, now=NOW)
    enforcing.urge_operations(session, now=last_minute + timedelta(days=30))
    assert (len(told(session, district.police)), planned.state) == (2, "running")


def test_m57_what_nobody_starts_is_called_off_by_the_system(session, district, bureau, case, planned):
    over = datetime(2026, 12, 10, 1, tzinfo=UTC)  # fourteen days after its last
    enforcing.urge_operations(session, now=over)
    assert planned.state == "planned"
    enforcing.urge_operations(session, now=over + timedelta(days=1))
    assert (planned.state, planned.called_off_by) == ("called_off", None)
    assert task_of(session, case, district.police).state == "cancelled"
    assert len(session.scalars(select(Notice).where(Notice.kind == "operation_called_off")).all()) == 2


# --- departments beside the town


def answers(session, case):
    return {row.org_id: row for row in session.scalars(
        select(Clock).where(Clock.case_id == case.id, Clock.kind == "answer")
    )}  # fmt: skip


def test_m09_each_department_has_a_clock_of_its_own_that_its_answer_stops(session, district):
    walk = Walk(session, district).dispatched()
    running = answers(session, walk.case)
    assert set(running) == {district.fire.id, district.police.id}
    assert {row.due_at for row in running.values()} == {walk.now + timedelta(hours=24)}  # FIR-02
    handling.answer_task(session, walk.case, text="已配合", by=district.police_officer, now=walk.now)
    stopped = {org for org, row in answers(session, walk.case).items() if row.stopped_at is not None}
    assert stopped == {district.police.id}


def test_m09_a_late_department_counts_against_itself_and_shows_on_the_leads_screen(session, district):
    """M111: the town hears nothing of it, and its own task keeps its own time."""
    walk = Walk(session, district).signed()
    for clock in clocks.running(session, walk.case):
        clocks.stop(session, walk.case, clock.kind, now=walk.now)
    before = set(session.scalars(select(Notice.id)))
    supervision.climb(session, walk.case, now=walk.now + timedelta(hours=24))
    told = set(session.scalars(select(Notice.org_id).where(Notice.id.not_in(before))))
    assert district.west.org.id not in told
    assert {district.fire.id, district.police.id} <= told


def test_m04_whoever_issued_the_permit_gets_a_task(session, district):
    walk = Walk(session, district).signed()
    market = make.org(session, "department", department_kind="market")
    visited(session, walk, {"outcome": "not_seen", "issued_by": "market"})
    task = session.scalars(select(Task).where(Task.case_id == walk.case.id, Task.org_id == market.id)).one()
    assert (task.kind, task.state) == ("coop", "open")
    assert market.id in answers(session, walk.case)


def test_m04_an_issuer_that_is_in_the_case_or_unknown_gets_none(session, district):
    walk = Walk(session, district).signed()
    before = len(session.scalars(select(Task).where(Task.case_id == walk.case.id)).all())
    visited(session, walk, {"outcome": "not_seen", "issued_by": district.fire.code})
    visited(session, walk, {"outcome": "not_seen", "issued_by": "省厅"})
    visited(session, walk, None)
    assert len(session.scalars(select(Task).where(Task.case_id == walk.case.id)).all()) == before


def visited(session, walk, permit_check):
    check_in = handling.CheckIn("verification", make.IN_WEST, [], None)
    who = walk.town.officer
    handling.start_visit(session, walk.case, check_in=check_in, by=who, now=walk.now)
    record = replace(RECORD, permit_check=permit_check)
    handling.complete_visit(session, walk.case, record=record, by=who, now=walk.now)
