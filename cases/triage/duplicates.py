"""Which open cases may be the same matter: proposed, never merged by the system (C3 merging, X19)."""

from datetime import datetime, timedelta

from geoalchemy2 import Geography
from sqlalchemy import cast, func, select
from sqlalchemy.orm import Session

from cases import policy
from cases.models.case import OVER, Case
from cases.models.policy import CategoryVersion
from geo.points import SRID, Point


def possible(
    session: Session, *, point: Point | None, accuracy_m: float | None, category_code: str, now: datetime
) -> list[Case]:
    """Open, young cases of the same group near the point, the nearest first: within max(policy, both accuracies)."""
    if point is None:
        return []
    least_m = policy.value(session, "merge_distance_m", now)
    since = now - timedelta(days=policy.value(session, "merge_age_days", now))
    here = func.st_setsrid(func.st_makepoint(point.lon, point.lat), SRID)
    metres = func.st_distance(cast(Case.point, Geography), cast(here, Geography))
    reach = func.greatest(least_m, (accuracy_m or 0) + func.coalesce(Case.accuracy_m, 0))
    group = select(CategoryVersion.group_code).where(CategoryVersion.category_code == category_code).limit(1)
    codes = select(CategoryVersion.category_code).where(CategoryVersion.group_code == group.scalar_subquery())
    statement = (
        select(Case)
        .where(
            Case.state.not_in(OVER),
            Case.opened_at >= since,
            Case.category_code.in_(codes),
            func.st_dwithin(Case.point, here, point.degrees_for(max(least_m, 2 * (accuracy_m or 0), 1000))),
            metres <= reach,
        )
        .order_by(metres, Case.id)
        .limit(5)
    )
    return list(session.scalars(statement))
