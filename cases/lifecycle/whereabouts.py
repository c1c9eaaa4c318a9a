"""How far from a case's place somebody is who says to be there (T6, T17)."""

from geoalchemy2 import Geography, WKTElement
from sqlalchemy import cast, func, select
from sqlalchemy.orm import Session

from cases.models.case import Case
from geo.points import SRID, Point


def distance_m(session: Session, case: Case, point: Point | None) -> float | None:
    """Metres from a WGS-84 point to the place of a case; None where either is not known."""
    if point is None or case.point is None:
        return None
    here = func.st_setsrid(func.st_makepoint(point.lon, point.lat), SRID)
    metres = func.st_distance(cast(Case.point, Geography), cast(here, Geography))
    return session.scalar(select(metres).where(Case.id == case.id))


def stored(point: Point | None) -> WKTElement | None:
    """A point as a column keeps it."""
    return WKTElement(f"POINT({point.lon!r} {point.lat!r})", srid=SRID) if point else None
