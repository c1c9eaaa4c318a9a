"""Which open cases may be the same matter: proposed, never merged by the system (C3 merging, X19).

Because it is near, or because a report of it names the same vehicle or enterprise.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from geoalchemy2 import Geography
from sqlalchemy import ColumnElement, ScalarSelect, Select, cast, func, select
from sqlalchemy.orm import Session, aliased

from cases import policy
from cases.models.case import OVER, Case
from cases.models.policy import CategoryVersion
from cases.models.report import Named, Report, ReportCase
from geo.points import SRID, Point

DUPLICATE = "possible_duplicate"
AT_DESK = ("in_review", "need_more")
NEAR = "near"
_MOST = 5
_METRES_PER_DEGREE = 110_574.0  # of latitude, at the equator: a search is never too narrow
_NARROWEST = 0.01


@dataclass(frozen=True)
class Candidate:
    """An open case that may be the same matter, and why: `near`, `plate`, `uscc`."""

    case: Case
    because: tuple[str, ...]


def candidates(session: Session, report: Report, point: Point | None, *, now: datetime) -> list[Candidate]:
    """What is proposed to the desk: first what names the same, then what is near."""
    alike = named_alike(session, report, now=now)
    near = possible(session, point=point, accuracy_m=report.accuracy_m, category_code=report.category_code, now=now)
    also, known = {case.id for case in near}, {each.case.id for each in alike}
    named = [Candidate(each.case, each.because + (NEAR,) * (each.case.id in also)) for each in alike]
    return [*named, *(Candidate(case, (NEAR,)) for case in near if case.id not in known)]


def named_alike(session: Session, report: Report, *, now: datetime) -> list[Candidate]:
    """Open, young cases of the same group with another report that names the same, the newest first (TRN-01)."""
    mine, theirs = aliased(Named), aliased(Named)
    found = (
        select(Case, func.array_agg(theirs.kind.distinct()))
        .join(ReportCase, ReportCase.case_id == Case.id)
        .join(theirs, theirs.report_id == ReportCase.report_id)
        .join(mine, (mine.value == theirs.value) & (mine.kind == theirs.kind))
        .where(mine.report_id == report.id, theirs.report_id != report.id)
        .where(*_may_be_joined(session, report.category_code, now))
        .group_by(Case.id)
        .order_by(Case.opened_at.desc(), Case.id)
    )
    return [Candidate(case, tuple(sorted(because))) for case, because in session.execute(found.limit(_MOST))]


def kinds_named_by_both(session: Session, report: Report, case: Case) -> list[str]:
    """The kinds of things that this report and another of the case both name."""
    mine, theirs = aliased(Named), aliased(Named)
    found = (
        select(theirs.kind)
        .distinct()
        .join(ReportCase, ReportCase.report_id == theirs.report_id)
        .join(mine, (mine.value == theirs.value) & (mine.kind == theirs.kind))
        .where(ReportCase.case_id == case.id, mine.report_id == report.id, theirs.report_id != report.id)
    )
    return sorted(session.scalars(found))


def possible(
    session: Session, *, point: Point | None, accuracy_m: float | None, category_code: str, now: datetime
) -> list[Case]:
    """Open, young cases near the point, the nearest first: within max(policy, both accuracies).

    Of the same group alone, unless the district wants them of every group.
    """
    if point is None:
        return []
    near = _near(
        session, select(Case), _sql(point), point.degrees_for(max(_least_m(session, now), 2 * (accuracy_m or 0), 1000)),
        accuracy_m or 0, category_code, now,
    )  # fmt: skip
    return list(session.scalars(near.limit(_MOST)))


def likely(session: Session, *, now: datetime) -> ScalarSelect[UUID]:
    """The nearest of these for each report of the question that this stands in."""
    metres = func.greatest(_least_m(session, now), 2 * func.coalesce(Report.accuracy_m, 0), 1000)
    narrow = func.greatest(func.cos(func.radians(func.st_y(Report.point))), _NARROWEST)
    near = _near(
        session, select(Case.id), Report.point, metres / (_METRES_PER_DEGREE * narrow),
        func.coalesce(Report.accuracy_m, 0), Report.category_code, now,
    )  # fmt: skip
    return near.limit(1).correlate(Report).scalar_subquery()


def is_flooded(session: Session, report: Report, point: Point | None, *, now: datetime) -> bool:
    """Whether so many other reports of this place came just now and wait at the desk, that policy calls it a flood."""
    if point is None:
        return False
    rule = policy.value(session, "site_flood", now)
    reach = max(_least_m(session, now), 2 * (report.accuracy_m or 0))
    others = (
        select(Report.id)
        .where(
            Report.state.in_(AT_DESK), Report.id != report.id,
            Report.received_at > now - timedelta(minutes=rule["minutes"]),
            func.st_distance(cast(Report.point, Geography), cast(_sql(point), Geography)) <= reach,
        )
        .limit(rule["reports"])
        .subquery()
    )  # fmt: skip
    return bool(session.scalar(select(func.count()).select_from(others)) == rule["reports"])


def _near(
    session: Session, chosen: Select[Any], here: Any, degrees: Any, accuracy_m: Any, category_code: Any, now: datetime
) -> Select[Any]:
    """What is chosen of the cases near a place, whether that is one point or each report's own."""
    metres: ColumnElement[float] = func.st_distance(cast(Case.point, Geography), cast(here, Geography))
    return chosen.where(
        *_may_be_joined(session, category_code, now),
        func.st_dwithin(Case.point, here, degrees),
        metres <= func.greatest(_least_m(session, now), accuracy_m + func.coalesce(Case.accuracy_m, 0)),
    ).order_by(metres, Case.id)


def _may_be_joined(session: Session, category_code: Any, now: datetime) -> list[ColumnElement[bool]]:
    """Open, opened within the policy's days, and of the same group of categories where the policy asks for it."""
    since = now - timedelta(days=policy.value(session, "merge_age_days", now))
    joined = [Case.state.not_in(OVER), Case.opened_at >= since]
    if policy.value(session, "merge_group_only", now):
        group = select(CategoryVersion.group_code).where(CategoryVersion.category_code == category_code).limit(1)
        codes = select(CategoryVersion.category_code).where(CategoryVersion.group_code == group.scalar_subquery())
        joined.append(Case.category_code.in_(codes))
    return joined


def _least_m(session: Session, now: datetime) -> float:
    least: float = policy.value(session, "merge_distance_m", now)
    return least


def _sql(point: Point) -> ColumnElement[Any]:
    return func.st_setsrid(func.st_makepoint(point.lon, point.lat), SRID)
