"""What each posted notice has brought in: how many reports came by its code (M18). A number, and no report."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from cases import access
from cases.models.case import Case
from cases.models.paper import Paper
from cases.models.report import Report
from people.actors import Actor


class Posted(NamedTuple):
    """A notice that was printed, of which case, and how many reports its code has brought."""

    id: UUID
    code: str
    case_id: UUID
    case_number: str
    edition: int
    asked_at: datetime
    brought: int


def posted_notices(
    session: Session, *, by: Actor, limit: int, after: tuple[datetime, UUID] | None = None
) -> list[Posted]:
    """Notices with a code, the newest first; `after` is the last row of the page before. Raises NotTheOffice."""
    access.only_the_office(by)
    number = select(func.count()).where(Report.notice_code == Paper.code).correlate(Paper).scalar_subquery()
    found = (
        select(Paper.id, Paper.code, Paper.case_id, Case.number, Paper.edition, Paper.asked_at, number)
        .join(Case, Case.id == Paper.case_id)
        .where(Paper.kind == "notice", Paper.code.is_not(None))
        .order_by(Paper.asked_at.desc(), Paper.id.desc())
    )
    if after is not None:
        found = found.where(tuple_(Paper.asked_at, Paper.id) < after)
    return [Posted(*row) for row in session.execute(found.limit(limit))]
