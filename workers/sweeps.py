"""Sweeps find what was missed and judge nothing themselves: each thing found gets its own job or entry."""

from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from cases import enforcing, exposure, notices, policy, trail
from cases.journey import Kind, Step
from cases.models.case import Case, Clock, Task
from cases.models.job import Job
from cases.models.report import Report, ReportPhoto
from kit.storage import store
from people.actors import SYSTEM

UNROUTED_AFTER = timedelta(seconds=60)
AT_ONCE = 500


def find_unrouted(session: Session, *, now: datetime) -> None:
    """Reports that nobody has judged after a minute and that have no live job: judged again (promise 1)."""
    waiting = exists().where(
        Job.subject == Report.id, Job.step == str(Step.TRIAGE), Job.done_at.is_(None), Job.failed_at.is_(None)
    )
    lost = select(Report.id).where(Report.state == "submitted", Report.received_at < now - UNROUTED_AFTER, ~waiting)
    for report_id in session.scalars(lost.limit(AT_ONCE)):
        trail.enqueue(session, Step.TRIAGE, report_id, now=now)


def find_overdue(session: Session, *, now: datetime) -> None:
    """Clocks that have just become red: an entry on the case, a notice to who must act and to the district, once."""
    red = (Clock.stopped_at.is_(None), Clock.overdue_noted_at.is_(None), Clock.due_at <= now)
    # The case first, as officers take it, and its clocks read after: what an officer holds just now waits a minute.
    late = select(Case).where(exists().where(Clock.case_id == Case.id, *red)).order_by(Case.id).limit(AT_ONCE)
    for case in session.scalars(late.with_for_update(skip_locked=True)).all():
        for clock in session.scalars(select(Clock).where(Clock.case_id == case.id, *red).order_by(Clock.due_at)).all():
            clock.overdue_noted_at = now
            _tell_overdue(session, case, clock, now=now)


def _tell_overdue(session: Session, case: Case, clock: Clock, *, now: datetime) -> None:
    against = {} if clock.org_id is None else {"org": clock.org_id}
    trail.record(session, case, Kind.OVERDUE, by=SYSTEM, now=now, due=None, clock=clock.kind, **against)
    text = f"案件 {case.number} 已超过时限"
    for org_id in _who_must_act(session, case, clock):
        notices.tell(session, org_id, "overdue", text, now=now, case_id=case.id)
    notices.tell_district(session, "overdue", text, now=now, case_id=case.id)


def _who_must_act(session: Session, case: Case, clock: Clock) -> set[int]:
    """The body that the clock runs against; of a cooperating task also the lead, on whose screen it shows (M09)."""
    against = clock.org_id or case.responsible_org_id
    leads = select(Task.org_id).where(Task.case_id == case.id, Task.kind == "lead", Task.state != "cancelled")
    told = set(session.scalars(leads)) if clock.task_id is not None else set()
    return told | ({against} if against is not None else set())


def expire_measures(session: Session, *, now: datetime) -> None:
    """Measures that have reached their legal end hold no longer (F45)."""
    enforcing.expire(session, now=now)


def expire_photos(session: Session, *, now: datetime) -> None:
    """Photos whose report never came are let go after their days of waiting."""
    before = now - timedelta(days=policy.value(session, "quarantine_days", now))
    waiting = select(ReportPhoto).where(ReportPhoto.state == "waiting", ReportPhoto.stored_at < before)
    for photo in session.scalars(waiting.limit(AT_ONCE).with_for_update(skip_locked=True)):
        if photo.storage_key is not None:
            store().delete(photo.storage_key)
        photo.state, photo.storage_key = "expired", None
    store().sweep(before)


def expire_exposures(session: Session, *, now: datetime) -> None:
    """Exposures whose time has passed are taken down (E7)."""
    exposure.expire(session, now=now)
