"""Cases that come up for supervised listing or the next level (C6, D8). Whether to list is decided there, by people."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cases import trail
from cases.journey import Kind
from cases.lifecycle import machine
from cases.lifecycle.listing import CANDIDATE_MOVES
from cases.models.case import Case, Clock
from cases.models.supervision import ListingCandidate
from people.actors import Actor


def propose(
    session: Session,
    case: Case,
    *,
    reason: str,
    leaders: list[dict[str, Any]],
    by: Actor,
    now: datetime,
    clock: Clock | None = None,
) -> bool:
    """Put a locked case up, once while it is open; gives whether it was not up before."""
    row = {
        "case_id": case.id, "reason": reason, "clock_id": clock.id if clock else None, "leaders": leaders,
        "proposed_at": now,
    }  # fmt: skip
    new = insert(ListingCandidate).values(row).on_conflict_do_nothing().returning(ListingCandidate.id)
    if session.scalars(new).first() is None:
        return False
    trail.record(session, case, Kind.LISTING_PROPOSED, by=by, now=now, reason=reason)
    return True


def drop(session: Session, case: Case, *, by: Actor) -> None:
    """A locked case is up for listing no more: its office has decided that it is not listed. Raises NotYourRole."""
    up = select(ListingCandidate).where(ListingCandidate.case_id == case.id, ListingCandidate.state == "open")
    for candidate in session.scalars(up).all():
        machine.check(candidate, CANDIDATE_MOVES["drop"], by=by)
        machine.enter(candidate, CANDIDATE_MOVES["drop"])
