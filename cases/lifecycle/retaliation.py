"""The life of a retaliation report (Q9) as a table: filed under the code, taken up, concluded, by nobody involved."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from cases import deadlines, policy, trail
from cases.journey import Kind
from cases.lifecycle import machine
from cases.lifecycle.conflict import screen
from cases.lifecycle.machine import Move
from cases.models.release import Release
from cases.models.report import Report
from cases.models.retaliation import Retaliation
from kit.errors import NotAllowed
from people.actors import CITIZEN, Actor
from people.roles import Role

NEW = "new"
RULES = "retaliation"
_OFFICE = frozenset({Role.SAFETY_OFFICE})


class KnewWho(NotAllowed):
    """Whoever had to do with a release of this reporter's identity may be the one it leaked from."""

    code = "retaliation.knew_who"
    message = "Whoever asked for, released or read this reporter's identity does not look into the leak."


def knew_nothing(*, session: Session, thing: Retaliation, by: Actor, **_: Any) -> None:
    """F52: the leak is traced by somebody who cannot be its source."""
    mine = or_(
        Release.asked_by == by.account_id, Release.decided_by == by.account_id, Release.reader_id == by.account_id
    )
    if session.scalar(select(exists().where(Release.report_id == thing.report_id, mine))):
        raise KnewWho


def not_tied(*, session: Session, report: Report, by: Actor, now: datetime, **_: Any) -> None:
    """Q10: nor by anybody who handles the case, or is tied to it."""
    screen(session, report, by.account_id, now=now)


RETALIATION_MOVES: dict[str, Move] = {
    "file": Move("Q9", frozenset({NEW}), "filed", citizen=True),
    "take_up": Move("Q9", frozenset({"filed"}), "taken_up", by=_OFFICE, guards=(knew_nothing, not_tied)),
    "conclude": Move("Q9", frozenset({"taken_up"}), "concluded", by=_OFFICE, guards=(knew_nothing, not_tied)),
}
_ENTRIES = {
    "file": Kind.RETALIATION_FILED, "take_up": Kind.RETALIATION_TAKEN_UP, "conclude": Kind.RETALIATION_CONCLUDED,
}  # fmt: skip


def file(session: Session, report: Report, *, text: str, now: datetime) -> Retaliation:
    """What the reporter of a locked report says under the code."""
    made = Retaliation(
        id=uuid4(), report_id=report.id, state=NEW, version=0, text=text, filed_at=now,
        due_at=due(session, "take_up", now),
    )  # fmt: skip
    move(session, report, made, "file", by=CITIZEN, now=now)
    return made


def move(
    session: Session,
    report: Report,
    thing: Retaliation,
    name: str,
    *,
    by: Actor,
    now: datetime,
    writes: dict[str, Any] | None = None,
) -> None:
    """Make a move; the report is locked. Raises NotInState, NotYourRole, KnewWho, InConflict; then nothing changed."""
    row = RETALIATION_MOVES[name]
    machine.check(thing, row, by=by)
    machine.hold(row, session=session, report=report, thing=thing, by=by, now=now)
    for column, value in (writes or {}).items():
        setattr(thing, column, value)
    machine.apply(thing, row)
    session.add(thing)
    session.flush()
    trail.record(session, report, _ENTRIES[name], by=by, now=now, rule=row.rule, retaliation=str(thing.id))


def due(session: Session, what: str, now: datetime) -> datetime:
    """By when it is to be taken up, or concluded."""
    limit = policy.limit_of_value(session, RULES, now, urgency=what)
    return deadlines.add(now, limit.amount, limit.unit, policy.calendar(session, now)).due_at


def is_open(session: Session, report_id: UUID) -> bool:
    """Whether a reporter's word of retaliation waits to be concluded."""
    waiting = exists().where(Retaliation.report_id == report_id, Retaliation.state != "concluded")
    return bool(session.scalar(select(waiting)))
