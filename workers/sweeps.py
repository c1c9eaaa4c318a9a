"""Sweeps find what was missed and judge nothing themselves: each thing found gets its own job or entry."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from cases import (
    enforcing,
    exposure,
    holds,
    photos,
    policy,
    provisional,
    retention,
    supervision,
    trail,
    triage,
    webhooks,
)
from cases.journey import Step
from cases.models.case import Case, Clock
from cases.models.job import Job
from cases.models.report import Report, ReportPhoto
from cases.models.supervision import UrgeOrder
from kit.storage import store

A_ROUND = timedelta(seconds=30)
UNROUTED_AFTER = timedelta(seconds=60)
AT_ONCE = 500
REPORTS_AT_ONCE = 50


def find_unrouted(session: Session, *, now: datetime) -> None:
    """Reports that nobody has judged after a minute and that have no live job: judged again (promise 1)."""
    waiting = exists().where(
        Job.subject == Report.id, Job.step == str(Step.TRIAGE), Job.done_at.is_(None), Job.failed_at.is_(None)
    )
    lost = select(Report.id).where(Report.state == "submitted", Report.received_at < now - UNROUTED_AFTER, ~waiting)
    for report_id in session.scalars(lost.limit(AT_ONCE)):
        trail.enqueue(session, Step.TRIAGE, report_id, now=now)


def find_overdue(session: Session, *, now: datetime) -> None:
    """Cases with a clock whose next rung is due, an order that nobody answered, or a late interview or bulletin (D8).

    A job for each.
    """
    due = exists().where(
        Clock.case_id == Case.id, Clock.stopped_at.is_(None), or_(Clock.ladder_at.is_(None), Clock.ladder_at <= now)
    )
    unanswered = exists().where(
        UrgeOrder.case_id == Case.id, UrgeOrder.state == "issued", UrgeOrder.reply_due_at <= now,
        UrgeOrder.overdue_told_at.is_(None),
    )  # fmt: skip
    owed = supervision.late_for(Case.id, now=now)
    late = select(Case.id).where(or_(due, unanswered, owed), ~_has_job(Step.CLIMB, Case.id))
    for case_id in session.scalars(late.limit(AT_ONCE)).all():
        trail.enqueue(session, Step.CLIMB, case_id, now=now)


def find_late_at_desk(session: Session, *, now: datetime) -> None:
    """Reports that the desk is late with, and has not been told of since the last rung: a job for each (D8)."""
    for report_id in triage.find_late(session, now=now, limit=AT_ONCE):
        _enqueue_once(session, Step.URGE_DESK, report_id, now=now)


def find_absent(session: Session, *, now: datetime) -> None:
    """Cases in which something is left by somebody who is away: a job for each (M15)."""
    for case_id in supervision.find_absent(session, now=now):
        _enqueue_once(session, Step.STAND_IN, case_id, now=now)


def find_holds(session: Session, *, now: datetime) -> None:
    """Cases with a hold whose review is near or over, or that nobody may decide any more: a job for each (T19)."""
    for case_id in holds.find_reviewable(session, now=now):
        _enqueue_once(session, Step.REVIEW_HOLD, case_id, now=now)


def find_recountable(session: Session, *, now: datetime) -> None:
    """Cases and reports with a deadline that a calendar has made certain: a job for each (D2, X09).

    Where there are more than one round takes, the next one comes when these are done, not with the next hour.
    """
    cases = supervision.find_recountable(session, now=now)
    reports = provisional.find_recountable(session, now=now, limit=AT_ONCE)
    for case_id in cases:
        _enqueue_once(session, Step.RECOUNT, case_id, now=now)
    for report_id in reports:
        _enqueue_once(session, Step.RECOUNT_REPORT, report_id, now=now)
    if max(len(cases), len(reports)) >= AT_ONCE:
        trail.enqueue(session, Step.FIND_RECOUNTABLE, None, now=now, due=now + A_ROUND)


def find_settled(session: Session, *, now: datetime) -> None:
    """Reports whose reply nobody objected to, and whose case is over: a job for each (R10)."""
    for report_id in triage.settled(session, now=now, limit=AT_ONCE):
        _enqueue_once(session, Step.CLOSE_REPORT, report_id, now=now)


def _enqueue_once(session: Session, step: Step, subject: UUID, *, now: datetime) -> None:
    if not session.scalar(select(_has_job(step, subject))):
        trail.enqueue(session, step, subject, now=now)


def _has_job(step: Step, about: UUID | InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """Whether a job of this step waits for the subject, or is being done."""
    return exists().where(Job.subject == about, Job.step == str(step), Job.done_at.is_(None), Job.failed_at.is_(None))


def expire_measures(session: Session, *, now: datetime) -> None:
    """Measures that have reached their legal end hold no longer (F45)."""
    enforcing.expire(session, now=now)


def expire_photos(session: Session, *, now: datetime) -> None:
    """Photos whose report never came are let go after their days of waiting."""
    before = now - timedelta(days=policy.value(session, "quarantine_days", now))
    waiting = select(ReportPhoto).where(ReportPhoto.state == "waiting", ReportPhoto.stored_at < before)
    for photo in session.scalars(waiting.limit(AT_ONCE).with_for_update(skip_locked=True)):
        photos.let_go_of_original(session, photo)
        photo.state = "expired"
    store().sweep(before)


def keep_no_longer(session: Session, *, now: datetime) -> None:
    """What was kept long enough goes, some reports at a time; where more is due, again at once (Q11).

    Also photos that no row names, and what was said to newsrooms.
    """
    done = retention.let_go(session, now=now, at_once=REPORTS_AT_ONCE)
    retention.let_go_of_orphans(session, now=now)
    webhooks.forget(session, now=now)
    if REPORTS_AT_ONCE in done.values():
        trail.enqueue(session, Step.KEEP_NO_LONGER, None, now=now)


def expire_exposures(session: Session, *, now: datetime) -> None:
    """Exposures whose time has passed are taken down (E7)."""
    exposure.expire(session, now=now)
