"""Two leaders at once, and what row-level security lets a body do: the acts of enforcement under real roles."""

from contextlib import contextmanager
from functools import partial

import pytest
from sqlalchemy import select

from cases import access, enforcing
from cases.models.case import Case, Task
from cases.models.operation import Operation
from cases.models.penalty import Penalty
from kit.db import take_role
from kit.errors import Stale
from tests import make
from tests.cases.test_races import at_once
from tests.enforcement import Bureau, decision, referral
from tests.make import NOW


@contextmanager
def acting(session, actor):
    """Everything inside is done in the database role of the actor's office."""
    session.flush()
    take_role(session, actor.database_role, {"org": str(actor.org_id or "")})
    yield
    session.flush()
    session.connection().exec_driver_sql("reset role")


def test_of_two_leaders_who_decide_at_once_one_decides_and_the_other_is_told(committing):
    """Promise 5: there is one decision, whoever was quicker."""
    with committing() as session:
        bureau = Bureau(session, make.district(session))
        case = bureau.case()
        penalty = bureau.heard(case)
        version, leaders = case.version, [bureau.leader, make.officer(session, bureau.org, *bureau.leader.roles)]

    def decide(leader):
        def act():
            with committing() as session:
                held = access.lock(session, case.id, by=leader, expected_version=version)
                found = enforcing.find_penalty(session, held, penalty.id)
                enforcing.decide(session, held, found, decision(), by=leader, now=NOW)

        return act

    assert sorted(at_once(*map(decide, leaders)), key=str) == sorted([None, Stale], key=str)
    with committing() as session:
        assert session.get_one(Penalty, penalty.id).state == "decided"
        assert session.get_one(Case, case.id).version == version + 1


def test_of_a_start_and_a_calling_off_at_once_one_holds_and_the_other_is_told(committing):
    """M57: nobody sets out for an operation that is off."""
    with committing() as session:
        district = make.district(session)
        bureau = Bureau(session, district)
        case = bureau.case()
        plan = enforcing.OperationPlan("夜查", "x", NOW.date(), NOW.date(), [district.police.id], [case.id])
        operation = enforcing.plan_operation(session, plan, by=bureau.leader, now=NOW)
        version, other = operation.version, make.officer(session, bureau.org, *bureau.leader.roles)

    def act(do, who):
        def acting():
            with committing() as session:
                held = enforcing.lock_operation(session, operation.id, by=who, expected_version=version)
                do(session, held, by=who, now=NOW)

        return acting

    off = partial(enforcing.call_off, reason="台风")
    both = at_once(act(enforcing.start_operation, bureau.leader), act(off, other))
    assert sorted(both, key=str) == sorted([None, Stale], key=str)
    with committing() as session:
        row = session.get_one(Operation, operation.id)
        task = session.scalars(select(Task).where(Task.operation_id == row.id)).one()
        states = {"running": "open", "called_off": "cancelled"}
        assert (row.version, task.state) == (version + 1, states[row.state])


@pytest.fixture
def district(session):
    return make.district(session)


def test_a_department_does_the_whole_penalty_track_in_its_own_database_role(session, district):
    bureau = Bureau(session, district)
    case = bureau.case()
    with acting(session, bureau.first):
        penalty = bureau.heard(case)
    with acting(session, bureau.leader):
        enforcing.decide(session, case, penalty, decision(), by=bureau.leader, now=NOW)
    with acting(session, bureau.first):
        enforcing.serve(session, case, penalty, how="x", by=bureau.first, now=NOW)
        enforcing.obstructed(session, case, facts="x", by=bureau.first, now=NOW)
    second = bureau.filed(case)
    with acting(session, bureau.leader):
        enforcing.propose_waiver(
            session, case, second, reason="no_fault", conditions={"proven": True}, text="x", education="x",
            by=bureau.leader, now=NOW,
        )  # fmt: skip
    with acting(session, bureau.lawyer):
        enforcing.waive(session, case, second, note="x", by=bureau.lawyer, now=NOW)
    assert (penalty.state, second.state) == ("served", "not_penalised")


def test_measures_referrals_and_operations_work_in_the_roles_of_their_people(session, district):
    bureau, police = Bureau(session, district), Bureau(session, district, district.police)
    case = bureau.case()
    with acting(session, bureau.first):
        proposed = bureau.proposed(case, "sealing")
    with acting(session, bureau.leader):
        enforcing.approve(session, case, proposed, note="x", decision_ref=None, by=bureau.leader, now=NOW)
        sent = enforcing.refer(session, case, referral(district.police), by=bureau.leader, now=NOW)
    with acting(session, police.leader):
        assert [row.id for row in enforcing.received(session, by=police.leader, limit=5)] == [sent.id]
        enforcing.refuse(session, case, sent, reason="x", slip="", by=police.leader, now=NOW)
    with acting(session, district.supervisor):
        enforcing.settle(session, case, sent, receiver_takes_it=True, text="x", by=district.supervisor, now=NOW)
    with acting(session, police.first):
        enforcing.answer(session, case, sent, result="x", by=police.first, now=NOW)
    with acting(session, bureau.leader):
        plan = enforcing.OperationPlan("夜查", "x", NOW.date(), NOW.date(), [district.police.id], [case.id])
        operation = enforcing.plan_operation(session, plan, by=bureau.leader, now=NOW)
        enforcing.start_operation(session, operation, by=bureau.leader, now=NOW)
    with acting(session, police.first):
        enforcing.file_result(session, operation, result="x", by=police.first, now=NOW)
    for ends in (
        partial(enforcing.call_off, reason="x"),
        partial(enforcing.drop_member, org_id=district.police.id, reason="x"),
    ):
        with acting(session, bureau.leader):
            planned = enforcing.plan_operation(session, plan, by=bureau.leader, now=NOW)
            ends(session, planned, by=bureau.leader, now=NOW)
    assert (case.state, sent.state) == ("rectifying", "answered")


def test_a_town_hands_over_and_the_receiver_sees_it_from_then_on(session, district):
    town = Bureau(session, district, district.west.org)
    case = town.case()
    assert not access.may_see(session, district.fire_leader, case)
    with acting(session, town.leader):
        sent = enforcing.refer(session, case, referral(district.fire), by=town.leader, now=NOW)
        assert [row.id for row in enforcing.awaiting(session, by=town.leader, limit=5)] == [sent.id]
    with acting(session, district.fire_leader):
        held = access.lock(session, case.id, by=district.fire_leader, expected_version=case.version)
        enforcing.accept(session, held, sent, slip="", by=district.fire_leader, now=NOW)
    with acting(session, district.east.leader):
        assert enforcing.awaiting(session, by=district.east.leader, limit=5) == []
