"""Rule zones: where a rule permits or forbids something, at a point and a moment (M30). They never decide routing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from geo.models import Zone, ZoneRule
from geo.points import SRID, Point
from kit.errors import NotFound

PERMIT, FORBID = "permit", "forbid"

# Selling fireworks is permitted only where a zone says so; lighting them is forbidden only where a zone says so.
RULES: Final[Mapping[str, tuple[str, str, str]]] = {
    "fireworks_sale": ("烟花爆竹销售", "Sale of fireworks", FORBID),
    "fireworks_use": ("烟花爆竹燃放", "Lighting of fireworks", PERMIT),
}


class NoSuchRule(NotFound):
    """No rule of this name is kept."""

    code = "zone.no_such_rule"
    message = "No zone rule has this name."


@dataclass(frozen=True, slots=True)
class Ruling:
    """What one rule says at a point and a moment, and the zones that say so (none: the rule's default holds)."""

    rule: str
    effect: str
    zone_ids: tuple[int, ...]
    zone_names: tuple[str, ...]

    @property
    def is_default(self) -> bool:
        """Whether no zone lies here, so that the rule's own default answers."""
        return not self.zone_ids


_RULINGS: Final = text("""
select r.rule, r.otherwise,
       coalesce(array_agg(z.id order by z.effect, z.id) filter (where z.id is not null), '{}') as ids,
       coalesce(array_agg(z.name_zh order by z.effect, z.id) filter (where z.id is not null), '{}') as names,
       bool_or(z.effect = 'forbid') as forbidden, bool_or(z.effect = 'permit') as permitted
from handling.zone_rule r
left join handling.zone z on z.rule = r.rule and z.valid @> cast(:at as timestamptz)
    and st_intersects(z.geom, st_setsrid(st_makepoint(cast(:lon as float8), cast(:lat as float8)), :srid))
group by r.rule, r.otherwise
order by r.rule collate "C"
""")


def rulings(session: Session | Connection, point: Point, at: datetime) -> Sequence[Ruling]:
    """What every rule says at `point` and `at`: forbid beats permit, and no zone means the rule's default (M30)."""
    rows = session.execute(_RULINGS, {"lon": point.lon, "lat": point.lat, "at": at, "srid": SRID})
    return [
        Ruling(
            rule=row.rule,
            effect=FORBID if row.forbidden else PERMIT if row.permitted else row.otherwise,
            zone_ids=tuple(row.ids),
            zone_names=tuple(row.names),
        )
        for row in rows
    ]


def ruling(session: Session | Connection, rule: str, point: Point, at: datetime) -> Ruling:
    """What one rule says at `point` and `at`; raises NoSuchRule for a name that is not kept."""
    for each in rulings(session, point, at):
        if each.rule == rule:
            return each
    raise NoSuchRule(rule=rule)


def keep_rules(session: Session) -> None:
    """Make sure that the rules of RULES are kept. Repeating it changes nothing; a changed default is left alone."""
    rows = [
        {"rule": rule, "name_zh": zh, "name_en": en, "otherwise": otherwise}
        for rule, (zh, en, otherwise) in RULES.items()
    ]
    session.execute(insert(ZoneRule).on_conflict_do_nothing(), rows)


def declare(session: Session, zone: Zone) -> Zone:
    """Keep a zone for the time that it is valid; raises NoSuchRule when its rule is not kept."""
    if session.get(ZoneRule, zone.rule) is None:
        raise NoSuchRule(rule=zone.rule)
    session.add(zone)
    session.flush()
    return zone
