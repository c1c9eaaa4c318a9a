"""Who has how much to do, and what of it is late, person by person (M17)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session, contains_eager

from cases import access
from cases.models.case import Case, Task
from cases.supervision.answering import LIVE
from kit.errors import NotAllowed
from people.actors import Actor
from people.models import Account
from people.roles import Role

OF_ANY_OFFICE = (Role.SAFETY_OFFICE, Role.DISCIPLINE)


@dataclass(frozen=True)
class Load:
    """One person's open tasks; `account_id` is None for those that nobody of the office has."""

    account_id: int | None
    name: str | None
    live: int
    yellow: int
    overdue: int
    next_due_at: datetime | None


def of_office(session: Session, org_id: int, *, by: Actor, now: datetime) -> list[Load]:
    """Everybody of an office with their open tasks, also who has none. Raises NotAllowed for another's office."""
    _check_office(org_id, by)
    late = func.count().filter(Task.due_at <= now)
    near = func.count().filter(Task.due_at > now, Task.yellow_at <= now)
    rows = session.execute(
        select(Task.person_id, func.count(), near, late, func.min(Task.due_at))
        .where(Task.org_id == org_id, Task.state.in_(LIVE))
        .group_by(Task.person_id)
    )
    counted = {person: numbers for person, *numbers in rows}
    names = session.execute(
        select(Account.id, Account.name).where(Account.org_id == org_id, Account.active).order_by(Account.id)
    )
    people: list[tuple[int | None, str | None]] = [(id_, name) for id_, name in names]
    people += [(other, None) for other in counted if other not in {id_ for id_, _ in people}]
    return [Load(id_, name, *counted.get(id_, (0, 0, 0, None))) for id_, name in people]


def of_person(
    session: Session, account_id: int, *, by: Actor, limit: int, after: tuple[datetime, UUID] | None = None
) -> Sequence[Task]:
    """A person's open tasks with their cases, the next due first; only those of cases that the actor may see."""
    found = (
        select(Task)
        .join(Case, Case.id == Task.case_id)
        .options(contains_eager(Task.case))
        .where(Task.person_id == account_id, Task.state.in_(LIVE), access.visible_to(by))
        .order_by(Task.due_at, Task.id)
        .limit(limit)
    )
    if after is not None:
        found = found.where(tuple_(Task.due_at, Task.id) > after)
    return session.scalars(found).all()


def _check_office(org_id: int, by: Actor) -> None:
    if org_id != by.org_id and not by.has(*OF_ANY_OFFICE):
        raise NotAllowed("This is another office's work.")
