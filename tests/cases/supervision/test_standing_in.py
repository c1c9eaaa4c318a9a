"""Leave, substitution, handover and accounts that end: no task lies with somebody who is away (M15, M17)."""

import pytest
from sqlalchemy import select

from cases import handling, notices, supervision
from cases.handling.sign import NotOfYourOffice
from cases.models.case import CaseEvent, Task
from cases.supervision import workload
from cases.supervision.standing_in import NotAColleague
from kit.errors import Invalid, NotAllowed
from people import absences
from people.absences import Leave
from people.models import Account
from people.roles import Role
from people.roster import Absence, Handover
from tests import make
from tests.cases.supervision.conftest import A_DAY
from tests.cases.test_races import at_once
from tests.make import NOW
from workers import clocks as jobs_of_clocks


@pytest.fixture
def west(district):
    return district.west


@pytest.fixture
def leave(session, west):
    """The officer of the western town is away for a week from tomorrow on, and the colleague stands in."""
    asked = Leave(west.officer.account_id, west.colleague.account_id, NOW + A_DAY, NOW + 8 * A_DAY, "年休假")
    return absences.enter(session, asked, by=west.officer, now=NOW)


def task_of(session, case, person, kind="town"):
    task = session.scalars(select(Task).where(Task.case_id == case.id, Task.kind == kind)).one()
    task.person_id, task.state = person.account_id, "signed"
    session.flush()
    return task


def pass_all_on(session, now):
    found = supervision.find_absent(session, now=now)
    for case_id in found:
        supervision.pass_on(session, session.get_one(make.Case, case_id), now=now)
    return found


def test_m15_when_leave_begins_open_tasks_go_to_the_substitute_once(session, west, case, leave, told, trail_of):
    task = task_of(session, case, west.officer)
    assert pass_all_on(session, NOW) == []
    assert pass_all_on(session, NOW + A_DAY) == [case.id]
    assert pass_all_on(session, NOW + 2 * A_DAY) == []
    assert task.person_id == west.colleague.account_id
    assert told() == [("task_moved", west.colleague.account_id)]
    [entry] = trail_of(case, "task_moved")
    assert (entry.body["was"], entry.body["to"], entry.body["why"]) == (
        west.officer.account_id, west.colleague.account_id, "absence"
    )  # fmt: skip


def test_when_leave_ends_the_task_stays_with_whoever_began_it(session, west, case, leave):
    task = task_of(session, case, west.officer)
    pass_all_on(session, NOW + A_DAY)
    pass_all_on(session, NOW + 9 * A_DAY)
    assert task.person_id == west.colleague.account_id


def test_an_answered_task_moves_nowhere(session, west, case, leave):
    task = task_of(session, case, west.officer)
    task.state = "answered"
    session.flush()
    assert pass_all_on(session, NOW + A_DAY) == []


def test_m15_a_task_given_to_somebody_who_is_away_goes_to_who_stands_in(session, west, walk, leave, trail_of):
    case = walk.dispatched().case
    handling.sign(session, case, person_id=west.officer.account_id, by=west.clerk, now=NOW + A_DAY)
    task = session.scalars(select(Task).where(Task.case_id == case.id, Task.kind == "town")).one()
    assert task.person_id == west.colleague.account_id
    assert trail_of(case, "signed")[0].body["instead_of"] == west.officer.account_id


def test_who_stands_in_and_falls_ill_hands_on(session, west, leave):
    ill = Leave(west.colleague.account_id, west.leader.account_id, NOW + 3 * A_DAY, NOW + 5 * A_DAY, "病假")
    absences.enter(session, ill, by=west.clerk, now=NOW)
    who = [absences.standing_in(session, west.officer.account_id, now=NOW + days * A_DAY) for days in (0, 2, 4, 6, 8)]
    officer, colleague, leader = (each.account_id for each in (west.officer, west.colleague, west.leader))
    assert who == [officer, colleague, leader, colleague, officer]


