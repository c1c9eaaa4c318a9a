"""Which known unit a town of a file is: units keep their ids over editions, so that cases keep their owner (X07)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.loading.fields import Town
from geo.models import Unit


def settled(session: Session, towns: Sequence[Town]) -> list[Town]:
    """The towns with `unit_id` where the unit is known, and all with a code.

    A unit is known by its code; one whose code is new in the district, by its name (codes are revised yearly, F92).
    A town without a code that is not known gets a provisional one, marked by an X where a digit would stand.
    """
    codes = {town.code for town in towns if town.code}
    districts = {town.district_code for town in towns}
    known = session.scalars(select(Unit).where(Unit.district_code.in_(districts) | Unit.code.in_(codes))).all()
    by_code = {unit.code: unit for unit in known}
    by_name = {(unit.district_code, unit.name_zh): unit for unit in known if unit.code not in codes}
    taken = set(by_code) | codes
    done = []
    for town in sorted(towns, key=lambda town: (town.district_code, town.code or "", town.name_zh)):
        unit = by_code.get(town.code or "") or by_name.get((town.district_code, town.name_zh))
        code = town.code or (unit.code if unit else _provisional(town.district_code, taken))
        taken.add(code)
        done.append(replace(town, code=code, unit_id=unit.id if unit else None))
    return done


def _provisional(district: str, taken: set[str]) -> str:
    return next(code for number in count(1) if (code := f"{district}X{number:02}") not in taken)
