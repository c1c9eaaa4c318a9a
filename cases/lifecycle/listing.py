"""That a major hazard is not listed, as a table: two people of the safety office decide it (G-LIST, ADR 0024)."""

from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from cases.journey import Kind
from cases.lifecycle.beside import NEW, BesideMove
from cases.lifecycle.guards import MAJOR, Incomplete, SamePerson, commented
from cases.lifecycle.machine import Move
from cases.lifecycle.rounds import of_this_round
from cases.models.case import OVER, Case
from cases.models.listing import ListingWaiver
from kit.errors import Conflict
from people.actors import Actor
from people.roles import Role

_OFFICE = frozenset({Role.SAFETY_OFFICE})
_WAITS = frozenset({"owed", "proposed"})


class NotOwed(Conflict):
    """The case is no open major hazard, or it was decided already that it is not listed."""

    code = "listing_waiver.not_owed"
    message = "Nothing is to be decided about listing this case."


def is_open(*, case: Case, **_: Any) -> None:
    """C4.3: a guard of closing opens, and shuts again, while there is something to close."""
    if case.state in OVER or case.grade != MAJOR:
        raise NotOwed


def well_founded(*, reason: str, basis: str, **_: Any) -> None:
    """Whoever proposes it says why, and on which rule or minutes it rests."""
    missing = [name for name, words in {"reason": reason, "basis": basis}.items() if not words.strip()]
    if missing:
        raise Incomplete("Say why, and on what it rests.", missing=missing, pointer=f"/{missing[0]}")


def by_another(*, thing: ListingWaiver, by: Actor, **_: Any) -> None:
    """C2: two people."""
    if by.is_person(thing.proposed_by):
        raise SamePerson("Whoever proposed not to list a hazard does not confirm it.")


def waived(session: Session, case: Case) -> bool:
    """Whether it was decided, in the present round of the case, that it is not listed (T18)."""
    decided = exists().where(
        ListingWaiver.case_id == case.id, ListingWaiver.state == "confirmed",
        of_this_round(case, ListingWaiver.decided_at),
    )  # fmt: skip
    return bool(session.scalar(select(decided)))


LISTING_WAIVER_MOVES: dict[str, BesideMove] = {
    "owe": BesideMove("C6", frozenset({NEW}), "owed", system=True, entry=Kind.LISTING_OWED),
    "propose": BesideMove(
        "G-LIST", frozenset({"owed"}), "proposed", _OFFICE, guards=(is_open, well_founded),
        entry=Kind.LISTING_WAIVER_PROPOSED,
    ),
    "confirm": BesideMove(
        "G-LIST", frozenset({"proposed"}), "confirmed", _OFFICE, guards=(is_open, by_another),
        entry=Kind.LISTING_WAIVED,
    ),
    "reject": BesideMove(
        "G-LIST", frozenset({"proposed"}), "owed", _OFFICE, guards=(commented,), entry=Kind.LISTING_WAIVER_REJECTED,
    ),
    "withdraw": BesideMove(
        "G-LIST", frozenset({"confirmed"}), "withdrawn", _OFFICE, guards=(is_open, commented),
        entry=Kind.LISTING_WAIVER_WITHDRAWN,
    ),
    # The case has ended, or a later order has found the hazard to be less.
    "let_go": BesideMove("C6", _WAITS, "not_owed", system=True, entry=Kind.LISTING_NOT_OWED),
}  # fmt: skip
# A case that is up for listing is so no more, once it is decided that it is not listed.
CANDIDATE_MOVES: dict[str, Move] = {"drop": Move("C6", frozenset({"open"}), "dropped", _OFFICE)}
