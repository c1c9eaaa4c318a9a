"""The life of a re-check as a table (R6): a refused report is drawn, and other people agree or send it to the desk."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.lifecycle import machine
from cases.lifecycle.beside import NEW
from cases.lifecycle.guards import Incomplete, SamePerson
from cases.lifecycle.machine import Move
from cases.models.decisions import Refusal
from cases.models.reply import Recheck
from people.actors import Actor
from people.roles import Role

_OFFICE = frozenset({Role.SAFETY_OFFICE})
_DUE = frozenset({"due"})


def uninvolved(*, session: Session, thing: Recheck, by: Actor, **_: Any) -> None:
    """R6, M64: nobody who proposed, confirmed or rejected to refuse this report looks at it again."""
    if by.is_person(*had_a_hand(session, thing.report_id)):
        raise SamePerson("Whoever had a hand in the refusal does not look at it again (R6).")


def noted(*, note: str, **_: Any) -> None:
    """R6: in words, why it was right or wrong."""
    if not note.strip():
        raise Incomplete("Say what was found.", missing=["note"], pointer="/note")


def had_a_hand(session: Session, report_id: UUID) -> set[int | None]:
    """Everybody who proposed to refuse a report, or decided about that."""
    of_it = select(Refusal.proposed_by, Refusal.decided_by).where(Refusal.report_id == report_id)
    return {each for row in session.execute(of_it) for each in row if each is not None}


RECHECK_MOVES: dict[str, Move] = {
    "draw": Move("R6", frozenset({NEW}), "due", system=True),
    "confirm": Move("R6", _DUE, "confirmed", by=_OFFICE, guards=(uninvolved, noted)),
    "overturn": Move("R6", _DUE, "overturned", by=_OFFICE, guards=(uninvolved, noted)),
}


def move(session: Session, recheck: Recheck, name: str, *, by: Actor, **facts: Any) -> None:
    """Make the named move on a re-check that the caller has locked; raises the refusal of what does not hold."""
    row = RECHECK_MOVES[name]
    machine.check(recheck, row, by=by)
    machine.hold(row, session=session, thing=recheck, by=by, **facts)
    machine.apply(recheck, row)
