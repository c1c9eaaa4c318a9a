"""M09: of a joint meeting (联席会议) the minutes are kept, and each action item becomes a task with its own clock.

Whoever convenes has the case in hand, or is the safety office, which convenes and handles nothing (M07).
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, exists, or_, select, true, tuple_
from sqlalchemy.orm import Session

from cases import access, notices, policy, routing, trail
from cases.handling.bring_in import NotADepartment
from cases.journey import Kind
from cases.lifecycle.beside import being_handled
from cases.lifecycle.guards import Incomplete, NotYourBody, of_a_tasked_body
from cases.lifecycle.machine import NotYourRole
from cases.models.case import Case
from cases.models.meeting import JointMeeting, MeetingBody, MeetingItem
from kit.clock import LOCAL_ZONE
from kit.errors import Conflict, Invalid, NotFound
from people.actors import Actor
from people.models import Org
from people.roles import Role

CONVENERS = (Role.TOWN_LEADER, Role.DEPT_LEADER, Role.DEPT_OFFICER, Role.SAFETY_OFFICE)
SIGNERS = (Role.TOWN_LEADER, Role.DEPT_LEADER, Role.SAFETY_OFFICE)
FEWEST = 2


class NoSuchMeeting(NotFound):
    """There is no such meeting, or the actor's body had no part in it."""

    code = "meeting.unknown"
    message = "There is no such meeting."


class SignedAlready(Conflict):
    """The body has signed the minutes."""

    code = "meeting.signed_already"
    message = "Your body has signed these minutes already."


class DayOutOfRange(Invalid):
    """A meeting was held today or before, and its action items are due later."""

    code = "meeting.day_out_of_range"
    message = "A meeting was held, and what it agreed on is still to be done."


@dataclass(frozen=True)
class ActionItem:
    """What a department has to do for a case, until the end of a day."""

    case_id: UUID
    org_id: int
    text: str
    due_on: date


@dataclass(frozen=True)
class Minutes:
    """What was talked about and decided, by which bodies, when."""

    title: str
    held_on: date
    present_org_ids: Sequence[int]
    minutes: str
    decisions: str
    items: Sequence[ActionItem] = ()


@dataclass(frozen=True)
class MeetingFile:
    """A meeting with its bodies and its items."""

    meeting: JointMeeting
    bodies: list[MeetingBody]
    items: list[MeetingItem]


def hold_meeting(session: Session, held: Minutes, *, by: Actor, now: datetime) -> JointMeeting:
    """Keep the minutes of a meeting, ask the bodies that were present to sign, and give out its action items.

    Raises NotYourRole, Incomplete, DayOutOfRange, NotADepartment, and of each case NoSuchCase, NotHandled, NotYourBody.
    """
    if not by.has(*CONVENERS):
        raise NotYourRole("M09 needs a leader, an officer of a department, or the safety office.", rule="M09")
    bodies = _present(session, held, by)
    _days(held, now)
    meeting = JointMeeting(
        id=uuid4(), org_id=by.org_id, title=held.title, held_on=held.held_on, minutes=held.minutes,
        decisions=held.decisions, minutes_hash=_hash(held), recorded_by=by.account_id, recorded_at=now,
    )  # fmt: skip
    session.add(meeting)
    session.flush()
    session.add_all(MeetingBody(meeting_id=meeting.id, org_id=org.id) for org in bodies)
    for org in bodies:
        if org.id != by.org_id:
            notices.tell(session, org.id, "joint_meeting", f"联席会议纪要待确认：{held.title}", now=now)
    numbered = sorted(enumerate(held.items, start=1), key=lambda each: each[1].case_id)  # locked in one order
    for case_id, items in groupby(numbered, key=lambda each: each[1].case_id):
        _give_out(session, meeting, case_id, list(items), by=by, now=now)
    session.flush()
    return meeting


