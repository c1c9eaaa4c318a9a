"""K14: how satisfied reporters are with their replies, its denominator stated (X51, X52). Never who said what."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cases import policy
from cases.models.case import Case
from cases.models.reply import Reply
from cases.models.report import ReportCase
from people.models import Org


@dataclass(frozen=True)
class Satisfaction:
    """Of one body, or of all: `satisfied` of `ratings`, and how many replies could have been rated."""

    org: Org | None
    replies: int
    ratings: int
    satisfied: int
    scored: bool  # false where there are too few ratings to say anything by a share

    @property
    def share(self) -> float | None:
        """Satisfied by ratings; None where it is not scored, never 0 or 1 for nothing (X51)."""
        return self.satisfied / self.ratings if self.scored else None


def satisfaction(session: Session, *, since: datetime, until: datetime, now: datetime) -> list[Satisfaction]:
    """K14 of the replies given from `since` to before `until`: of all together first, then of each responsible body."""
    rule = policy.value(session, "satisfaction", now)
    good = func.count().filter(Reply.satisfaction >= rule["satisfied"])
    counted = (
        select(Org, func.count(), func.count(Reply.satisfaction), good)
        .select_from(Reply)
        .join(ReportCase, ReportCase.report_id == Reply.report_id)
        .join(Case, Case.id == ReportCase.case_id)
        .join(Org, Org.id == Case.responsible_org_id)
        .where(Reply.replied_at >= since, Reply.replied_at < until)
        .group_by(Org.id)
        .order_by(Org.code)
    )
    each = [
        Satisfaction(org, given, rated, satisfied, rated >= rule["least"])
        for org, given, rated, satisfied in session.execute(counted)
    ]
    rated = sum(one.ratings for one in each)
    together = Satisfaction(
        None, sum(one.replies for one in each), rated, sum(one.satisfied for one in each), rated >= rule["least"]
    )
    return [together, *each]
