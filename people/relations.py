"""What officers declare about themselves: whose kin, former colleague or partner they are (Q10)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from kit.errors import NotFound
from people.actors import Actor
from people.models import DeclaredRelation


class NoSuchRelation(NotFound):
    """There is no such declaration of this officer, or it was ended."""

    code = "relation.unknown"
    message = "You have made no such declaration."


def declare(session: Session, *, name: str, kind: str, by: Actor, now: datetime) -> DeclaredRelation:
    """Declare a relation of one's own."""
    made = DeclaredRelation(account_id=by.account_id, name=name, kind=kind, declared_at=now)
    session.add(made)
    session.flush()
    return made


def end(session: Session, relation_id: UUID, *, by: Actor, now: datetime) -> DeclaredRelation:
    """Say that a relation is no more; it stays on record. Raises NoSuchRelation."""
    found = session.get(DeclaredRelation, relation_id, with_for_update=True)
    if found is None or found.account_id != by.account_id or found.ended_at is not None:
        raise NoSuchRelation
    found.ended_at = now
    return found


def declared_by(session: Session, account_id: int | None) -> list[DeclaredRelation]:
    """The relations that an officer has now, in the order of their declaration."""
    theirs = select(DeclaredRelation).where(
        DeclaredRelation.account_id == account_id, DeclaredRelation.ended_at.is_(None)
    )
    return list(session.scalars(theirs.order_by(DeclaredRelation.declared_at, DeclaredRelation.id)))
