"""What a report was told: the newest reply counts (R7), and says until when its reporter may object (R8)."""

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, aliased

from cases.models.reply import Reply
from cases.models.report import Report


def newest_reply(session: Session, report: Report) -> Reply | None:
    """What a report was told last."""
    return next(iter(replies(session, report)), None)


def replies(session: Session, report: Report) -> list[Reply]:
    """Every reply that a report was given, the newest first."""
    found = select(Reply).where(Reply.report_id == report.id).order_by(Reply.number.desc())
    return list(session.scalars(found))


def is_newest() -> ColumnElement[bool]:
    """For a join of Reply to Report: the reply that counts."""
    each = aliased(Reply)
    newest = select(func.max(each.number)).where(each.report_id == Report.id).correlate(Report).scalar_subquery()
    return and_(Reply.report_id == Report.id, Reply.number == newest)
