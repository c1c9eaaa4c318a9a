"""约谈 and talks (M77): planned, then held with who was there and what was promised; a promise is followed up."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from cases import trail
from cases.journey import Kind
from cases.lifecycle import urging as machine
from cases.models.case import Case
from cases.models.supervision import Interview
from cases.supervision import owed, urging
from kit.errors import Invalid, NotAllowed, NotFound
from people.actors import Actor
from people.roles import Role


class NoSuchInterview(NotFound):
    """There is no such interview, or it is not for this actor."""

    code = "interview.unknown"
    message = "There is no such interview."


@dataclass(frozen=True)
class Record:
    """What was said: when, with whom, what was promised, until when."""

    held_at: datetime
    attendees: str
    commitments: str
    commitments_due_at: datetime


def plan(
    session: Session,
    case: Case,
    *,
    org_id: int,
    topic: str,
    kind: str,
    by: Actor,
    now: datetime,
    order_id: UUID | None = None,
) -> Interview:
    """Plan an interview or a talk about a locked case. Raises NotAllowed for anybody but the safety office."""
    if by.kind != "system" and not by.has(Role.SAFETY_OFFICE):
        raise NotAllowed("Only the safety office calls to an interview.")
    if by.kind != "system" and not urging.is_concerned(session, case, org_id):
        raise urging.NotConcerned
    until = owed.until(session, "interview", now=now)
    made = Interview(
        case_id=case.id, order_id=order_id, org_id=org_id, kind=kind, topic=topic, planned_by=by.account_id,
        planned_at=now, due_at=until.due_at, provisional=until.provisional, state="planned", version=1,
    )  # fmt: skip
    session.add(made)
    session.flush()
    trail.record(session, case, Kind.INTERVIEW_PLANNED, by=by, now=now, talk=kind, interview=str(made.id))
    return made


def hold(session: Session, case: Case, interview: Interview, record: Record, *, by: Actor, now: datetime) -> Interview:
    """Write down what was said; a reminder that runs until the promised day follows it up. Raises Invalid."""
    if record.held_at > now:
        raise Invalid("An interview is written down after it was held.", pointer="/held_at")
    if record.commitments_due_at <= now:
        raise Invalid("What was promised is due later than now.", pointer="/commitments_due_at")
    machine.move_interview(interview, "hold", by=by)
    interview.held_at, interview.held_by = record.held_at, by.account_id
    interview.attendees, interview.commitments = record.attendees, record.commitments
    interview.commitments_due_at = record.commitments_due_at
    trail.record(session, case, Kind.INTERVIEW_HELD, by=by, now=now, interview=str(interview.id))
    text = "请按约谈承诺办理并回复落实情况"
    demand = urging.Demand("reminder", interview.org_id, text, reply_due_at=record.commitments_due_at)
    urging.put_out(session, case, demand, by=by, now=now)
    return interview


def drop(session: Session, case: Case, interview: Interview, *, reason: str, by: Actor, now: datetime) -> Interview:
    """Call off a planned interview, with the reason on the trail. Raises NotInState, NotYourRole."""
    machine.move_interview(interview, "drop", by=by)
    trail.record(session, case, Kind.INTERVIEW_DROPPED, by=by, now=now, interview=str(interview.id), reason=reason)
    return interview
