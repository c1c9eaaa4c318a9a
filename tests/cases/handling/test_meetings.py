"""M09, M15: a joint meeting has its minutes, and each action item is a task with a clock, late for nobody else."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from cases import access, handling, supervision
from cases.handling import ActionItem, Minutes, NoSuchMeeting
from cases.handling.bring_in import NotADepartment
from cases.handling.meeting import DayOutOfRange, SignedAlready
from cases.handling.sign import AnsweredAlready, NoSuchTask
from cases.lifecycle import closing
from cases.lifecycle.beside import NotHandled
from cases.lifecycle.guards import Incomplete, NotYourBody
from cases.lifecycle.machine import NotYourRole
from cases.models.case import Clock, Task
from cases.models.meeting import JointMeeting, MeetingBody, MeetingItem
from cases.models.supervision import UrgeOrder
from kit.clock import LOCAL_ZONE
from people.roles import Role
from tests import desk, make
from tests.cases.test_races import at_once
from tests.make import NOW
from tests.walk import Walk

TODAY = NOW.astimezone(LOCAL_ZONE).date()
DAY = timedelta(days=1)


@pytest.fixture
def ordered(walk):
    return walk.ordered()


def minutes(district, *items, **facts):
    parts = {
        "title": "消防通道联席会议", "held_on": TODAY, "present_org_ids": [district.fire.id, district.police.id],
        "minutes": "讨论了占道问题", "decisions": "分头清理",
    }  # fmt: skip
    return Minutes(**(parts | facts), items=list(items))


def item(walk, org, *, days=5, text="清理占道车辆"):
    return ActionItem(walk.case.id, org.id, text, TODAY + days * DAY)


def hold(walk, held, *, by=None):
    return handling.hold_meeting(walk.session, held, by=by or walk.district.fire_leader, now=NOW)


def tasks_of(walk, org):
    found = select(Task).where(Task.case_id == walk.case.id, Task.org_id == org.id).order_by(Task.due_at, Task.id)
    return list(walk.session.scalars(found))


def test_m09_each_action_item_is_a_task_with_a_clock_of_its_own(session, district, ordered):
    before = len(tasks_of(ordered, district.police))
    meeting = hold(ordered, minutes(district, item(ordered, district.police), item(ordered, district.police, days=9)))
    rows = session.scalars(select(MeetingItem).where(MeetingItem.meeting_id == meeting.id)).all()
    assert sorted((each.position, each.due_on) for each in rows) == [(1, TODAY + 5 * DAY), (2, TODAY + 9 * DAY)]
    assert len(tasks_of(ordered, district.police)) == before + 2
    for each in rows:
        task = session.get_one(Task, each.task_id)
        clock = session.scalars(select(Clock).where(Clock.task_id == task.id)).one()
        end = datetime.combine(each.due_on + DAY, datetime.min.time(), LOCAL_ZONE)  # D1: 24:00
        assert (task.kind, task.state, task.goal, task.due_at) == ("coop", "open", each.text, end)
        assert (clock.kind, clock.org_id, clock.due_at) == ("answer", district.police.id, end)
    assert desk.entries(session, ordered.case)[-1] == "meeting_held"
    told = [(each.org_id, each.case_id) for each in desk.notices(session, "joint_meeting")]
    assert sorted(told, key=str) == sorted(
        [(district.police.id, None), *[(district.police.id, ordered.case.id)] * 2], key=str
    )


def test_m09_an_item_that_is_late_counts_against_its_department_and_shows_on_the_leads_screen(
    session, district, ordered
):
    hold(ordered, minutes(district, item(ordered, district.police)))
    (task,) = [each for each in tasks_of(ordered, district.police) if each.goal == "清理占道车辆"]
    clock = session.scalars(select(Clock).where(Clock.task_id == task.id)).one()
    supervision.climb(session, ordered.case, now=task.due_at + 5 * DAY)
    assert set(session.scalars(select(UrgeOrder.org_id).where(UrgeOrder.clock_id == clock.id))) == {district.police.id}
    assert district.fire.id in {each.org_id for each in desk.notices(session, "overdue")}


def test_m09_who_leads_hears_of_each_answer_and_the_named_task_is_answered(session, district, ordered):
    """G-TASK: all of them, the category's own task as well."""
    hold(ordered, minutes(district, item(ordered, district.police)))
    own, agreed = tasks_of(ordered, district.police)
    if own.goal == "清理占道车辆":
        own, agreed = agreed, own
    by, case = district.police_officer, ordered.case
    handling.answer_task(session, case, text="已清理", by=by, now=NOW, task_id=agreed.id)
    assert (agreed.state, own.state) == ("answered", "open")
    assert [each.org_id for each in desk.notices(session, "coop_answered")] == [district.fire.id]
    with pytest.raises(AnsweredAlready):
        handling.answer_task(session, case, text="又", by=by, now=NOW, task_id=agreed.id)
    with pytest.raises(NoSuchTask):
        handling.answer_task(session, case, text="x", by=district.fire_officer, now=NOW, task_id=own.id)
    handling.answer_task(session, case, text="已配合", by=by, now=NOW)  # the one that is left
    assert own.state == "answered"
    with pytest.raises(AnsweredAlready):
        handling.answer_task(session, case, text="又", by=by, now=NOW)


def test_a_department_whose_task_was_taken_back_and_that_is_asked_again_answers_the_new_one(session, district, ordered):
    (old,) = tasks_of(ordered, district.police)
    old.state = "cancelled"
    new = make.task(session, ordered.case, district.police, kind="coop")
    handling.answer_task(session, ordered.case, text="已配合", by=district.police_officer, now=NOW)
    assert (old.state, new.state) == ("cancelled", "answered")


