"""A report that was replied to, for tests of what its reporter does next, and what became of it."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from cases.intake import mark_of
from cases.models.reply import Reply, ReviewRequest
from cases.models.report import Answer, Report
from kit import clock
from kit.db import OWNER, unit_of_work


def reply_to(code: str) -> str:
    """Reply to the report of this code now; gives the code."""
    now = clock.now()
    with unit_of_work(OWNER) as session:
        told = {"reply": "经核查属实，已责令清理。", "outcome": "substantiated", "state": "replied", "replied_at": now}
        report_id = session.scalars(
            update(Report).where(Report.tracking_mark == mark_of(code)).values(**told).returning(Report.id)
        ).one()
        session.add(
            Reply(
                report_id=report_id, number=1, text=told["reply"], channel="code", reached=True,
                outcome="substantiated", replied_at=now, review_until=now + timedelta(days=30),
            )
        )  # fmt: skip
    return code


def kept(code: str) -> tuple[Any, ...]:
    """Its state, how its reply was rated, whether that is enough, why a review is asked for, and how many answers."""
    with unit_of_work(OWNER) as session:
        report = session.scalars(select(Report).where(Report.tracking_mark == mark_of(code))).one()
        reply = session.scalars(select(Reply).where(Reply.report_id == report.id)).one()
        asked = session.get(ReviewRequest, report.id)
        count = len(session.scalars(select(Answer.client_id).where(Answer.report_id == report.id)).all())
        return report.state, reply.satisfaction, reply.enough, asked.reason if asked else None, count
