"""What each office sees by raw SQL, with no predicate of ours, as a case changes hands (M08, M09, M11, M57, ADR 0022).

Every table of a case is asked, whichever there are: each row is seen exactly by whom its case is seen.
"""

from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from cases import disputes, enforcing, handling, notices, routing, triage
from cases.disputes.requests import Plea
from cases.enforcing.operation import OperationPlan
from cases.handling.meeting import Minutes
from cases.models.case import Case, Notice, Task
from cases.models.operation import Operation, OperationMember, OperationRecord
from cases.models.readers import tables_of_a_case
from cases.routing import place
from cases.routing.void import EXACT_DUPLICATE
from kit.db import take_role
from people.roles import Role
from tests import make
from tests.desk import accepted, case_of, waiting
from tests.make import NOW
from tests.walk import Walk

# Why the desk holds two entries for one may speak of reports: no office has any right on it (X42). Notices see below.
PARTED = sorted({table.name for table in tables_of_a_case()} - {"voiding", "notice"})


@contextmanager
def seen_as(session, actor):
    """The database as the actor's office sees it; nothing done in it stays."""
    session.flush()
    with session.begin_nested() as inside:
        take_role(session, actor.database_role, {"org": str(actor.org_id), "account": str(actor.account_id)})
        yield
        inside.rollback()


def cases_seen(session, actor):
    with seen_as(session, actor):
        return set(session.scalars(select(Case.id)))


def rows_of(session, case):
    """How many rows of a case there are in each table that has policies, as the database shows them."""
    return {
        table: session.scalar(text(f"select count(*) from handling.{table} where case_id = :id"), {"id": case.id})  # noqa: S608
        for table in PARTED
    }


def readers(session, case):
    session.flush()
    return session.scalar(text('select readers from handling."case" where id = :id'), {"id": case.id})


def copies(session, case):
    """Every copy of a case's readers, in whichever table."""
    union = " union ".join(f"select readers from handling.{table} where case_id = :id" for table in PARTED)  # noqa: S608
    return session.scalars(text(union), {"id": case.id}).all()


@pytest.fixture
def case(session, district):
    """A case of the west with rows in many tables, and a task of the fire brigade."""
    made = make.case(session, district.west.org, state="signed")
    visit = make.visit(session, made, district.west.officer)
    make.copies(session, visit, delivered=1)
    make.verdict(session, made, visit, district.west.officer)
    make.order(session, made, district.west.leader)
    make.pictures(session, made, "near")
    make.task(session, made, district.fire, kind="coop")
    return made


def test_rows_are_seen_by_the_responsible_body_and_departments_with_a_task_and_nobody_else(session, district, case):
    everything = rows_of(session, case)
    assert sum(count > 0 for count in everything.values()) >= 6
    for actor in (district.west.clerk, district.fire_officer, district.supervisor):
        with seen_as(session, actor):
            assert rows_of(session, case) == everything, actor
    for actor in (district.east.clerk, district.police_officer):
        with seen_as(session, actor):
            assert set(rows_of(session, case).values()) == {0}, actor


def test_a_case_that_is_arbitrated_is_seen_by_its_new_town_and_no_more_by_the_old(session, district):
    west, east = district.west, district.east
    case = Walk(session, district, now=NOW - timedelta(hours=1)).dispatched().case
    plea = Plea("not_my_territory", "地块属于东镇", proposed_org_id=east.org.id)
    request = disputes.ask_return(session, case, plea=plea, by=west.clerk, now=NOW)
    everything = rows_of(session, case)
    with seen_as(session, west.clerk):
        assert rows_of(session, case) == everything
    disputes.uphold(session, case, request, text="成立", by=district.supervisor, now=NOW)
    everything = rows_of(session, case)
    assert everything["return_request"] == 1
    with seen_as(session, west.clerk):
        assert set(rows_of(session, case).values()) == {0}
    with seen_as(session, east.clerk):
        assert rows_of(session, case) == everything
    assert copies(session, case) == [readers(session, case)]


def test_what_is_merged_away_is_seen_by_none_that_did_not_see_it(session, district):
    kept, gone = (case_of(session, accepted(session, district)) for _ in range(2))
    before = {actor: cases_seen(session, actor) for actor in (district.west.clerk, district.east.clerk)}
    report = waiting(session)
    triage.merge(session, report, kept.id, place(session, report), evidence="同一处", by=district.intake, now=NOW)
    assert before == {actor: cases_seen(session, actor) for actor in before}
    routing.propose_void(
        session, gone, reason=EXACT_DUPLICATE, text="重复登记", same_as=kept, by=district.intake, now=NOW
    )
    assert before == {actor: cases_seen(session, actor) for actor in before}


def test_a_department_whose_task_has_ended_still_reads_what_it_had_a_part_in(session, district, case):
    """Its own visits, measures and answers stand there, and it may be asked about them for years."""
    task = session.scalars(select(Task).where(Task.case_id == case.id, Task.org_id == district.fire.id)).one()
    for state in ("answered", "cancelled"):
        task.state = state
        assert cases_seen(session, district.fire_officer) == {case.id}
    assert cases_seen(session, district.police_officer) == set()


