"""What the desk is late with, and who hears of it when: the ladder for its own lateness (D8; R2-R7, F37, F39).

Each rung stands on the report's trail with the date that it belongs to, and is told once, whoever looks and however
often. A date that begins anew has the whole ladder before it. The desk is told at each rung, and its director with it
(D5): it neither orders nor interviews itself (X53).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, cast, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from cases import notices, policy, trail
from cases.journey import Kind
from cases.ladder import once_over, outstanding
from cases.lifecycle import deciding
from cases.lifecycle import report as machine
from cases.lifecycle.machine import sources
from cases.models.reply import Recheck
from cases.models.report import REPORT_STATES, Report, ReportEvent
from cases.triage.judge import review_due
from cases.triage.reports import lock
from people.actors import SYSTEM

INSTANT = DateTime(timezone=True)
OWES_A_REPLY = tuple(state for state in REPORT_STATES if "reply" in sources(machine.REPORT_MOVES, state))
WORDS: Mapping[Kind, str] = {
    Kind.DECISION_OVERDUE: "有举报超过时限未作受理决定",
    Kind.REPLY_OVERDUE: "有举报超过时限未答复",
    Kind.RECHECK_OVERDUE: "有不予受理件的抽查超过时限未办",
}


@dataclass(frozen=True)
class Late:
    """Something that is due and not done; `urgency` says whether its ladder counts hours or days."""

    kind: Kind
    due_at: datetime
    urgency: str


def is_late(report: Report, *, now: datetime) -> bool:
    """Whether the desk is late with a report: to look at it, to decide about it, or to reply."""
    unseen = report.state == "in_review" and report.seen_at is None and report.review_due_at <= now
    return unseen or any(each.due_at <= now for each in _owed(report))


def find_late(session: Session, *, now: datetime, limit: int) -> list[UUID]:
    """Reports with something that the desk, or the safety office, is late with, whose next rung has come.

    Also those that wait without a time to be decided by: they came to the desk before there was one.
    """
    rechecks = exists().where(
        Recheck.report_id == Report.id, Recheck.state == "due", Recheck.due_at <= now,
        _unheard(Kind.RECHECK_OVERDUE, Recheck.due_at, now),
    )  # fmt: skip
    decision = (Report.accept_due_at <= now) & _unheard(Kind.DECISION_OVERDUE, Report.accept_due_at, now)
    reply = (Report.reply_due_at <= now) & _unheard(Kind.REPLY_OVERDUE, Report.reply_due_at, now)
    found = (
        select(Report.id).where(deciding.waiting(), or_(Report.accept_due_at.is_(None), decision)),
        select(Report.id).where(Report.state.in_(OWES_A_REPLY), Report.outcome.is_not(None), reply),
        select(Report.id).where(rechecks),
    )
    each = (session.scalars(statement.limit(limit)) for statement in found)
    return list(dict.fromkeys(report_id for rows in each for report_id in rows))[:limit]


def urge_desk(session: Session, report_id: UUID, *, now: datetime) -> None:
    """See to every rung that is reached of what is late about a report. Safe to repeat, and to come too early.

    What nobody has looked at, or what is immediate, may go out by itself instead (R2): that comes first.
    """
    review_due(session, report_id, now=now)
    report = lock(session, report_id, by=SYSTEM)
    if deciding.waits(report) and report.accept_due_at is None:
        deciding.count(session, report, now=now)
    for late in dict.fromkeys([*_owed(report), *_rechecks(session, report)]):
        if late.due_at <= now:
            _climb(session, report, late, now=now)


def _owed(report: Report) -> list[Late]:
    """What the desk itself owes at the moment."""
    owed = []
    if deciding.waits(report) and report.accept_due_at is not None:
        owed.append(Late(Kind.DECISION_OVERDUE, report.accept_due_at, report.urgency))
    if report.state in OWES_A_REPLY and report.outcome is not None and report.reply_due_at is not None:
        owed.append(Late(Kind.REPLY_OVERDUE, report.reply_due_at, report.urgency))
    return owed


def _rechecks(session: Session, report: Report) -> list[Late]:
    due = select(Recheck.due_at).where(Recheck.report_id == report.id, Recheck.state == "due")
    return [Late(Kind.RECHECK_OVERDUE, due_at, "normal") for due_at in session.scalars(due)]


def _climb(session: Session, report: Report, late: Late, *, now: datetime) -> None:
    told: Mapping[str, Any] = policy.value(session, "escalation_ladder", late.due_at)
    steps = once_over(told, late.urgency, late.due_at, policy.calendar(session, now))
    due, next_at = outstanding(steps, _seen_to(session, report, late), now=now)
    for rung in due:
        trail.record(
            session, report, late.kind, by=SYSTEM, now=now, rung=rung.name, due_at=late.due_at.isoformat(),
            reached_at=rung.at.isoformat(), next_at=next_at.isoformat(),
        )  # fmt: skip
    if due:
        notices.remind_district(session, str(late.kind), _text(late, steps.index(due[-1])), now=now)


def _text(late: Late, number: int) -> str:
    again = f"，第{number}次催办" if number else ""
    return f"{WORDS[late.kind]}{again}，请立即处理"


def _seen_to(session: Session, report: Report, late: Late) -> frozenset[str]:
    rungs = select(ReportEvent.body["rung"].astext).where(
        ReportEvent.report_id == report.id, ReportEvent.kind == str(late.kind), _due_at() == late.due_at
    )
    return frozenset(session.scalars(rungs))


def _unheard(kind: Kind, due_at: InstrumentedAttribute[Any], now: datetime) -> ColumnElement[bool]:
    """Whether no entry about this date says that the next rung is still to come."""
    next_at = cast(ReportEvent.body["next_at"].astext, INSTANT)
    return ~exists().where(
        ReportEvent.report_id == Report.id, ReportEvent.kind == str(kind), _due_at() == due_at, next_at > now
    )


def _due_at() -> ColumnElement[datetime]:
    return cast(ReportEvent.body["due_at"].astext, INSTANT)
