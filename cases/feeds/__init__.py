"""The public record, read-only: pages of exposures, and its change log (cases/feeds/log.py)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from geoalchemy2.functions import ST_X, ST_Y, ST_DistanceSphere, ST_Expand, ST_MakeEnvelope, ST_MakePoint, ST_SetSRID
from sqlalchemy import Select, func, not_, select, text, tuple_
from sqlalchemy.orm import Session

from cases.feeds.log import Place, changes, grown, horizon, knows
from cases.feeds.shown import is_over, is_released, taken_down
from cases.models.exposure import GONE, PublicExposure
from geo.points import SRID, Point
from kit.clock import LOCAL_ZONE

__all__ = [
    "ALL", "AT_ONCE", "LIVE", "SHOWN", "TOMBSTONES_DAYS", "Item", "Place", "Wanted", "changes", "count", "every",
    "grown", "horizon", "knows", "months", "newest", "of_month", "one",
]  # fmt: skip

Span = tuple[datetime | None, datetime | None]
LIVE = 50
TOMBSTONES_DAYS = 180
AT_ONCE = 200
_MONTH = func.to_char(func.timezone(str(LOCAL_ZONE), PublicExposure.published_at), text("'YYYY-MM'"))


@dataclass(frozen=True)
class Item:
    """One public exposure with its generalised point, WGS-84 degrees."""

    exposure: PublicExposure
    lon: float | None
    lat: float | None


@dataclass(frozen=True)
class Wanted:
    """Which exposures: those shown now alone; within a box (west, south, east, north, WGS-84); of days and a town.

    The days are those of publication, both included, in the district's time; spans are of instants, with both ends or
    an open one. `near` is a place and so many metres around it.
    """

    shown: bool = False
    box: tuple[float, float, float, float] | None = None
    first_day: date | None = None
    last_day: date | None = None
    town: str | None = None
    ids: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    rectified: bool | None = None
    published: Span | None = None
    changed: Span | None = None
    near: tuple[Point, float] | None = None

    def conditions(self) -> list[Any]:
        """As the database says it. What is gone, or over, has no town and no place any more."""
        public, said = PublicExposure, [is_released()]
        if self.shown:
            said.append(public.status.not_in(GONE))
        if self.shown or self._asks_content():
            said.append(not_(is_over()))
        if self.box is not None:
            said.append(public.point.intersects(ST_MakeEnvelope(*self.box, 4326)))
        if self.near is not None:
            said += _around(*self.near)
        if self.town is not None:
            said.append(public.town_code == self.town)
        if self.rectified is not None:
            said.append((public.progress == "rectified") == self.rectified)
        named = ((public.public_id, self.ids), (public.category_code, self.categories))
        said += [column.in_(each) for column, each in named if each]
        spans = ((public.published_at, self._days()), (public.published_at, self.published))
        return [*said, *(each for span in (*spans, (public.updated_at, self.changed)) for each in _within(*span))]

    def _asks_content(self) -> bool:
        asked = (self.box, self.near, self.town, self.rectified)
        return bool(self.categories) or any(each is not None for each in asked)

    def _days(self) -> Span:
        first = datetime.combine(self.first_day, time.min, LOCAL_ZONE) if self.first_day else None
        return first, datetime.combine(self.last_day, time.max, LOCAL_ZONE) if self.last_day else None


def _within(column: Any, span: Span | None) -> list[Any]:
    first, last = span or (None, None)
    return ([] if first is None else [column >= first]) + ([] if last is None else [column <= last])


def _around(place: Point, metres: float) -> list[Any]:
    here, reach = ST_SetSRID(ST_MakePoint(place.lon, place.lat), SRID), place.degrees_for(metres)
    near = ST_DistanceSphere(PublicExposure.point, here) <= metres
    return [PublicExposure.point.intersects(ST_Expand(here, reach)), near]


ALL = Wanted()
SHOWN = Wanted(shown=True)


def newest(
    session: Session,
    *,
    limit: int = LIVE,
    after: tuple[datetime, str] | None = None,
    skip: int = 0,
    wanted: Wanted = ALL,
) -> list[Item]:
    """Exposures by last change, the newest first, by default with withdrawn ones as their tombstones."""
    statement = _by_change(wanted).offset(skip).limit(limit)
    if after is not None:
        statement = statement.where(tuple_(PublicExposure.updated_at, PublicExposure.public_id) < after)
    return [_item(*row) for row in session.execute(statement)]


def every(session: Session, wanted: Wanted = ALL) -> Iterator[Item]:
    """All of them, by last change, read a few at a time."""
    for row in session.execute(_by_change(wanted).execution_options(yield_per=AT_ONCE)):
        yield _item(*row)


def count(session: Session, wanted: Wanted = ALL) -> int:
    """How many there are."""
    return session.scalar(select(func.count()).select_from(PublicExposure).where(*wanted.conditions())) or 0


def one(session: Session, public_id: str) -> Item | None:
    """One public exposure or its tombstone; None when there never was one."""
    named = _exposures().where(is_released(), PublicExposure.public_id == public_id)
    row = session.execute(named).one_or_none()
    return _item(*row) if row else None


def of_month(session: Session, month: str) -> list[Item]:
    """What was published first in a month of the district's time, such as 2026-10, tombstones included."""
    return [_item(*row) for row in session.execute(_by_change(ALL).where(_MONTH == month))]  # noqa: SIM300 - a column


def months(session: Session) -> list[str]:
    """The months in which something was published, the newest first."""
    found = select(_MONTH.label("month")).where(is_released()).distinct()
    return list(session.scalars(found.order_by(text("month desc"))))


def _exposures() -> Select[PublicExposure, Any, Any, bool]:
    return select(PublicExposure, ST_X(PublicExposure.point), ST_Y(PublicExposure.point), is_over())


def _item(public: PublicExposure, lon: float | None, lat: float | None, over: bool) -> Item:  # noqa: FBT001 - a row's
    return Item(taken_down(public), None, None) if over else Item(public, lon, lat)


def _by_change(wanted: Wanted) -> Select[PublicExposure, Any, Any, bool]:
    order = (PublicExposure.updated_at.desc(), PublicExposure.public_id.desc())
    return _exposures().where(*wanted.conditions()).order_by(*order)
