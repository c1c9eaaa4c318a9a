"""The public record, read-only: pages of exposures, and the change log up to where nothing can still come in before."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from geoalchemy2.functions import ST_X, ST_Y, ST_DistanceSphere, ST_Expand, ST_MakeEnvelope, ST_MakePoint, ST_SetSRID
from sqlalchemy import Select, func, select, text, tuple_
from sqlalchemy.orm import Session

from cases.models.exposure import GONE, Change, PublicExposure
from geo.points import SRID, Point
from kit.clock import LOCAL_ZONE

Span = tuple[datetime | None, datetime | None]
LIVE = 50
TOMBSTONES_DAYS = 180
AT_ONCE = 200
# What a transaction below it has written is committed or never will be: nothing can be added before it any more.
_OLDEST_RUNNING = text("pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
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
        """As the database says it. A withdrawn exposure has no town and no place any more."""
        public, said = PublicExposure, list[Any]()
        if self.shown:
            said.append(public.status.not_in(GONE))
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
    return [Item(*row) for row in session.execute(statement)]


def every(session: Session, wanted: Wanted = ALL) -> Iterator[Item]:
    """All of them, by last change, read a few at a time."""
    for row in session.execute(_by_change(wanted).execution_options(yield_per=AT_ONCE)):
        yield Item(*row)


def count(session: Session, wanted: Wanted = ALL) -> int:
    """How many there are."""
    return session.scalar(select(func.count()).select_from(PublicExposure).where(*wanted.conditions())) or 0


def one(session: Session, public_id: str) -> Item | None:
    """One public exposure or its tombstone; None when there never was one."""
    row = session.execute(_exposures().where(PublicExposure.public_id == public_id)).one_or_none()
    return Item(*row) if row else None


def of_month(session: Session, month: str) -> list[Item]:
    """What was published first in a month of the district's time, such as 2026-10, tombstones included."""
    return [Item(*row) for row in session.execute(_by_change(ALL).where(_MONTH == month))]  # noqa: SIM300 - a column


def months(session: Session) -> list[str]:
    """The months in which something was published, the newest first."""
    return list(session.scalars(select(_MONTH.label("month")).distinct().order_by(text("month desc"))))


def _exposures() -> Select[PublicExposure, Any, Any]:
    return select(PublicExposure, ST_X(PublicExposure.point), ST_Y(PublicExposure.point))


def _by_change(wanted: Wanted) -> Select[PublicExposure, Any, Any]:
    order = (PublicExposure.updated_at.desc(), PublicExposure.public_id.desc())
    return _exposures().where(*wanted.conditions()).order_by(*order)


def grown(session: Session) -> tuple[int, int]:
    """How far the log has grown: how many changes there are, and the highest number.

    The number alone would not do: of two transactions the one that ends last may have the lower one.
    """
    many, highest = session.execute(select(func.count(), func.coalesce(func.max(Change.seq), 0))).one()
    return many, highest


def horizon(session: Session) -> int:
    """The number of the last change that is safe to tell; 0 when there is none."""
    last = select(Change.seq).where(Change.xid < _OLDEST_RUNNING).order_by(Change.xid.desc(), Change.seq.desc())
    return session.scalar(last.limit(1)) or 0


def changes(session: Session, *, since: int, limit: int) -> list[Change]:
    """Changes after the one of the number `since` that are safe to tell; 0 is before all of them.

    They are told in the order of the transactions that wrote them: a number is drawn while its transaction runs, and
    of two transactions the one that began later may draw the lower number and be committed last. So a number names a
    change, and does not say which came before it.
    """
    statement = select(Change).where(Change.xid < _OLDEST_RUNNING)
    if since:
        its_writer = select(Change.xid).where(Change.seq == since).scalar_subquery()
        statement = statement.where(tuple_(Change.xid, Change.seq) > tuple_(its_writer, since))
    return list(session.scalars(statement.order_by(Change.xid, Change.seq).limit(limit)))


def written_at(session: Session, seq: int) -> datetime | None:
    """When the change of a number was written; None where this log has none of that number."""
    return session.scalar(select(Change.at).where(Change.seq == seq))
