"""The trail: every act leaves an entry, in the transaction of the act, and the jobs that must follow it.

A report and a case have a trail each, and neither names the other (design.md §10).
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from cases.journey import FOLLOW_UPS, Kind, Step
from cases.models.case import Case, CaseEvent
from cases.models.job import Job
from cases.models.report import Report, ReportEvent
from people.actors import Actor


def record(
    session: Session,
    subject: Case | Report,
    kind: Kind,
    /,
    *,
    by: Actor,
    now: datetime,
    follow_at: datetime | None = None,
    **body: Any,
) -> None:
    """Write what happened to `subject`, which the caller has locked, and the jobs that follow, at once or `follow_at`.

    `body` is kept as JSON, whatever its words are; on a case it must hold nothing of a report.
    """
    if isinstance(subject, Case):
        _record_on_case(session, subject, kind, by=by, now=now, body=body)
    else:
        _record_on_report(session, subject, kind, by=by, now=now, body=body)
    for step in FOLLOW_UPS.get(kind, ()):
        enqueue(session, step, subject.id, now=now, due=follow_at)


def enqueue(
    session: Session, step: Step, subject: UUID | None, *, now: datetime, due: datetime | None = None, **args: Any
) -> None:
    """Write one job, to be done at once or at `due`, by whoever takes its lease first."""
    # Inline, so without RETURNING: a handler's role may add jobs and read none.
    job = insert(Job.__table__).inline()  # type: ignore[arg-type]
    session.execute(job.values(step=str(step), subject=subject, args=args, created_at=now, run_after=due or now))


def _record_on_case(
    session: Session, case: Case, kind: Kind, *, by: Actor, now: datetime, body: dict[str, Any]
) -> None:
    seq = session.scalar(select(func.coalesce(func.max(CaseEvent.seq), 0) + 1).where(CaseEvent.case_id == case.id))
    session.add(
        CaseEvent(
            case_id=case.id,
            seq=seq,
            kind=str(kind),
            at=now,
            actor=by.label,
            actor_name=by.name,
            org_id=by.org_id,
            body=body,
        )
    )
    session.flush()


def _record_on_report(
    session: Session, report: Report, kind: Kind, *, by: Actor, now: datetime, body: dict[str, Any]
) -> None:
    seq = session.scalar(
        select(func.coalesce(func.max(ReportEvent.seq), 0) + 1).where(ReportEvent.report_id == report.id)
    )
    session.add(ReportEvent(report_id=report.id, seq=seq, kind=str(kind), at=now, actor=by.label, body=body))
    session.flush()
