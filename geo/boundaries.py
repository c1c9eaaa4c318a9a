"""Whose territory a point lies in, at a moment: one indexed query on whole polygons (M01, C13, X05).

The order of a lookup: the editions in force at the moment of receipt; the polygons that cover the point; of these the
highest priority, and on a shared border the lowest division code. Nothing is ever guessed for a point outside: it gets
candidates, for a person to decide. Polygons are never cut into pieces, for pieces crack along their seams.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from geo.points import SRID, Point

INSIDE, NEAREST = "inside", "nearest"
REACH_M = 2000.0
"""Borders of other units farther than this are not looked for."""

# Scalar subqueries stay what they are: one descent of a primary key for each polygon hit, usually one. Joined, the
# generic plan guesses that a point hits a thousandth of all polygons, and reads every unit: 46 ms at 40,000 towns.
_WINNER: Final = """
select b.unit_id, b.edition_id
from handling.boundary b
where st_intersects(b.geom, st_setsrid(st_makepoint(<lon>, <lat>), <srid>))
  and (select e.state in ('live', 'retired') and e.valid @> <at> from handling.edition e where e.id = b.edition_id)
order by b.priority desc, (select u.code from handling.unit u where u.id = b.unit_id) collate "C"
limit 1
"""


def winner_sql(*, lon: str, lat: str, at: str) -> str:
    """SQL giving `unit_id, edition_id` of the unit that answers for a point, or no row: to be embedded in a statement.

    The arguments are SQL expressions or placeholders of the caller's own statement: WGS-84 degrees as double
    precision, and a timestamptz; each is used once, in that order. Never let a client's text come here. Embed it as
    a subquery, never as a `language sql` function: that plans it anew at each call.
    """
    return _WINNER.replace("<lon>", lon).replace("<lat>", lat).replace("<at>", at).replace("<srid>", str(SRID))


@dataclass(frozen=True, slots=True)
class Containing:
    """The unit that answers for a point, and how far its borders are."""

    unit_id: int
    edition_id: int
    how: str
    """`inside`, always: a unit that is merely near is a candidate, and for a person to choose."""
    admin_unit_id: int
    """The town beneath: the same unit, or the town that a special jurisdiction lies over."""
    own_border_m: float
    """Metres to the unit's own border, the district's outer edge included."""
    other_unit_m: float | None
    """Metres to the nearest territory of another unit; None when there is none within REACH_M."""

    @property
    def border_m(self) -> float:
        """Metres to the nearest border of any kind."""
        return self.own_border_m if self.other_unit_m is None else min(self.own_border_m, self.other_unit_m)

    def is_ambiguous(self, accuracy_m: float | None, doubt_m: float) -> bool:
        """Whether the border is nearer than the fix is sure of, so that a person must look (C13-4).

        A border within `doubt_m` metres is in doubt however good the fix claims to be.
        """
        return self.border_m < max(accuracy_m or 0.0, doubt_m)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that a point may belong to, and the metres to its territory (0 inside)."""

    unit_id: int
    edition_id: int
    code: str
    name_zh: str
    name_en: str
    kind: str
    priority: int
    metres: float

    @property
    def how(self) -> str:
        """`inside` when its polygon covers the point, else `nearest`."""
        return INSIDE if self.metres == 0 else NEAREST


_NEAR: Final = """
with here as materialized (select st_setsrid(st_makepoint(cast(:lon as float8), cast(:lat as float8)), <srid>) as pt),
near as materialized (
    select b.unit_id, b.edition_id, b.priority, b.geom, u.code, u.name_zh, u.name_en, u.kind, here.pt,
           st_intersects(b.geom, here.pt) as covers
    from here
    join handling.boundary b on st_dwithin(b.geom, here.pt, cast(:degrees as float8))
    cross join lateral (select * from handling.unit where id = b.unit_id limit 1) u
    where (select e.state in ('live', 'retired') and e.valid @> cast(:at as timestamptz)
           from handling.edition e where e.id = b.edition_id)
)
""".replace("<srid>", str(SRID))

# A lower-priority town reaches beneath the zone that wins: one is in it only after leaving the zone.
_CONTAINING: Final = text(
    """<near>,
winner as materialized (
    select *, st_distance(st_boundary(geom)::geography, pt::geography) as own_m
    from near where covers order by priority desc, code collate "C" limit 1
),
beneath as (select unit_id from near where covers order by priority, code collate "C" limit 1),
others as (
    select case when n.priority < w.priority then greatest(w.own_m, st_distance(n.geom::geography, n.pt::geography))
           else st_distance(n.geom::geography, n.pt::geography) end as metres
    from winner w join near n on n.unit_id <> w.unit_id
)
select w.unit_id, w.edition_id, (select unit_id from beneath) as admin_unit_id,
       w.own_m as own_border_m, (select min(metres) from others where metres <= :reach_m) as other_unit_m
from winner w
""".replace("<near>", _NEAR)
)

_CANDIDATES: Final = text(
    """<near>
select * from (
    select unit_id, edition_id, code, name_zh, name_en, kind, priority,
           case when covers then 0.0 else st_distance(geom::geography, pt::geography) end as metres
    from near
) as measured
where metres <= :within_m
order by metres, priority desc, code collate "C"
""".replace("<near>", _NEAR)
)


def containing(session: Session | Connection, point: Point, at: datetime) -> Containing | None:
    """The unit that answers for `point` at the moment `at`, with its borders; None outside every unit (M01).

    On a shared border the lowest division code answers, every time. One statement.
    """
    row = session.execute(_CONTAINING, _around(point, at, REACH_M) | {"reach_m": REACH_M}).mappings().one_or_none()
    return Containing(how=INSIDE, **row) if row else None


def candidates(session: Session | Connection, point: Point, at: datetime, within_m: float) -> Sequence[Candidate]:
    """The units whose territory lies within `within_m` metres of `point` at the moment `at`, nearest first.

    Where one polygon covers the point and belongs to a special jurisdiction, it stands before the town beneath.
    """
    rows = session.execute(_CANDIDATES, _around(point, at, within_m) | {"within_m": within_m})
    return [Candidate(**row) for row in rows.mappings()]


def proposals(
    session: Session | Connection,
    point: Point,
    at: datetime,
    accuracy_m: float | None,
    *,
    doubt_m: float,
    nearest_m: float,
) -> Sequence[Candidate]:
    """What the district desk is offered for a point: units within twice the accuracy, or outside also the near ones.

    `doubt_m` is the least accuracy that is believed; within `nearest_m` a unit is near. A point outside with none so
    near is another district's (C13-2).
    """
    reach = max(2 * (accuracy_m or 0.0), 2 * doubt_m)
    found = candidates(session, point, at, max(reach, nearest_m))
    inside = any(candidate.how == INSIDE for candidate in found)
    return [candidate for candidate in found if candidate.metres <= reach or not inside]


def _around(point: Point, at: datetime, metres: float) -> dict[str, object]:
    return {"lon": point.lon, "lat": point.lat, "at": at, "degrees": point.degrees_for(metres)}
