"""Policy is asked once in a transaction: its rows stand while that lasts, and a change holds from the next one on.

What the transaction writes into them itself, by objects or by statements of the ORM, is asked for again.
"""

from collections.abc import Callable, Hashable, Iterable
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import UpdateBase, event, select
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, UOWTransaction

from cases.models import overlay, policy
from kit.db import Base

_KEPT = "policy"
_RULES = {policy.__name__, overlay.__name__}
_TABLES = {mapped.local_table for mapped in Base.registry.mappers if mapped.class_.__module__ in _RULES}
Answer = TypeVar("Answer")
Row = TypeVar("Row", policy.DutyItem, policy.MeasureType, overlay.DeadlineOverlay)


def once(session: Session, ask: Callable[..., Answer], *about: Hashable) -> Answer:
    """What `ask(session, *about)` gives, asked where this transaction has not asked it yet."""
    if _is_policy(session.new):
        session.flush()
    kept: dict[Any, Any] = session.info.setdefault(_KEPT, {})
    key = (ask, *about)
    if key not in kept:
        kept[key] = ask(session, *about)
    found: Answer = kept[key]
    return found


def in_force(session: Session, table: type[Row], at: datetime) -> list[Row]:
    """Of each `code` of a table of versions the newest whose day has come at `at`, by code."""
    found: dict[str, Row] = {}
    for each in once(session, _versions, table):
        if each.effective_at <= at:
            found.setdefault(each.code, each)
    return list(found.values())


def _versions(session: Session, table: Any) -> list[Any]:
    return list(session.scalars(select(table).order_by(table.code, table.version.desc())))


def _forget(session: Session) -> None:
    session.info.pop(_KEPT, None)


def _is_policy(objects: Iterable[object]) -> bool:
    return any(type(each).__module__ in _RULES for each in objects)


@event.listens_for(Session, "after_flush")
def _written(session: Session, _: UOWTransaction) -> None:
    if _KEPT in session.info and any(map(_is_policy, (session.new, session.dirty, session.deleted))):
        _forget(session)


@event.listens_for(Session, "do_orm_execute")
def _executed(about: ORMExecuteState) -> None:
    statement = about.statement
    if isinstance(statement, UpdateBase) and statement.table in _TABLES:
        _forget(about.session)


@event.listens_for(Session, "after_soft_rollback")
def _undone(session: Session, _: SessionTransaction) -> None:
    _forget(session)


@event.listens_for(Session, "after_transaction_end")
def _ended(session: Session, ended: SessionTransaction) -> None:
    if ended.parent is None:
        _forget(session)
