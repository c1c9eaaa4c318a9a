"""Saved views: kept by each person, shared with an office by its leaders, each with how many cases it shows now."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from cases import access
from cases.lists.conditions import check
from cases.lists.page import count
from cases.lists.wanted import Wanted
from cases.models.view import SavedView
from kit.errors import Conflict, NotAllowed, NotFound, Stale, Unconditional
from people.actors import Actor
from people.roles import Role

SHARERS = (Role.TOWN_LEADER, Role.DEPT_LEADER, Role.SAFETY_OFFICE)
MOST_OF_A_PERSON = 20
MOST_OF_AN_OFFICE = 20
# A count of a list that matches little may have to look at all cases; no view may hold up the others for longer.
COUNT_MS = 250


class NoSuchView(NotFound):
    """There is no such view, or it is somebody else's own."""

    code = "view.unknown"
    message = "There is no such view."


class NameTaken(Conflict):
    """One person's views have different names."""

    code = "view.name_taken"
    message = "You have a view of this name."


class TooManyViews(Conflict):
    """A person keeps so many views, an office shares so many: all are counted whenever they are shown."""

    code = "view.too_many"
    message = "There are as many views as there may be; remove one first."


class MayNotShare(NotAllowed):
    """Leaders share views with their office."""

    code = "role.missing"


class NotYourView(NotAllowed):
    """Whoever shared a view changes it."""

    code = "view.not_yours"
    message = "This view is somebody else's; save one of your own."


def views(session: Session, *, by: Actor) -> Sequence[SavedView]:
    """One's own views and those that one's office shares, in the order of their names."""
    mine = or_(SavedView.owner_id == by.account_id, SavedView.shared)
    found = select(SavedView).where(SavedView.org_id == by.org_id, mine, SavedView.removed_at.is_(None))
    return session.scalars(found.order_by(SavedView.name, SavedView.id)).all()


def counted(session: Session, view: SavedView, *, by: Actor, now: datetime, ms: int = COUNT_MS) -> int | None:
    """How many cases a view shows this actor now, bounded as `count`; None when that would take too long."""
    inside = session.begin_nested()  # rolled back in any case, and the limit on its time with it
    try:
        session.execute(select(func.set_config("statement_timeout", str(ms), True)))
        return count(session, Wanted(**view.filter), by=by, now=now)
    except OperationalError as cut:
        if getattr(cut.orig, "sqlstate", None) != "57014":  # query_canceled
            raise
        return None
    finally:
        inside.rollback()


def save(session: Session, name: str, wanted: Wanted, *, by: Actor, now: datetime) -> SavedView:
    """Keep a view. Raises NameTaken, TooManyViews, ReadsOnly, and what `check` refuses."""
    if by.has(Role.DISCIPLINE):
        raise access.ReadsOnly
    check(session, wanted, now=now, at="/filter/")
    _room(session, SavedView.owner_id == by.account_id, MOST_OF_A_PERSON)
    _name_is_free(session, name, by)
    view = SavedView(
        owner_id=by.account_id, org_id=by.org_id, version=1, name=name, filter=wanted.words(), shared=False,
        created_at=now, changed_at=now,
    )  # fmt: skip
    session.add(view)
    session.flush()
    return view


def lock(session: Session, view_id: UUID, *, by: Actor, expected_version: int | None) -> SavedView:
    """A view that the actor sees, locked, in the version seen. Raises NoSuchView, ReadsOnly, Unconditional, Stale."""
    if by.has(Role.DISCIPLINE):
        raise access.ReadsOnly
    mine = or_(SavedView.owner_id == by.account_id, SavedView.shared)
    found = session.scalars(
        select(SavedView)
        .where(and_(SavedView.id == view_id, SavedView.org_id == by.org_id, mine, SavedView.removed_at.is_(None)))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NoSuchView
    if expected_version is None:
        raise Unconditional
    if found.version != expected_version:
        raise Stale(current={"id": str(found.id), "version": found.version})
    return found


def change(session: Session, view: SavedView, name: str, wanted: Wanted, *, by: Actor, now: datetime) -> SavedView:
    """Give one's own locked view another name or filter. Raises NotYourView, NameTaken, and what `check` refuses."""
    _mine(view, by)
    check(session, wanted, now=now, at="/filter/")
    if name != view.name:
        _name_is_free(session, name, by)
    view.name, view.filter = name, wanted.words()
    return _changed(view, now)


def share(session: Session, view: SavedView, *, shared: bool, by: Actor, now: datetime) -> SavedView:
    """Show one's own locked view to one's office, or no longer. Raises MayNotShare, NotYourView, TooManyViews."""
    if not by.has(*SHARERS):
        raise MayNotShare
    _mine(view, by)
    if shared and not view.shared:
        _room(session, and_(SavedView.org_id == by.org_id, SavedView.shared), MOST_OF_AN_OFFICE)
    view.shared = shared
    return _changed(view, now)


def remove(view: SavedView, *, by: Actor, now: datetime) -> None:
    """Take a locked view away: one's own, or as a leader one that the office shares. Raises NotYourView."""
    if not (view.shared and by.has(*SHARERS)):
        _mine(view, by)
    view.removed_at = now
    _changed(view, now)


def _changed(view: SavedView, now: datetime) -> SavedView:
    view.version += 1
    view.changed_at = now
    return view


def _mine(view: SavedView, by: Actor) -> None:
    if view.owner_id != by.account_id:
        raise NotYourView


def _name_is_free(session: Session, name: str, by: Actor) -> None:
    same = exists().where(
        SavedView.owner_id == by.account_id, SavedView.name == name, SavedView.removed_at.is_(None)
    )  # fmt: skip
    if session.scalar(select(same)):
        raise NameTaken(pointer="/name")


def _room(session: Session, whose: ColumnElement[bool], most: int) -> None:
    kept = select(func.count()).select_from(SavedView).where(whose, SavedView.removed_at.is_(None))
    if (session.scalar(kept) or 0) >= most:
        raise TooManyViews(most=most)