def test_in_a_circle_of_absences_nobody_is_there(session, west, case, leave):
    task = task_of(session, case, west.officer)
    session.add(
        Absence(
            org_id=west.org.id, account_id=west.colleague.account_id, substitute_id=west.officer.account_id,
            from_at=NOW, to_at=NOW + 9 * A_DAY, reason="病假", entered_by=west.clerk.account_id, entered_at=NOW,
        )
    )  # fmt: skip
    session.flush()
    assert absences.standing_in(session, west.officer.account_id, now=NOW + 2 * A_DAY) is None
    assert pass_all_on(session, NOW + 2 * A_DAY) == [case.id]
    assert task.person_id is None


def test_m15_where_the_substitute_is_suspended_before_leave_begins_the_task_goes_back_to_the_office(
    session, west, case, leave, told, trail_of
):
    task = task_of(session, case, west.officer)
    session.get_one(Account, west.colleague.account_id).active = False
    session.flush()
    assert pass_all_on(session, NOW) == []  # the officer is there still
    assert absences.standing_in(session, west.officer.account_id, now=NOW + A_DAY) is None
    assert pass_all_on(session, NOW + A_DAY) == [case.id]
    assert task.person_id is None
    clerk, leader = west.clerk.account_id, west.leader.account_id
    assert told() == [("task_without_person", clerk), ("task_without_person", leader)]
    [entry] = trail_of(case, "task_moved")
    assert (entry.body["was"], entry.body["to"]) == (west.officer.account_id, None)
    assert pass_all_on(session, NOW + 2 * A_DAY) == []


def test_m15_a_substitute_who_is_suspended_while_standing_in_keeps_no_task(session, west, case, leave):
    task = task_of(session, case, west.officer)
    pass_all_on(session, NOW + A_DAY)
    session.get_one(Account, west.colleague.account_id).active = False
    session.flush()
    assert pass_all_on(session, NOW + 2 * A_DAY) == [case.id]
    assert task.person_id is None


def test_m15_nothing_is_given_to_somebody_who_is_away_and_for_whom_nobody_stands_in(session, west, walk, case, leave):
    task_of(session, case, west.leader)
    dispatched = walk.dispatched().case
    session.get_one(Account, west.colleague.account_id).active = False
    session.flush()
    away, later = west.officer.account_id, NOW + A_DAY
    for give in (
        lambda: handling.sign(session, dispatched, person_id=away, by=west.clerk, now=later),
        lambda: handling.assign_task(session, case, person_id=away, by=west.clerk, now=later),
    ):
        with pytest.raises(NotOfYourOffice):
            give()
    with pytest.raises(NotAColleague):
        supervision.hand_over(
            session, from_id=west.leader.account_id, to_id=away, reason="x", by=west.leader, now=later
        )
    assert dispatched.state == "dispatched"


def test_m15_what_is_for_somebody_for_whom_nobody_stands_in_is_told_to_all_of_the_office(session, west, leave, told):
    session.get_one(Account, west.colleague.account_id).active = False
    session.flush()
    for now in (NOW, NOW + A_DAY):
        notices.tell_people(session, west.org.id, [west.officer.account_id], "overdue", "x", now=now)
    assert told() == [("overdue", west.officer.account_id), ("overdue", -west.org.id)]


def test_an_absence_called_off_holds_no_longer(session, west, case, leave):
    task_of(session, case, west.officer)
    absences.cancel(session, leave.id, by=west.officer, now=NOW)
    assert pass_all_on(session, NOW + A_DAY) == []
    with pytest.raises(absences.NoSuchAbsence):
        absences.cancel(session, leave.id, by=west.officer, now=NOW)


