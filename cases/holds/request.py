"""T19: the responsible office asks for a hold, a department for one of its own answer.

Until it is approved every clock runs on.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from cases import access, deadlines, notices
from cases.holds import offices
from cases.lifecycle import beside
from cases.lifecycle.hold import HOLD_MOVES, LIVE
from cases.models.case import Case, Task
from cases.models.pause import Hold
from kit.errors import Conflict, NotFound
from people.actors import Actor

OPEN = ("requested", "active")


class NoSuchHold(NotFound):
    """This case has no such hold."""

    code = "hold.unknown"


class HoldAsked(Conflict):
    """A request waits for its decision already."""

    code = "hold.asked_already"
    message = "A request to hold this case waits already."


@dataclass(frozen=True)
class HoldDraft:
    """Why, what exactly is waited for, what keeps people safe, and the day by whose end it is looked at again."""

    reason: str
    note: str
    interim_measures: str
    review_on: date


def request_hold(session: Session, case: Case, draft: HoldDraft, *, by: Actor, now: datetime) -> Hold:
    """Ask for a hold of a locked case; a department asks for its own task in it.

    Raises HoldAsked, NotYourBody, NotHoldable, NeverPaused, UnknownReason, Incomplete, Undecided, ReviewOutOfRange.
    """
    task_id = _task_of(session, case, by)
    waiting = select(Hold.id).where(
        Hold.case_id == case.id, Hold.state == "requested", Hold.task_id.is_not_distinct_from(task_id)
    )
    if session.scalars(waiting).first() is not None:
        raise HoldAsked
    review_at = deadlines.end_of(draft.review_on)
    hold = Hold(
        id=uuid4(), case_id=case.id, task_id=task_id, state=beside.NEW, version=0, reason_code=draft.reason,
        note=draft.note, interim_measures=draft.interim_measures, review_at=review_at, requested_by=by.account_id,
        requested_at=now, renewals=0,
    )  # fmt: skip
    beside.move(
        session, case, hold, HOLD_MOVES["request"], by=by, now=now, review_at=review_at,
        trail_={"reason": draft.reason, "review_on": draft.review_on.isoformat(), **offices.of_whom(session, hold)},
    )  # fmt: skip
    session.add(hold)
    session.flush()
    text = f"案件 {case.number}：有{offices.which(session, hold)}缓办申请待审批"
    notices.tell_safety_office(session, "hold_requested", text, now=now, case_id=case.id)
    return hold


def _task_of(session: Session, case: Case, by: Actor) -> UUID | None:
    """The live task of a department beside the body that answers for the case."""
    theirs = select(Task.id).where(Task.case_id == case.id, Task.org_id == by.org_id, Task.kind.in_(("lead", "coop")))
    return session.scalars(theirs.where(Task.state.in_(LIVE))).first()


def withdraw_hold(session: Session, case: Case, hold: Hold, *, by: Actor, now: datetime) -> Hold:
    """The office does not want it any more. Raises NotYourBody, NotInState."""
    written = {"ended_by": by.account_id, "ended_at": now}
    beside.move(session, case, hold, HOLD_MOVES["withdraw"], by=by, now=now, writes_=written)
    return hold


def find_hold(session: Session, case: Case, hold_id: UUID) -> Hold:
    """One hold of a locked case. Raises NoSuchHold."""
    found: Hold = beside.find(session, case, Hold, hold_id, NoSuchHold)
    return found


def open_holds(
    session: Session, state: str, *, by: Actor, limit: int, after: tuple[datetime, UUID] | None = None
) -> list[tuple[Hold, Case]]:
    """What the actor may see of those `requested` or `active`, the next review first; `after` is the last row's."""
    found = select(Hold, Case).join(Case, Case.id == Hold.case_id).where(Hold.state == state, access.visible_to(by))
    if after is not None:
        found = found.where(tuple_(Hold.review_at, Hold.id) > after)
    rows = session.execute(found.order_by(Hold.review_at, Hold.id).limit(limit))
    return [(hold, case) for hold, case in rows]
