"""Who may see a case, and the only ways to load one. Row-level security in the database is the second lock."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, select, true
from sqlalchemy.orm import Session, aliased

from cases import ties
from cases.models.case import Case, Task
from kit.errors import NotAllowed, NotFound, Stale, Unconditional
from people.actors import Actor
from people.roles import Role


class NoSuchCase(NotFound):
    """There is no such case, or it is not for this actor: both look alike."""

    code = "case.unknown"
    message = "There is no such case."


class ReadsOnly(NotAllowed):
    """The discipline body reads every case and writes nothing (M78)."""

    code = "role.missing"
    message = "You may read this and not change it."


class NotTheOffice(NotAllowed):
    """Only the safety office, and whoever watches it where an act says so, may look at this."""

    code = "role.missing"
    message = "Only the safety office may look at this."


class Reach(StrEnum):
    """How far an actor sees (M11): a town its own, a department those it has a task for, the district all."""

    ALL = "all"
    OWN = "own"
    TASKED = "tasked"
    NONE = "none"


_REACH_OF_AN_ORG = {
    "city": Reach.ALL, "district": Reach.ALL, "town": Reach.OWN, "group": Reach.OWN, "department": Reach.TASKED,
}  # fmt: skip


def reach_of(actor: Actor) -> Reach:
    """How far this actor sees."""
    if actor.kind == "system" or actor.has(Role.DISCIPLINE):
        return Reach.ALL
    return _REACH_OF_AN_ORG.get(actor.org_kind or "", Reach.NONE)


def within(reach: Reach, org_id: int | ColumnElement[int] | None) -> ColumnElement[bool]:
    """The cases within reach of an office; `org_id` may be a parameter, for a statement that is kept."""
    if reach is Reach.ALL:
        return true()
    if reach is Reach.OWN:
        return Case.responsible_org_id == org_id
    if reach is Reach.TASKED:
        mine = aliased(Task)  # a name of its own: whoever asks may select from tasks as well
        return exists(select(mine.id).where(mine.case_id == Case.id, mine.org_id == org_id))
    return false()


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The cases that lists, counts and exports show an actor: within reach, and not kept from them."""
    return and_(_within_reach_of(actor), ties.untied_to(actor))


def _within_reach_of(actor: Actor) -> ColumnElement[bool]:
    return within(reach_of(actor), actor.org_id)


def may_see(session: Session, actor: Actor, case: Case) -> bool:
    """Whether an actor may see this case; agrees with `visible_to` by asking it."""
    return session.scalar(select(Case.id).where(Case.id == case.id, visible_to(actor))) is not None


def find(session: Session, case_id: UUID, *, by: Actor) -> Case:
    """The case, to be read. Raises NoSuchCase for a stranger, TiedToIt for whoever is tied to it (Q10)."""
    case = session.scalars(select(Case).where(Case.id == case_id, _within_reach_of(by))).one_or_none()
    if case is None:
        raise NoSuchCase
    ties.keep_away(session, case, by)
    return case


def lock(session: Session, case_id: UUID, *, by: Actor, expected_version: int | None = None) -> Case:
    """The case, locked for a change. Raises NoSuchCase, TiedToIt, ReadsOnly, and Stale when it is not what was seen."""
    if by.has(Role.DISCIPLINE):  # its database role could not even lock a row
        raise ReadsOnly
    statement = select(Case).where(Case.id == case_id, _within_reach_of(by)).with_for_update(of=Case)
    case = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if case is None:
        raise NoSuchCase
    ties.keep_away(session, case, by)
    if by.kind == "officer" and expected_version is None:
        raise Unconditional
    if expected_version is not None and case.version != expected_version:
        raise Stale(current=_brief(case))
    return case


def only_the_office(by: Actor, *watchers: Role) -> None:
    """Raise NotTheOffice unless the actor is of the safety office, or holds a role of those who watch it."""
    if not by.has(Role.SAFETY_OFFICE, *watchers):
        raise NotTheOffice


def _brief(case: Case) -> dict[str, Any]:
    return {"id": str(case.id), "number": case.number, "state": case.state, "version": case.version}
