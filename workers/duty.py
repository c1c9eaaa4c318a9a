"""Telling the duty list that a report waits too long (R2, X33)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from cases import notices


def tell_duty(session: Session, _report_id: UUID, *, now: datetime) -> None:
    """Alarm every district office. The notice names no report: whoever may see reports finds it first on the desk."""
    notices.tell_district(session, "review_overdue", "有举报超过首次查看时限，请立即到受理台处理", now=now)