def sign_minutes(session: Session, meeting_id: UUID, *, by: Actor, now: datetime) -> MeetingBody:
    """A leader signs for a body that was present, once.

    Raises NoSuchMeeting, NotYourRole, NotYourBody, SignedAlready.
    """
    if not by.has(*SIGNERS):
        raise NotYourRole("Minutes are signed by a leader, or for the safety office.", rule="M09")
    meeting = find_meeting(session, meeting_id, by=by).meeting
    own = select(MeetingBody).where(MeetingBody.meeting_id == meeting.id, MeetingBody.org_id == by.org_id)
    body = session.scalars(own.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if body is None:
        raise NotYourBody
    if body.signed_at is not None:
        raise SignedAlready
    body.signed_by, body.signed_at = by.account_id, now
    session.flush()
    return body


def find_meeting(session: Session, meeting_id: UUID, *, by: Actor) -> MeetingFile:
    """One meeting as the actor may read it. Raises NoSuchMeeting."""
    seen = select(JointMeeting).where(JointMeeting.id == meeting_id, _visible_to(by))
    meeting = session.scalars(seen).one_or_none()
    if meeting is None:
        raise NoSuchMeeting
    bodies = select(MeetingBody).where(MeetingBody.meeting_id == meeting.id).order_by(MeetingBody.org_id)
    items = select(MeetingItem).join(Case, Case.id == MeetingItem.case_id)
    items = items.where(MeetingItem.meeting_id == meeting.id, access.visible_to(by)).order_by(MeetingItem.position)
    return MeetingFile(meeting, list(session.scalars(bodies)), list(session.scalars(items)))


def meetings(
    session: Session, *, by: Actor, limit: int, after: tuple[datetime, UUID] | None = None
) -> list[JointMeeting]:
    """The meetings that the actor's body had a part in; the district sees all, the newest first."""
    found = select(JointMeeting).where(_visible_to(by))
    if after is not None:
        found = found.where(tuple_(JointMeeting.recorded_at, JointMeeting.id) < after)
    newest = (JointMeeting.recorded_at.desc(), JointMeeting.id.desc())
    return list(session.scalars(found.order_by(*newest).limit(limit)))


def _give_out(
    session: Session, meeting: JointMeeting, case_id: UUID, items: list[tuple[int, ActionItem]], *, by: Actor,
    now: datetime,
) -> None:  # fmt: skip
    case = access.find(session, case_id, by=by)
    session.refresh(case, with_for_update={"of": Case})
    being_handled(case=case)
    if not by.has(Role.SAFETY_OFFICE):
        of_a_tasked_body(session=session, case=case, by=by)
    case.version += 1
    told = [{"org": item.org_id, "text": item.text, "due_on": item.due_on.isoformat()} for _, item in items]
    trail.record(
        session, case, Kind.MEETING_HELD, by=by, now=now, meeting=str(meeting.id), title=meeting.title, items=told
    )
    for position, item in items:
        org = _department(session, item.org_id, position)
        duty = policy.duty_item(session, org.department_kind or "department", "coop", now)
        task = routing.add_task(
            session, case, org, kind="coop", goal=item.text, duty_item=duty.code, due_at=_end_of(item.due_on), now=now
        )
        session.add(
            MeetingItem(
                task_id=task.id, meeting_id=meeting.id, position=position, case_id=case.id, org_id=org.id,
                text=item.text, due_on=item.due_on,
            )
        )  # fmt: skip
        text = f"案件 {case.number}：联席会议议定事项，请在{item.due_on}前办理并反馈"
        notices.tell(session, org.id, "joint_meeting", text, now=now, case_id=case.id)


def _present(session: Session, held: Minutes, by: Actor) -> list[Org]:
    """Two bodies at least, the convening one among them."""
    wanted = {*held.present_org_ids, by.org_id}
    found = session.scalars(select(Org).where(Org.id.in_(wanted), Org.active).order_by(Org.id)).all()
    if {org.id for org in found} != wanted or len(found) < FEWEST:
        raise Incomplete("Name the bodies that were present.", pointer="/present_org_ids", missing=["present_org_ids"])
    return list(found)


def _department(session: Session, org_id: int, position: int) -> Org:
    org = session.get(Org, org_id)
    if org is None or org.kind != "department" or not org.active:
        raise NotADepartment(pointer=f"/items/{position - 1}/org_id")
    return org


def _days(held: Minutes, now: datetime) -> None:
    today = now.astimezone(LOCAL_ZONE).date()
    if held.held_on > today:
        raise DayOutOfRange(pointer="/held_on")
    for position, item in enumerate(held.items):
        if item.due_on < today:
            raise DayOutOfRange(pointer=f"/items/{position}/due_on")


def _end_of(day: date) -> datetime:
    """24:00 of a local day (D1)."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), LOCAL_ZONE)


def _hash(held: Minutes) -> bytes:
    said: dict[str, Any] = asdict(held) | {"present_org_ids": sorted(set(held.present_org_ids))}
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True, default=str).encode()).digest()


def _visible_to(by: Actor) -> ColumnElement[bool]:
    if by.org_kind in {"district", "city"} or by.has(Role.DISCIPLINE):
        return true()
    there = exists().where(MeetingBody.meeting_id == JointMeeting.id, MeetingBody.org_id == by.org_id)
    tasked = exists().where(MeetingItem.meeting_id == JointMeeting.id, MeetingItem.org_id == by.org_id)
    return or_(there, tasked)