def test_g_task_a_case_is_not_closed_while_an_item_is_open(session, district, walk):
    walk.closable()
    assert {each.code: each.holds for each in closing.panel(session, walk.case)}["G-TASK"]
    hold(walk, minutes(district, item(walk, district.police)))
    assert not {each.code: each.holds for each in closing.panel(session, walk.case)}["G-TASK"]


def test_minutes_without_items_are_kept_and_known_by_their_hash(session, district, ordered):
    first = hold(ordered, minutes(district))
    again = hold(ordered, minutes(district, present_org_ids=[district.police.id, district.fire.id]))
    other = hold(ordered, minutes(district, decisions="改日再议"))
    assert first.minutes_hash == again.minutes_hash != other.minutes_hash
    assert len(first.minutes_hash) == 32
    assert desk.entries(session, ordered.case)[-1] != "meeting_held"


def test_m07_the_safety_office_convenes_of_any_case_and_others_of_their_own(session, district, ordered):
    held = minutes(district, item(ordered, district.police))
    hold(ordered, held, by=district.supervisor)
    with pytest.raises(NotYourRole):
        hold(ordered, held, by=district.intake)
    with pytest.raises(NotYourRole):
        hold(ordered, held, by=ordered.town.officer)
    with pytest.raises(access.NoSuchCase):
        hold(ordered, held, by=district.east.leader)
    stranger = make.officer(session, make.org(session, "department", department_kind="gas"), Role.DEPT_LEADER)
    with pytest.raises(access.NoSuchCase):
        hold(ordered, held, by=stranger)


def test_what_cannot_be_agreed_on_is_refused_and_changes_nothing(session, district, ordered):
    good = item(ordered, district.police)
    refused = [
        (minutes(district, held_on=TODAY + DAY), DayOutOfRange),
        (minutes(district, replace(good, due_on=TODAY - DAY)), DayOutOfRange),
        (minutes(district, good, replace(good, org_id=district.west.org.id)), NotADepartment),
        (minutes(district, good, replace(good, org_id=2**31 - 1)), NotADepartment),
        (minutes(district, present_org_ids=[district.fire.id]), Incomplete),
        (minutes(district, present_org_ids=[district.police.id, 2**31 - 1]), Incomplete),
    ]
    for held, refusal in refused:
        nested, before = session.begin_nested(), desk.entries(session, ordered.case)
        with pytest.raises(refusal):
            hold(ordered, held)
        nested.rollback()
        session.expire_all()
        assert desk.entries(session, ordered.case) == before
    assert session.scalars(select(JointMeeting)).all() == []


def test_an_item_of_a_case_that_nobody_handles_is_refused(session, district, ordered):
    ordered.case.state = "closed"
    session.flush()
    with pytest.raises(NotHandled):
        hold(ordered, minutes(district, item(ordered, district.police)))


def test_each_body_that_was_present_signs_once_by_its_leader(session, district, ordered):
    meeting = hold(ordered, minutes(district))
    police = make.officer(session, district.police, Role.DEPT_LEADER)
    made = handling.sign_minutes(session, meeting.id, by=police, now=NOW)
    assert (made.org_id, made.signed_by, made.signed_at) == (district.police.id, police.account_id, NOW)
    with pytest.raises(SignedAlready):
        handling.sign_minutes(session, meeting.id, by=police, now=NOW)
    with pytest.raises(NotYourRole):
        handling.sign_minutes(session, meeting.id, by=district.police_officer, now=NOW)
    with pytest.raises(NotYourBody):  # it sees every meeting, and was not there
        handling.sign_minutes(session, meeting.id, by=district.supervisor, now=NOW)
    with pytest.raises(NoSuchMeeting):
        handling.sign_minutes(session, meeting.id, by=district.west.leader, now=NOW)
    unsigned = select(MeetingBody.org_id).where(MeetingBody.meeting_id == meeting.id, MeetingBody.signed_at.is_(None))
    assert list(session.scalars(unsigned)) == [district.fire.id]


def test_m11_who_had_no_part_in_a_meeting_does_not_read_of_it(session, district, ordered):
    gas = make.org(session, "department", department_kind="gas")
    absent = make.officer(session, gas, Role.DEPT_OFFICER)
    meeting = hold(ordered, minutes(district, item(ordered, gas)))
    assert [each.id for each in handling.meetings(session, by=absent, limit=9)] == [meeting.id]  # it has a task of it
    for reader in (district.fire_officer, district.police_officer, district.supervisor):
        assert handling.find_meeting(session, meeting.id, by=reader).meeting.id == meeting.id
    for stranger in (district.west.leader, district.east.leader):
        assert handling.meetings(session, by=stranger, limit=9) == []
        with pytest.raises(NoSuchMeeting):
            handling.find_meeting(session, meeting.id, by=stranger)


def test_of_two_leaders_of_one_body_one_signs(committing):
    with committing() as session:
        district = make.district(session)
        walk = Walk(session, district).ordered()
        meeting = hold(walk, minutes(district))
        leaders = [make.officer(session, district.police, Role.DEPT_LEADER) for _ in range(2)]

    def sign(by):
        def go():
            with committing() as session:
                handling.sign_minutes(session, meeting.id, by=by, now=NOW)

        return go

    told = at_once(*(sign(each) for each in leaders))
    assert sorted(told, key=str) == sorted([None, SignedAlready], key=str)
