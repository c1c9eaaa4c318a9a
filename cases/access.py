"""Who may see a case, and the only ways to load one. Row-level security in the database is the second lock."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, false, select, true
from sqlalchemy.orm import Session, aliased

from cases.models.case import Case, Task
from kit.errors import NotFound, Stale, Unconditional
from people.actors import Actor
from people.roles import Role


class NoSuchCase(NotFound):
    """There is no such case, or it is not for this actor: both look alike."""

    code = "case.unknown"
    message = "There is no such case."


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The cases an actor may see: a town its own, a department those it has a task for, the district all (M11)."""
    if actor.kind == "system" or actor.has(Role.DISCIPLINE) or actor.org_kind in {"district", "city"}:
        return true()
    if actor.org_kind in {"town", "group"}:
        return Case.responsible_org_id == actor.org_id
    if actor.org_kind == "department":
        mine = aliased(Task)  # a name of its own: whoever asks may select from tasks as well
        return exists(select(mine.id).where(mine.case_id == Case.id, mine.org_id == actor.org_id))
    return false()


def may_see(session: Session, actor: Actor, case: Case) -> bool:
    """Whether an actor may see this case; agrees with `visible_to` by asking it."""
    return session.scalar(select(Case.id).where(Case.id == case.id, visible_to(actor))) is not None


def find(session: Session, case_id: UUID, *, by: Actor) -> Case:
    """The case, to be read. Raises NoSuchCase for a stranger."""
    case = session.scalars(select(Case).where(Case.id == case_id, visible_to(by))).one_or_none()
    if case is None:
        raise NoSuchCase
    return case


def lock(session: Session, case_id: UUID, *, by: Actor, expected_version: int | None = None) -> Case:
    """The case, locked for a change. Raises NoSuchCase, and Stale when it is not the version the actor saw."""
    statement = select(Case).where(Case.id == case_id, visible_to(by)).with_for_update(of=Case)
    case = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if case is None:
        raise NoSuchCase
    if by.kind == "officer" and expected_version is None:
        raise Unconditional
    if expected_version is not None and case.version != expected_version:
        raise Stale(current=_brief(case))
    return case


def _brief(case: Case) -> dict[str, Any]:
    return {"id": str(case.id), "number": case.number, "state": case.state, "version": case.version}
