"""Bringing the reports of a case up to it, once for all that asks for it: a flood asks with each report that joins."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cases import triage
from cases.journey import Step
from cases.models.job import Job


def mirror_reports(session: Session, case_id: UUID, *, now: datetime) -> None:
    """Mirror the case. Jobs for the same that are due are done with it; what is committed later has its own."""
    due = select(Job.id).where(
        Job.subject == case_id, Job.step == str(Step.MIRROR_REPORTS), Job.done_at.is_(None), Job.failed_at.is_(None),
        Job.run_after <= now,
    )  # fmt: skip
    together = session.scalars(due.order_by(Job.id).with_for_update(skip_locked=True)).all()
    session.execute(update(Job).where(Job.id.in_(together)).values(done_at=now))
    triage.mirror(session, case_id, now=now)
