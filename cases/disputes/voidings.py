"""The proposals to void an entry that wait for their second person (T20)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from cases import access
from cases.models.case import Case
from cases.models.dispute import Voiding
from people.actors import Actor


def open_voidings(
    session: Session, *, by: Actor, limit: int, after: tuple[datetime, UUID] | None = None
) -> list[tuple[Voiding, Case]]:
    """Open proposals about cases that the actor may see, the oldest first."""
    statement = (
        select(Voiding, Case)
        .join(Case, Case.id == Voiding.case_id)
        .where(Voiding.state == "proposed", Case.state != "void", access.visible_to(by))
        .order_by(Voiding.proposed_at, Voiding.id)
    )
    if after is not None:
        statement = statement.where(tuple_(Voiding.proposed_at, Voiding.id) > after)
    return [(voiding, case) for voiding, case in session.execute(statement.limit(limit))]


def find_case(session: Session, number: str, *, by: Actor) -> Case | None:
    """The case of a number that the actor may see."""
    return session.scalars(select(Case).where(Case.number == number, access.visible_to(by))).one_or_none()
