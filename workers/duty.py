"""Telling the duty list that a report waits too long (R2, X33)."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import notices, policy
from cases.models.case import Notice
from cases.models.report import HELD, SITE_FLOOD, Report

OF_ONE, OF_HELD = "review_overdue", "held_overdue"


def tell_duty(session: Session, report_id: UUID, *, now: datetime) -> None:
    """Alarm every district office. The notice names no report: whoever may see reports finds it first on the desk.

    Of a flood once in a while, and not for each: an alarm that never stops is heard by nobody.
    """
    report = session.get_one(Report, report_id)
    if report.waits_for not in (*HELD, SITE_FLOOD):
        notices.tell_district(session, OF_ONE, "有举报超过首次查看时限，请立即到受理台处理", now=now)
    elif not _told_of_held(session, now):
        notices.tell_district(session, OF_HELD, "有集中举报超过首次查看时限，请到受理台批量查看处理", now=now)


def _told_of_held(session: Session, now: datetime) -> bool:
    since = now - timedelta(minutes=policy.value(session, "slow_lane", now)["alarm_minutes"])
    return (
        session.scalar(select(Notice.id).where(Notice.kind == OF_HELD, Notice.created_at > since).limit(1)) is not None
    )
