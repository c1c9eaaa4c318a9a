"""One rule for each kind of thing that is let go: whose turn it is, and what goes.

What goes is written on the report's trail, so that the history says itself why a word is missing. The files of a case
are the archive of the bodies that handled it, and no rule here touches them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, func, null, or_, select, update
from sqlalchemy.orm import Session

from cases import photos, policy, trail
from cases.journey import Kind
from cases.models.origin import Doubt
from cases.models.reply import Reply, ReviewRequest
from cases.models.report import Answer, Named, Question, Report, ReportEvent, ReportPhoto
from cases.models.retaliation import Retaliation
from cases.models.subscription import Subscription
from cases.models.thread import Message
from cases.retention.ended import ended_before, is_retaliated
from cases.retention.naming import named
from kit.storage import store
from people.actors import SYSTEM
from people.models import SealedIdentity

Limits = Mapping[str, Any]
GONE = ""


@dataclass(frozen=True)
class Rule:
    """`whose` asks for the reports whose turn it is, `let_go` takes the thing away from one that is locked."""

    name: str
    whose: Callable[[datetime, Limits], Select[UUID]]
    let_go: Callable[[Session, Report], None]


@dataclass(frozen=True)
class Due:
    """How many reports a rule would touch now."""

    rule: str
    reports: int


def _days(now: datetime, limits: Limits, name: str) -> datetime:
    return now - timedelta(days=limits[name])


def _whose_identity(now: datetime, limits: Limits) -> Select[UUID]:
    """Some days after everything has ended, and no longer than the most days after it was received.

    But who is made to suffer for having reported is not forgotten while that is looked into (Q9).
    """
    over = Report.received_at < _days(now, limits, "identity_most_days")
    ended = Report.id.in_(ended_before(_days(now, limits, "identity_days")))
    known = select(SealedIdentity.report_id).union(select(Subscription.report_id))
    return select(Report.id).where(Report.id.in_(known), or_(over, ended), ~is_retaliated()).order_by(Report.id)


def _identity(session: Session, report: Report) -> None:
    session.execute(delete(SealedIdentity).where(SealedIdentity.report_id == report.id))
    session.execute(delete(Subscription).where(Subscription.report_id == report.id))


def _whose_originals(now: datetime, limits: Limits) -> Select[UUID]:
    """The photos as they came, with all that a phone writes into them; the clean copies stay."""
    kept = select(ReportPhoto.id).where(
        ReportPhoto.report_client_id == Report.client_id, ReportPhoto.storage_key.is_not(None)
    )
    return ended_before(_days(now, limits, "original_days")).where(kept.exists())


def _originals(session: Session, report: Report) -> None:
    for photo in _photos(session, report):
        photos.let_go_of_original(session, photo)


def _whose_words(now: datetime, limits: Limits) -> Select[UUID]:
    """What was written and shown; its number, its times and its outcome stay for the statistics."""
    shown = select(ReportPhoto.id).where(
        ReportPhoto.report_client_id == Report.client_id, ReportPhoto.large_key.is_not(None)
    )
    something = or_(Report.text != GONE, Report.address.is_not(None), Report.raw_lon.is_not(None), shown.exists())
    return ended_before(_days(now, limits, "words_days")).where(something)


def _words(session: Session, report: Report) -> None:
    _originals(session, report)
    copies = photos.forget(session, _photos(session, report))
    for key in set(copies) - named(session, copies):  # what was released to a case is a picture of its file
        store().delete(key)
    for table in (Question, Answer, Reply, Message, Retaliation):
        session.execute(update(table).where(table.report_id == report.id).values(text=GONE))
    session.execute(update(ReviewRequest).where(ReviewRequest.report_id == report.id).values(reason=GONE))
    session.execute(delete(Doubt).where(Doubt.report_id == report.id))
    session.execute(delete(Named).where(Named.report_id == report.id))
    report.notice_code = None
    report.text, report.address, report.reply = GONE, None, GONE if report.reply is not None else None
    report.raw_lon, report.raw_lat, report.point, report.fix_at = None, None, null(), None
    entries = update(ReportEvent).where(ReportEvent.report_id == report.id, ReportEvent.salt.is_not(None))
    session.execute(entries.values(salt=None, body={}))


def _photos(session: Session, report: Report) -> list[ReportPhoto]:
    return list(session.scalars(select(ReportPhoto).where(ReportPhoto.report_client_id == report.client_id)))


RULES = (
    Rule("identity", _whose_identity, _identity),
    Rule("originals", _whose_originals, _originals),
    Rule("words", _whose_words, _words),
)


def due(session: Session, *, now: datetime) -> list[Due]:
    """What would go now, and goes not."""
    limits = policy.value(session, "retention", now)
    counted = (
        (rule.name, session.scalar(select(func.count()).select_from(rule.whose(now, limits).subquery())))
        for rule in RULES
    )
    return [Due(name, number or 0) for name, number in counted]


def let_go(session: Session, *, now: datetime, at_once: int) -> dict[str, int]:
    """Let go of what is due, `at_once` reports of each rule at the most; gives how many. Safe to repeat."""
    limits = policy.value(session, "retention", now)
    done = {}
    for rule in RULES:
        turn = rule.whose(now, limits).limit(at_once)
        reports = session.scalars(select(Report).where(Report.id.in_(turn)).order_by(Report.id).with_for_update()).all()
        for report in reports:
            rule.let_go(session, report)
            report.version += 1
            trail.record(session, report, Kind.LET_GO, by=SYSTEM, now=now, what=rule.name)
        session.flush()
        done[rule.name] = len(reports)
    return done
