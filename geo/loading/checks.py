"""What is looked at in the shapes of a file, in WGS-84: C13's quality checks, and what reading a map does not show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final

import shapely
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from geo.loading.fields import Town
from geo.loading.findings import ERROR, NOTE, WARNING, Finding
from geo.models import ADMIN
from geo.shapes import area_m2, areal, holes, length_m

SEEN_FROM_M2: Final = 1.0
"""Overlaps and gaps from this area on are told (C13)."""
SMALL_M2: Final = 1_000.0
THIN_M: Final = 3.0
"""A part thinner than this (twice its area by its outline) is a slip of digitising, not a territory."""


def findings(towns: Sequence[Town], layer: str, outline: BaseGeometry | None = None) -> list[Finding]:
    """Everything worth telling about the shapes of a layer, in a stable order; errors stop the file.

    Rings that are invalid come alone, for nothing else can be measured on them.
    """
    broken = list(_invalid(towns))
    if broken:
        return [*_duplicates(towns), *broken]
    found = chain(_duplicates(towns), _overlaps(towns), _small_parts(towns), _enclaves(towns))
    if layer == ADMIN:
        found = chain(found, _unmatched(towns), _gaps(towns), _beside(towns, outline))
    return list(found)


def _duplicates(towns: Sequence[Town]) -> Iterator[Finding]:
    by_code = Counter(town.code for town in towns if town.code)
    by_name = Counter((town.district_code, town.name_zh) for town in towns)
    for code, times in by_code.items():
        if times > 1:
            names = tuple(town.name_zh for town in towns if town.code == code)
            text = f"The code {code} stands {times} times."
            yield Finding(ERROR, "duplicate_code", text, names, mendable=len(set(names)) == 1)
    for (_, name), times in by_name.items():
        if times > 1 and not any(by_code[town.code] > 1 for town in towns if town.name_zh == name and town.code):
            same = len({town.code for town in towns if town.name_zh == name}) == 1
            yield Finding(ERROR, "duplicate_name", f"The name stands {times} times.", (name,), mendable=same)


def _invalid(towns: Sequence[Town]) -> Iterator[Finding]:
    for town in towns:
        if not shapely.is_valid(town.shape):
            reason = shapely.is_valid_reason(town.shape)
            yield Finding(ERROR, "invalid_ring", f"{reason}.", (town.name_zh,), mendable=True)


def _overlaps(towns: Sequence[Town]) -> Iterator[Finding]:
    """Every pair that shares territory, one within the other included: `overlaps` alone would not see those."""
    shapes = [town.shape for town in towns]
    pairs = STRtree(shapes).query(shapes, predicate="intersects").T
    for one, other in sorted((int(a), int(b)) for a, b in pairs if a < b):
        common = areal(shapely.intersection(shapes[one], shapes[other]))
        if (area := area_m2(common)) > SEEN_FROM_M2:
            names = (towns[one].name_zh, towns[other].name_zh)
            text = f"They overlap by {area:,.0f} m²."
            yield Finding(ERROR, "overlap", text, names, round(area, 1), _at(common), mendable=is_thin(common))


def _small_parts(towns: Sequence[Town]) -> Iterator[Finding]:
    for town in towns:
        for part in areal(town.shape).geoms:
            if (area := area_m2(part)) < SMALL_M2 or is_thin(part):
                text = f"A part of {area:,.0f} m² is small or thin."
                yield Finding(WARNING, "small_part", text, (town.name_zh,), round(area, 1), _at(part))


def _enclaves(towns: Sequence[Town]) -> Iterator[Finding]:
    for town in towns:
        parts, inner = len(areal(town.shape).geoms), len(holes(town.shape))
        if parts > 1 or inner:
            yield Finding(NOTE, "enclaves", f"Kept with all its parts ({parts}) and holes ({inner}).", (town.name_zh,))


def _unmatched(towns: Sequence[Town]) -> Iterator[Finding]:
    edges = shapely.coverage_invalid_edges([town.shape for town in towns])
    for town, edge in zip(towns, edges, strict=True):
        if not edge.is_empty:
            text = f"{length_m(edge):,.0f} m of its border do not match its neighbour's."
            yield Finding(WARNING, "unmatched_edge", text, (town.name_zh,), at=_at(edge), mendable=True)


def _gaps(towns: Sequence[Town]) -> Iterator[Finding]:
    """Holes of the union. Narrow inlets at the outer edge are none, so `coverage_is_valid(gap_width)` would lie."""
    shapes = [town.shape for town in towns]
    tree = STRtree(shapes)
    for gap in holes(shapely.union_all(shapes)):
        if (area := area_m2(gap)) > SEEN_FROM_M2:
            beside = tuple(towns[int(place)].name_zh for place in sorted(tree.query(gap, predicate="intersects")))
            text = f"A gap of {area:,.0f} m² belongs to nobody."
            yield Finding(WARNING, "gap", text, beside, round(area, 1), _at(gap), mendable=is_thin(gap))


def _beside(towns: Sequence[Town], outline: BaseGeometry | None) -> Iterator[Finding]:
    if outline is None:
        return
    territory = shapely.union_all([town.shape for town in towns])
    for code, rest, text in (
        ("beyond_outline", shapely.difference(territory, outline), "lie beyond the trusted outline."),
        ("uncovered", shapely.difference(outline, territory), "of the trusted outline belong to nobody."),
    ):
        if (area := area_m2(areal(rest))) > SMALL_M2:
            yield Finding(NOTE, code, f"{area / 1e6:,.3f} km² {text}", area_m2=round(area, 1))


def is_thin(shape: BaseGeometry) -> bool:
    """Whether a shape is a sliver: nowhere much wider than THIN_M."""
    return all(2 * area_m2(part) < THIN_M * length_m(part) for part in areal(shape).geoms)


def _at(shape: BaseGeometry) -> tuple[float, float]:
    point = shape.representative_point()
    return round(point.x, 6), round(point.y, 6)