def test_only_ones_own_absence_is_entered_unless_one_gives_out_the_work(session, district, west):
    theirs = Leave(west.officer.account_id, west.colleague.account_id, NOW, NOW + A_DAY, "公差")
    with pytest.raises(absences.NotYoursToArrange):
        absences.enter(session, theirs, by=west.colleague, now=NOW)
    for stranger in (district.east.clerk, district.supervisor):
        with pytest.raises(absences.NotYourColleague):
            absences.enter(session, theirs, by=stranger, now=NOW)
    made = absences.enter(session, theirs, by=west.clerk, now=NOW)
    for stranger, refusal in (
        (district.east.clerk, absences.NoSuchAbsence),
        (west.colleague, absences.NotYoursToArrange),
    ):
        with pytest.raises(refusal):
            absences.cancel(session, made.id, by=stranger, now=NOW)


def test_an_absence_makes_sense(session, district, west, leave):
    officer, colleague = west.officer.account_id, west.colleague.account_id
    for wrong, refusal in (
        (Leave(officer, officer, NOW, NOW + A_DAY, "x"), absences.NotYourColleague),
        (Leave(officer, district.east.officer.account_id, NOW, NOW + A_DAY, "x"), absences.NotYourColleague),
        (Leave(officer, colleague, NOW - 2 * A_DAY, NOW - A_DAY, "x"), Invalid),
        (Leave(officer, colleague, NOW + 2 * A_DAY, NOW + A_DAY, "x"), Invalid),
        (Leave(officer, colleague, NOW + 7 * A_DAY, NOW + 9 * A_DAY, "x"), absences.Overlapping),
        (Leave(west.leader.account_id, officer, NOW + 2 * A_DAY, NOW + 3 * A_DAY, "x"), absences.Overlapping),
    ):
        with pytest.raises(refusal):
            absences.enter(session, wrong, by=west.clerk, now=NOW)


# --- handover


def test_a_handover_moves_every_open_task_in_one_act(session, west, case, told, trail_of):
    other = make.case(session, west.org, state="signed")
    tasks = [task_of(session, each, west.officer) for each in (case, other)]
    made = supervision.hand_over(
        session,
        from_id=west.officer.account_id,
        to_id=west.colleague.account_id,
        reason="调岗",
        by=west.leader,
        now=NOW,
    )
    assert {task.person_id for task in tasks} == {west.colleague.account_id}
    assert (made.tasks, made.made_by) == (2, west.leader.account_id)
    assert told() == [("handover", west.colleague.account_id)]
    assert [trail_of(each, "task_moved")[0].body["why"] for each in (case, other)] == ["handover"] * 2


def test_a_handover_to_who_is_away_reaches_who_stands_in(session, west, case, leave):
    task = task_of(session, case, west.leader)
    supervision.hand_over(
        session, from_id=west.leader.account_id, to_id=west.officer.account_id, reason="x", by=west.leader,
        now=NOW + A_DAY,
    )  # fmt: skip
    assert task.person_id == west.colleague.account_id
    with pytest.raises(NotAColleague):  # it would come back to whoever hands over
        supervision.hand_over(
            session, from_id=west.colleague.account_id, to_id=west.officer.account_id, reason="x", by=west.colleague,
            now=NOW + A_DAY,
        )  # fmt: skip


def test_others_work_is_handed_over_by_their_leader_within_the_office(session, district, west):
    mine, theirs = west.officer.account_id, district.east.officer.account_id
    for by, from_id, to_id, refusal in (
        (west.colleague, mine, west.colleague.account_id, NotAllowed),
        (west.leader, mine, theirs, NotAColleague),
        (district.east.leader, mine, theirs, NotAColleague),
        (west.leader, mine, mine, NotAColleague),
    ):
        with pytest.raises(refusal):
            supervision.hand_over(session, from_id=from_id, to_id=to_id, reason="x", by=by, now=NOW)


