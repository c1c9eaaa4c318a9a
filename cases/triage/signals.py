"""What speaks against the place that a report gives: a score for whoever reads it, and never a refusal (T13, C13).

The phone's own position can be made up, so it is weighed by what else is known: its system calls it mock, its accuracy
is exactly 0, 1, 5 or 10 m, one device was in two places too fast, many devices stood on the same seven digits, its
clock is another country's, a photo was taken elsewhere. GCJ-02 and WGS 84 lie 100 to 700 m apart, so whatever compares
two places leaves the tolerance of policy beside it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import any_, delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cases import policy
from cases.bands import FAR
from cases.models.origin import Doubt, Origin
from cases.models.report import Report, ReportPhoto
from geo.points import Point

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "mock": ("手机系统标明定位由其他程序设定", "The phone says that an app has put the position in"),
    "round_accuracy": ("定位精度恰为 0、1、5 或 10 米", "The accuracy is exactly 0, 1, 5 or 10 m"),
    "too_fast": ("同一手机短时间内出现在相距很远的两地", "One phone was in two places too far apart for the time"),
    "same_point": ("多部手机的坐标完全相同", "Several phones gave exactly the same coordinates"),
    "other_zone": ("手机时区不是东八区", "The phone's clock is that of another country"),
    "photo_far": ("照片拍摄地点与举报地点相距较远", "A photo was taken far from the place"),
}
ROUND_METRES: Final = (0.0, 1.0, 5.0, 10.0)
NONE, SOME, STRONG = "none", "some", "strong"


@dataclass(frozen=True)
class Score:
    """What the signals weigh together, as points and as a band."""

    points: int
    band: str
    signals: tuple[str, ...]


@dataclass(frozen=True)
class Fix:
    """Where a phone says that it was, and when."""

    at: Point
    moment: datetime


def score(signals: Iterable[str], rule: Mapping[str, Any]) -> Score:
    """The score of some signals by the policy `spoof_signals`; each counts once, one without a weight not at all."""
    weights: Mapping[str, int] = rule["weights"]
    counted = tuple(name for name in WORDS if name in set(signals) and weights.get(name, 0) > 0)
    points = sum(weights[name] for name in counted)
    band = STRONG if points >= rule["strong"] else SOME if points >= rule["some"] else NONE
    return Score(points, band, counted)


def too_fast(one: Fix, other: Fix, rule: Mapping[str, Any]) -> bool:
    """Whether nobody gets from one place to the other in the time between, whichever datum the phone really meant."""
    metres = max(one.at.metres_to(other.at) - rule["tolerance_m"], 0.0)
    seconds = abs((one.moment - other.moment).total_seconds())
    return bool(metres > rule["metres_per_s"] * max(seconds, 1.0))


def note(session: Session, report: Report, *, now: datetime) -> None:
    """Write down the signals of a report that is being judged; safe to repeat."""
    origin = session.get(Origin, report.id)
    rule = policy.value(session, "spoof_signals", now)
    found = []
    if report.method == "gps" and report.accuracy_m in ROUND_METRES:
        found.append("round_accuracy")
    if origin is not None:
        found += [name for name in ("mock", "other_zone") if getattr(origin, name)]
        since = now - timedelta(hours=rule["hours"])
        if origin.device_mark and _was_elsewhere(session, report, origin.device_mark, since, rule):
            found.append("too_fast")
        for each in _on_the_same_point(session, report, since, rule):
            _add(session, each, ["same_point"])
    if found:
        _add(session, report.id, found)


def score_of(session: Session, report: Report, *, now: datetime) -> Score:
    """The score of a report as its reader sees it, with what its photos tell."""
    kept = session.get(Doubt, report.id)
    far = select(ReportPhoto.id).where(
        ReportPhoto.report_client_id == report.client_id, ReportPhoto.named, ReportPhoto.place_grade == FAR
    )
    signals = [*(kept.signals if kept else ()), *(["photo_far"] if session.scalar(far.limit(1)) else ())]
    return score(signals, policy.value(session, "spoof_signals", now))


def forget_origins(session: Session, *, now: datetime) -> None:
    """What phones said of themselves is gone after its hours."""
    before = now - timedelta(hours=policy.value(session, "spoof_signals", now)["hours"])
    session.execute(delete(Origin).where(Origin.received_at < before))


def _was_elsewhere(session: Session, report: Report, device: bytes, since: datetime, rule: Mapping[str, Any]) -> bool:
    """By the times of the fixes: a phone that sends its queue after an outage was at each place when it says so."""
    moment = func.coalesce(Report.fix_at, Report.observed_at)
    fixes = (
        select(Report.id, func.st_x(Report.point), func.st_y(Report.point), moment)
        .join(Origin, Origin.report_id == Report.id)
        .where(Origin.device_mark == device, Origin.received_at > since, Report.method == "gps")
        .where(Report.point.is_not(None))
    )
    known = {id_: Fix(Point(lon, lat), at) for id_, lon, lat, at in session.execute(fixes)}
    here = known.pop(report.id, None)
    return here is not None and any(too_fast(here, each, rule) for each in known.values())


def _on_the_same_point(session: Session, report: Report, since: datetime, rule: Mapping[str, Any]) -> list[UUID]:
    """Reports that enough devices sent from the same seven digits and of which that is not noted yet.

    A pin or a printed code is the same for everybody; what a satellite says never is.
    """
    if report.method != "gps" or report.raw_lon is None or report.raw_lat is None:
        return []
    here = (func.round(report.raw_lon * 1e7), func.round(report.raw_lat * 1e7))
    alike = (
        select(Report.id, Origin.device_mark)
        .join(Origin, Origin.report_id == Report.id)
        .where(Origin.received_at > since, Origin.device_mark.is_not(None), Report.method == "gps")
        .where(func.round(Report.raw_lon * 1e7) == here[0], func.round(Report.raw_lat * 1e7) == here[1])
        .order_by(Report.id)
    )
    rows = session.execute(alike).all()
    if len({mark for _, mark in rows}) < rule["devices"]:
        return []
    noted = select(Doubt.report_id).where(literal("same_point") == any_(Doubt.signals))
    known = set(session.scalars(noted.where(Doubt.report_id.in_([id_ for id_, _ in rows]))))
    return [id_ for id_, _ in rows if id_ not in known]


def _add(session: Session, report_id: UUID, signals: list[str]) -> None:
    session.execute(insert(Doubt).values(report_id=report_id).on_conflict_do_nothing())
    kept = session.scalars(select(Doubt).where(Doubt.report_id == report_id).with_for_update()).one()
    kept.signals = sorted({*kept.signals, *signals})
    session.flush()
