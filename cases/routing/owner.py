"""Who answers for a place: the boundary edition in force at receipt, then the body that holds the unit's code (M01)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import policy
from cases.models.report import Report
from geo.boundaries import Candidate, Containing, containing, proposals
from geo.datums import Datum, to_wgs84
from geo.models import IN_FORCE, Boundary, Edition, Unit
from geo.points import Point
from kit.errors import Conflict
from people.models import Org


class NoSuchOwner(Conflict):
    """No active body answers for this unit yet."""

    code = "routing.no_owner"
    message = "No body answers for this unit."


@dataclass(frozen=True)
class Placing:
    """Where a report lies: its unit with the borders, and the units a person may choose between."""

    point: Point | None
    inside: Containing | None
    near: tuple[Candidate, ...]
    accuracy_m: float | None
    doubt_m: float  # a border this near is in doubt however good the fix claims to be

    @property
    def in_doubt(self) -> str | None:
        """Why a person must decide the place, or None: no_position, outside, border (C13, design.md §10)."""
        if self.point is None:
            return "no_position"
        if self.inside is None:
            return "outside"
        return "border" if self.inside.is_ambiguous(self.accuracy_m, self.doubt_m) else None


def place(session: Session, report: Report) -> Placing:
    """Place a report by its own coordinates, in the edition and by the policy in force when the server received it."""
    point, at = point_of(report), report.received_at
    if point is None:
        return Placing(None, None, (), report.accuracy_m, policy.value(session, "border_ambiguous_m", at))
    return place_point(session, point, at=at, accuracy_m=report.accuracy_m)


def place_point(session: Session, point: Point, *, at: datetime, accuracy_m: float | None) -> Placing:
    """Place a point in the edition and by the policy in force at `at`."""
    doubt_m, nearest_m = (policy.value(session, key, at) for key in ("border_ambiguous_m", "outside_nearest_m"))
    near = proposals(session, point, at, accuracy_m, doubt_m=doubt_m, nearest_m=nearest_m)
    return Placing(point, containing(session, point, at), tuple(near), accuracy_m, doubt_m)


def point_of(report: Report) -> Point | None:
    """Where a report says the hazard is; None for one that gives no coordinates."""
    if report.raw_lon is None or report.raw_lat is None or report.crs is None:
        return None
    return to_wgs84(report.raw_lon, report.raw_lat, Datum(report.crs))


def owner_of_unit(session: Session, unit_id: int) -> Org:
    """The active body that answers for a unit. Raises NoSuchOwner."""
    statement = select(Org).join(Unit, Unit.code == Org.unit_code).where(Unit.id == unit_id, Org.active)
    org = session.scalars(statement).one_or_none()
    if org is None:
        raise NoSuchOwner
    return org


def is_answered_for(session: Session, unit_id: int) -> bool:
    """Whether an active body answers for a unit; a place without one is for a person to decide."""
    held = select(Org.id).join(Unit, Unit.code == Org.unit_code).where(Unit.id == unit_id, Org.active)
    return session.scalars(held).one_or_none() is not None


def unanswered(session: Session, at: datetime) -> list[Unit]:
    """The units of the boundaries in force at `at` for which no active body answers, by code."""
    held = select(Org.id).where(Org.unit_code == Unit.code, Org.active)
    lines = select(Boundary.unit_id).join(Edition).where(Edition.state.in_(IN_FORCE), Edition.valid.contains(at))
    statement = select(Unit).where(Unit.id.in_(lines), Unit.kind != "district", ~held.exists()).order_by(Unit.code)
    return list(session.scalars(statement))


def group_of_the_district(session: Session) -> Org:
    """The county-level group that verifies matters a town must never get (M117, F05). Raises NoSuchOwner."""
    org = session.scalars(select(Org).where(Org.kind == "group", Org.active).order_by(Org.id).limit(1)).one_or_none()
    if org is None:
        raise NoSuchOwner
    return org