def test_a_task_of_an_account_that_ended_all_the_same_goes_back_to_the_office(session, west, case, told):
    """Somebody assigned it at the very moment: the sweep finds it."""
    task = task_of(session, case, west.officer)
    session.get_one(Account, west.officer.account_id).active = False
    session.flush()
    assert pass_all_on(session, NOW) == [case.id]
    assert task.person_id is None
    assert set(told()) == {
        ("task_without_person", west.clerk.account_id), ("task_without_person", west.leader.account_id),
    }  # fmt: skip
    assert pass_all_on(session, NOW) == []


def left(committing):
    """A town and its case, whose task is that of somebody who is away from now on, with a colleague standing in."""
    with committing() as session:
        west = make.district(session).west
        case = make.case(session, west.org, state="signed")
        task_of(session, case, west.officer)
        leave = Leave(west.officer.account_id, west.colleague.account_id, NOW, NOW + A_DAY, "病假")
        absences.enter(session, leave, by=west.officer, now=NOW)
        return west, case


def test_two_workers_give_a_task_back_once_while_its_substitute_is_being_suspended(committing):
    west, case = left(committing)

    def stand_in():
        with committing() as session:
            jobs_of_clocks.stand_in(session, case.id, now=NOW)

    def suspend():
        with committing() as session:
            session.get_one(Account, west.colleague.account_id).active = False

    assert at_once(stand_in, suspend, stand_in) == [None, None, None]
    with committing() as session:
        pass_all_on(session, NOW)
        assert session.scalars(select(Task.person_id)).one() is None
        moved = select(CaseEvent).where(CaseEvent.kind == "task_moved").order_by(CaseEvent.seq)
        *_, last = session.scalars(moved).all()
        assert last.body["to"] is None
        assert pass_all_on(session, NOW) == []


def test_two_workers_and_a_handover_at_once_move_a_task_in_turn(committing):
    west, case = left(committing)

    def stand_in():
        with committing() as session:
            jobs_of_clocks.stand_in(session, case.id, now=NOW)

    def hand_over():
        with committing() as session:
            supervision.hand_over(
                session, from_id=west.officer.account_id, to_id=west.leader.account_id, reason="x", by=west.leader,
                now=NOW,
            )  # fmt: skip

    assert at_once(stand_in, stand_in, hand_over) == [None, None, None]
    with committing() as session:
        holder = session.scalars(select(Task.person_id)).one()
        moved = session.scalars(select(Handover.tasks)).one()
        expected = west.leader if moved else west.colleague
        assert holder == expected.account_id


# --- M17


def test_m17_everybody_of_an_office_with_what_is_open_near_and_late(session, west, case):
    task = task_of(session, case, west.officer)
    task.due_at, task.yellow_at = NOW, NOW - A_DAY
    near = make.case(session, west.org, state="signed")
    near_task = task_of(session, near, west.officer)
    near_task.due_at, near_task.yellow_at = NOW + A_DAY, NOW
    make.case(session, west.org, state="dispatched")  # nobody has it yet
    session.flush()
    loads = {load.account_id: load for load in workload.of_office(session, west.org.id, by=west.leader, now=NOW)}
    mine = loads[west.officer.account_id]
    assert (mine.live, mine.yellow, mine.overdue, mine.next_due_at) == (2, 1, 1, NOW)
    assert (loads[west.clerk.account_id].live, loads[None].live) == (0, 1)
    listed = workload.of_person(session, west.officer.account_id, by=west.leader, limit=9)
    assert [row.id for row in listed] == [task.id, near_task.id]


def test_m17_anothers_office_is_for_the_safety_office_and_the_discipline_body(session, district, west, case):
    task_of(session, case, west.officer)
    for reader in (district.supervisor, make.officer(session, district.office, Role.DISCIPLINE)):
        assert workload.of_office(session, west.org.id, by=reader, now=NOW)
    for stranger in (district.east.leader, district.intake, district.fire_leader):
        with pytest.raises(NotAllowed):
            workload.of_office(session, west.org.id, by=stranger, now=NOW)
    assert workload.of_person(session, west.officer.account_id, by=district.east.leader, limit=9) == []
