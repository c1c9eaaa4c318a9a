"""M09: the minutes of a joint meeting (联席会议纪要), for the file of a case of which it has agreed on something.

Who asks for it was there, or has something to do by it: nobody else can read the meeting. What was agreed on of other
cases stays in theirs.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.models.case import Case
from cases.models.meeting import JointMeeting, MeetingBody, MeetingItem
from cases.papers.content.persons import NoSuchSubject, Person, district_name, office_name, one_subject, person
from kit.days import day
from people.models import Org


@dataclass(frozen=True)
class Body:
    """A body that was present; who has signed for it and when, as soon as somebody has."""

    name: str
    signed_by: Person
    signed_at: datetime | None


@dataclass(frozen=True)
class Agreed:
    """An action item by its number in the minutes: which department does what until the end of which day."""

    position: int
    office: str
    text: str
    due_on: str


@dataclass(frozen=True)
class MinutesPaper:
    """When who met, what was said and decided, and what was agreed on of this case."""

    number: str
    district: str
    office: str
    title: str
    held_on: str
    bodies: tuple[Body, ...]
    minutes: str
    decisions: str
    items: tuple[Agreed, ...]
    recorded_by: Person
    recorded_at: datetime
    minutes_sha256: str


def minutes(session: Session, case: Case, subject_id: UUID | None, now: datetime) -> MinutesPaper:
    """A joint meeting that the asker may read and that has agreed on something of this case. Raises NoSuchSubject."""
    meeting = session.get(JointMeeting, one_subject(subject_id))
    items = _agreed(session, case, meeting) if meeting else ()
    if meeting is None or not items:
        raise NoSuchSubject
    return MinutesPaper(
        number=case.number, district=district_name(session, now), office=office_name(session, meeting.org_id),
        title=meeting.title, held_on=day(meeting.held_on), bodies=_bodies(session, meeting),
        minutes=meeting.minutes, decisions=meeting.decisions, items=items,
        recorded_by=person(session, meeting.recorded_by), recorded_at=meeting.recorded_at,
        minutes_sha256=meeting.minutes_hash.hex(),
    )  # fmt: skip


def _bodies(session: Session, meeting: JointMeeting) -> tuple[Body, ...]:
    """The convening body first."""
    rows = (
        select(Org.name_zh, MeetingBody.signed_by, MeetingBody.signed_at)
        .join(Org, Org.id == MeetingBody.org_id)
        .where(MeetingBody.meeting_id == meeting.id)
        .order_by(MeetingBody.org_id != meeting.org_id, MeetingBody.org_id)
    )
    return tuple(Body(name, person(session, signed_by), at) for name, signed_by, at in session.execute(rows))


def _agreed(session: Session, case: Case, meeting: JointMeeting) -> tuple[Agreed, ...]:
    rows = (
        select(MeetingItem.position, Org.name_zh, MeetingItem.text, MeetingItem.due_on)
        .join(Org, Org.id == MeetingItem.org_id)
        .where(MeetingItem.meeting_id == meeting.id, MeetingItem.case_id == case.id)
        .order_by(MeetingItem.position)
    )
    return tuple(Agreed(number, office, text, day(due)) for number, office, text, due in session.execute(rows))
