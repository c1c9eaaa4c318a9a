"""Other cases at a place: what officers compare a case with. Nothing of who reported them, nor how many did (X42)."""

from datetime import datetime
from math import cos, radians
from typing import NamedTuple

from geoalchemy2 import Geography
from geoalchemy2.functions import ST_Y
from sqlalchemy import cast, func, select
from sqlalchemy.orm import Session

from cases import access, policy
from cases.models.case import Case
from people.actors import Actor

MOST = 10
_METRES_PER_DEGREE = 111_000.0


class NearCase(NamedTuple):
    """A case, and how far it is from the other in metres."""

    case: Case
    distance_m: float


def near_cases(session: Session, case: Case, *, by: Actor, now: datetime) -> list[NearCase]:
    """The newest cases within the distance at which two may be one matter, of those that the actor may see."""
    here = select(Case.point).where(Case.id == case.id).scalar_subquery()
    latitude = session.scalar(select(ST_Y(Case.point)).where(Case.id == case.id))
    if latitude is None:
        return []
    metres = policy.value(session, "merge_distance_m", now)
    distance = func.st_distance(cast(Case.point, Geography), cast(here, Geography))
    degrees = metres / (_METRES_PER_DEGREE * cos(radians(latitude)))  # roughly, for the index; then exactly
    found = (
        select(Case, distance)
        .where(
            Case.id != case.id, access.visible_to(by), func.st_dwithin(Case.point, here, degrees), distance <= metres
        )
        .order_by(Case.opened_at.desc(), Case.id)
        .limit(MOST)
    )
    return [NearCase(*row) for row in session.execute(found)]
