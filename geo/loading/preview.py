"""What an import would change: which territory gets another owner, and which units come, go or get another name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

import shapely
from shapely import MultiPolygon, STRtree
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.loading.fields import Town
from geo.models import ADMIN, IN_FORCE, JURISDICTION, Boundary, Edition, Unit
from geo.shapes import EMPTY, area_m2, areal, loaded

OpenCases = Callable[[int, MultiPolygon], int]
"""How many open cases of a unit (its id) lie in an area: asked of the caller, for geography knows no case."""
PRIORITY: Final = {ADMIN: 0, JURISDICTION: 10}
SEEN_FROM_M2: Final = 1.0


@dataclass(frozen=True, slots=True)
class Holding:
    """Territory that a unit answers for: `key` is the unit's id, or the code of one that is new."""

    key: int | str
    name: str
    priority: int
    code: str
    area: MultiPolygon


@dataclass(frozen=True, slots=True)
class Change:
    """Territory that passes from one unit to another; None is nobody."""

    from_name: str | None
    to_name: str | None
    km2: float
    open_cases: int | None
    area: MultiPolygon

    def as_dict(self) -> dict[str, Any]:
        """As the edition's report keeps it, without the shape."""
        return {"from": self.from_name, "to": self.to_name, "km2": self.km2, "open_cases": self.open_cases}


@dataclass(frozen=True, slots=True)
class Preview:
    """All that would change when the edition comes into force."""

    changes: tuple[Change, ...]
    opened: tuple[str, ...]
    closed: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]
    recoded: tuple[tuple[str, str], ...]
    base: tuple[int, ...]
    """The editions in force that were compared with: if these have changed, the preview is void."""

    def as_dict(self) -> dict[str, Any]:
        """As the edition's report keeps it."""
        return asdict(self) | {"changes": [change.as_dict() for change in self.changes]}


def editions_in_force(
    session: Session, districts: Iterable[str], at: datetime, layer: str | None = None
) -> list[Edition]:
    """The editions that answer at a moment for these districts, in all layers or in one."""
    wanted = select(Edition).where(
        Edition.district_code.in_(set(districts)), Edition.state.in_(IN_FORCE), Edition.valid.contains(at)
    )
    if layer is not None:
        wanted = wanted.where(Edition.layer == layer)
    return list(session.scalars(wanted.order_by(Edition.id)))


def holdings(session: Session, editions: Iterable[Edition]) -> list[Holding]:
    """What these editions give to whom, as drawn (a town reaches beneath the zone that lies over it)."""
    rows = session.execute(
        select(Boundary, Unit)
        .join(Unit, Unit.id == Boundary.unit_id)
        .where(Boundary.edition_id.in_([edition.id for edition in editions]))
        .order_by(Unit.code)
    )
    return [Holding(unit.id, unit.name_zh, row.priority, unit.code, loaded(row.geom)) for row, unit in rows]


def preview(
    session: Session, towns: Sequence[Town], layer: str, at: datetime, open_cases: OpenCases | None = None
) -> Preview:
    """Compare responsibility before and after, over all layers, at the moment the edition would come into force."""
    districts = {town.district_code for town in towns}
    present = editions_in_force(session, districts, at)
    old = holdings(session, present)
    kept = holdings(session, [edition for edition in present if edition.layer != layer])
    new = [_holding(town, layer) for town in towns]
    replaced = {each.key: each for each in old} if not kept else _without(old, kept)
    coming = {each.key: each for each in new}
    both = [(replaced[key], coming[key]) for key in coming if key in replaced]
    return Preview(
        changes=tuple(_changes(responsible(old), responsible([*kept, *new]), open_cases)),
        opened=tuple(each.name for key, each in coming.items() if key not in replaced),
        closed=tuple(each.name for key, each in replaced.items() if key not in coming),
        renamed=tuple((was.name, will.name) for was, will in both if was.name != will.name),
        recoded=tuple((was.code, will.code) for was, will in both if was.code != will.code),
        base=tuple(edition.id for edition in present),
    )


def _without(old: Iterable[Holding], kept: Iterable[Holding]) -> dict[int | str, Holding]:
    staying = {each.key for each in kept}
    return {each.key: each for each in old if each.key not in staying}


def _holding(town: Town, layer: str) -> Holding:
    key = town.unit_id if town.unit_id is not None else str(town.code)
    return Holding(key, town.name_zh, PRIORITY[layer], str(town.code), areal(town.shape))


def responsible(drawn: Iterable[Holding]) -> list[Holding]:
    """Who really answers where: what lies beneath a higher priority is taken away (X05)."""
    done: list[Holding] = []
    above, level = EMPTY, None
    waiting: list[MultiPolygon] = []
    for each in sorted(drawn, key=lambda each: (-each.priority, each.code)):
        if each.priority != level:
            above, level, waiting = areal(shapely.union_all([above, *waiting])), each.priority, []
        waiting.append(each.area)
        left = each.area if above.is_empty else areal(shapely.difference(each.area, above))
        done.append(Holding(each.key, each.name, each.priority, each.code, left))
    return done


def _changes(old: Sequence[Holding], new: Sequence[Holding], open_cases: OpenCases | None) -> list[Change]:
    after, before = (areal(shapely.union_all([each.area for each in side])) for side in (new, old))
    tree = STRtree([each.area for each in new])
    met = [(was, new[int(place)]) for was in old for place in tree.query(was.area, predicate="intersects")]
    found = [
        *(_change(was, will, was.area & will.area, open_cases) for was, will in met if was.key != will.key),
        *(_change(was, None, was.area - after, open_cases) for was in old),
        *(_change(None, will, will.area - before, open_cases) for will in new),
    ]
    seen = [change for change in found if change.km2 * 1e6 > SEEN_FROM_M2]
    return sorted(seen, key=lambda change: (-change.km2, change.from_name or "", change.to_name or ""))


def _change(was: Holding | None, will: Holding | None, shape: Any, open_cases: OpenCases | None) -> Change:
    area = areal(shape)
    size = area_m2(area)
    cases = (
        open_cases(was.key, area) if open_cases and was and isinstance(was.key, int) and size > SEEN_FROM_M2 else None
    )
    return Change(was.name if was else None, will.name if will else None, round(size / 1e6, 6), cases, area)
