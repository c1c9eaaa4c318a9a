"""Telling an office something where its officers see it (M115). A notice holds nothing of a reporter."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cases.models.case import Notice
from people.actors import Actor
from people.models import Org


def tell(session: Session, org_id: int, kind: str, text: str, *, now: datetime, case_id: UUID | None = None) -> None:
    """Leave a notice for an office."""
    session.add(Notice(org_id=org_id, case_id=case_id, kind=kind, text=text, created_at=now))


def tell_district(session: Session, kind: str, text: str, *, now: datetime, case_id: UUID | None = None) -> None:
    """Leave a notice for the district's duty list: every active district office."""
    for org_id in session.scalars(select(Org.id).where(Org.kind == "district", Org.active)):
        tell(session, org_id, kind, text, now=now, case_id=case_id)


def unread(session: Session, *, by: Actor, limit: int) -> list[Notice]:
    """The newest notices of the actor's office that nobody has read."""
    statement = select(Notice).where(Notice.org_id == by.org_id, Notice.read_at.is_(None))
    return list(session.scalars(statement.order_by(Notice.id.desc()).limit(limit)))


def mark_read(session: Session, notice_id: int, *, by: Actor, now: datetime) -> bool:
    """Note who of the office read a notice first; False when it was read before or is another office's."""
    done = session.execute(
        update(Notice)
        .where(Notice.id == notice_id, Notice.org_id == by.org_id, Notice.read_at.is_(None))
        .values(read_at=now, read_by=by.account_id)
        .returning(Notice.id)
    )
    return done.first() is not None