def test_a_task_for_another_department_opens_what_is_there_already(session, district, case):
    assert readers(session, case) == sorted([district.west.org.id, district.fire.id])
    make.task(session, case, district.police, kind="coop")
    assert readers(session, case) == sorted([district.west.org.id, district.fire.id, district.police.id])
    everything = rows_of(session, case)
    with seen_as(session, district.police_officer):
        assert rows_of(session, case) == everything


def test_a_task_of_another_town_opens_nothing_to_it(session, district, case):
    """Towns see what they answer for, and no more (M11)."""
    make.task(session, case, district.east.org, kind="coop")
    assert cases_seen(session, district.east.clerk) == set()


def test_an_operation_is_seen_by_the_bodies_that_take_part(session, district, case):
    leader = make.officer(session, district.fire, Role.DEPT_LEADER)
    plan = OperationPlan("夜查", "分两组", date(2026, 11, 25), date(2026, 11, 26), [district.police.id], [case.id])
    operation = enforcing.plan_operation(session, plan, by=leader, now=NOW)
    enforcing.acknowledge_plan(session, operation, by=make.officer(session, district.police, Role.DEPT_LEADER), now=NOW)
    enforcing.start_operation(session, operation, by=leader, now=NOW)
    enforcing.record(session, operation, text="查封两处", by=leader, now=NOW)
    for actor, sees in (
        (leader, (1, 2, 1)), (district.police_officer, (1, 2, 1)), (district.supervisor, (1, 2, 1)),
        (district.west.clerk, (0, 0, 0)), (district.east.clerk, (0, 0, 0)),
    ):  # fmt: skip
        with seen_as(session, actor):
            seen = tuple(
                len(session.scalars(select(each)).all()) for each in (Operation, OperationMember, OperationRecord)
            )
        assert seen == sees, actor
    assert case.id in cases_seen(session, district.police_officer)  # who takes part got a task


def test_minutes_are_seen_by_the_bodies_that_were_there(session, district):
    held = Minutes("联席会议", NOW.date(), [district.fire.id, district.west.org.id], "略", "加强夜查")
    handling.hold_meeting(session, held, by=district.supervisor, now=NOW)
    for actor, sees in (
        (district.west.clerk, 1), (district.fire_officer, 1), (district.east.clerk, 0), (district.police_officer, 0),
    ):  # fmt: skip
        with seen_as(session, actor):
            assert session.scalar(text("select count(*) from handling.joint_meeting")) == sees, actor
            assert session.scalar(text("select count(*) > 0 from handling.joint_meeting_body")) == bool(sees), actor


# --- notices


def test_a_notice_is_seen_by_the_office_that_it_is_for_and_the_one_that_left_it(session, district, case):
    with seen_as(session, district.west.clerk):
        left = notices.leave(session, district.fire.id, "task", "请到场", now=NOW, case_id=case.id)
        for actor, sees in (
            (district.west.clerk, True), (district.fire_officer, True), (district.supervisor, True),
            (district.east.clerk, False), (district.police_officer, False),
        ):  # fmt: skip
            with seen_as(session, actor):
                assert (session.scalar(select(Notice.id).where(Notice.id == left.id)) is not None) == sees, actor


def test_what_the_district_is_told_about_a_case_is_not_for_its_town(session, district, case):
    notices.leave(session, district.office.id, "retaliation", "有一件疑遭打击报复", now=NOW, case_id=case.id)
    notices.leave(session, district.office.id, "social_risk", "有社会风险", now=NOW, case_id=case.id)
    with seen_as(session, district.west.leader):
        assert session.scalars(select(Notice.kind)).all() == ["social_risk"]  # who was told is the case's own matter
    with seen_as(session, district.east.leader):
        assert session.scalars(select(Notice.kind)).all() == []


# --- nobody writes it


def test_no_office_can_say_who_reads(session, district, case):
    """Whatever is written there, the database works it out anew; in the rows of a case it may only be the case's."""
    true = readers(session, case)
    town, mine = district.west.leader, {"id": case.id, "org": district.east.org.id}
    with seen_as(session, town):
        session.execute(text('update handling."case" set readers = array[:org]::int[] where id = :id'), mine)
        assert session.scalar(text('select readers from handling."case" where id = :id'), mine) == true
    with pytest.raises(IntegrityError, match="fk_visit_readers"), seen_as(session, town):
        session.execute(text("update handling.visit set readers = readers || :org where case_id = :id"), mine)
    with pytest.raises(ProgrammingError, match="permission denied"), seen_as(session, town):
        session.execute(text("update handling.case_event set readers = '{}' where case_id = :id"), mine)
    assert copies(session, case) == [true]


def test_who_reads_is_no_part_of_history_and_the_rest_of_it_stays(session, district):
    """As the owner, who is above all rights: the entry can change its readers, and nothing else beside them."""
    case = Walk(session, district, now=NOW - timedelta(hours=1)).dispatched().case
    make.task(session, case, district.police, kind="coop")
    assert copies(session, case) == [readers(session, case)]
    with pytest.raises(ProgrammingError, match="history is kept"), session.begin_nested():
        session.execute(text("update handling.case_event set readers = readers, actor = 'x' where case_id = :id"),
                        {"id": case.id})  # fmt: skip
