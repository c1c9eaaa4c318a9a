"""The life of a look-back as a table (T17, M75): planned, given to other people, made on the spot, held or rebound."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.clocks import MAIN
from cases.journey import Kind
from cases.lifecycle import handlers
from cases.lifecycle.beside import NEW, BesideMove
from cases.lifecycle.guards import Incomplete, SamePerson, near_enough_or_reason
from cases.lifecycle.proof import shown_now
from cases.models.aftercare import LookBack
from cases.models.case import Case
from kit.errors import Conflict, NotAllowed
from people import persons
from people.actors import Actor
from people.models import Account
from people.roles import Role

LOOKERS = frozenset({Role.DEPT_OFFICER, Role.DEPT_LEADER, Role.SAFETY_OFFICE})
_OFFICE = frozenset({Role.SAFETY_OFFICE})
_OPEN = frozenset({"due", "visiting"})
PICTURE = "look_back"


class NotYourLookBack(NotAllowed):
    """Only the person whom the safety office has named looks back."""

    code = "look_back.not_yours"
    message = "Somebody else has been asked to make this look-back."


class TooEarly(Conflict):
    """A look-back on the morrow of the closing proves nothing."""

    code = "look_back.too_early"
    message = "This look-back is not to be made yet."


class CaseMoved(Conflict):
    """The case is not closed any more, or was closed anew since: this look-back is about what no longer is."""

    code = "look_back.overtaken"
    message = "The case has been opened again since this look-back was planned."


def by_others(*, session: Session, case: Case, who: Account, **_: Any) -> None:
    """M64, X25: neither a person who handled the case, nor anybody of the town that did."""
    handled = persons.meet(session, who.id, handlers.people(session, case))
    if handled or who.org_id in handlers.bodies(session, case, *MAIN):
        raise SamePerson("Whoever handled the case, and their town, do not look back at it.")


def of_this_closing(*, case: Case, thing: LookBack, **_: Any) -> None:
    """T17: it is about the closing that stands."""
    if thing.round != case.reopen_count or case.state not in {"closed", "look_back"}:
        raise CaseMoved


def yours(*, thing: LookBack, by: Actor, **_: Any) -> None:
    """T17: the person who was named."""
    if thing.assignee_id is None or by.account_id != thing.assignee_id:
        raise NotYourLookBack


def not_too_early(*, thing: LookBack, now: datetime, **_: Any) -> None:
    """T17: when it is due, not before."""
    if now < thing.opens_at:
        raise TooEarly(opens_at=thing.opens_at.isoformat())


def found_and_shown(*, session: Session, case: Case, thing: LookBack, findings: str, **_: Any) -> None:
    """T17: what was found, in words and in a new picture that was taken there."""
    if not findings.strip():
        raise Incomplete("Say what was found.", missing=["findings"], pointer="/findings")
    shown_now(session, case, PICTURE, since=thing.started_at)


def none_under_way(*, session: Session, case: Case, **_: Any) -> None:
    """One visit at a time: two look-backs of a case may be due on the same day."""
    under_way = select(LookBack.id).where(LookBack.case_id == case.id, LookBack.state == "visiting")
    if session.scalars(under_way.limit(1)).first() is not None:
        raise UnderWay


class UnderWay(Conflict):
    """Another look-back of this case has begun."""

    code = "look_back.under_way"
    message = "Another look-back of this case is under way."


LOOK_BACK_MOVES: dict[str, BesideMove] = {
    "plan": BesideMove("T16", frozenset({NEW}), "due", system=True, entry=Kind.LOOK_BACK_PLANNED),
    # Also in the middle of a visit: whoever fell ill is relieved, and another begins anew.
    "assign": BesideMove(
        "T17", _OPEN, "due", _OFFICE, guards=(of_this_closing, by_others), entry=Kind.LOOK_BACK_ASSIGNED,
    ),
    "start": BesideMove(
        "T17", frozenset({"due"}), "visiting", LOOKERS,
        guards=(of_this_closing, yours, not_too_early, none_under_way, near_enough_or_reason),
        entry=Kind.LOOK_BACK_STARTED,
    ),
    "confirm": BesideMove(
        "T17", frozenset({"visiting"}), "confirmed", LOOKERS, guards=(yours, found_and_shown),
        entry=Kind.LOOK_BACK_CONFIRMED, stops=("look_back",),
    ),
    "rebound": BesideMove(
        "T18", frozenset({"visiting"}), "rebound", LOOKERS, guards=(yours, found_and_shown),
        entry=Kind.REBOUND_FOUND, stops=("look_back",),
    ),
    # The case was opened again: what was to be looked back at has changed, and its next closing plans anew.
    "drop": BesideMove(
        "T18", _OPEN, "dropped", system=True, entry=Kind.LOOK_BACK_DROPPED, stops=("look_back",),
    ),
}  # fmt: skip
