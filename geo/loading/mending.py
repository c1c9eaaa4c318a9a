"""The repair that is offered, and never done in silence: parts joined, rings made valid, edges snapped together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import shapely

from geo.loading.checks import findings
from geo.loading.fields import Town
from geo.loading.findings import NOTE, Finding
from geo.models import ADMIN
from geo.shapes import area_m2, areal

SNAP_DEGREES: Final = 1e-5  # about one metre
GAP_DEGREES: Final = 2e-5
_OF_EDGES: Final = {"overlap", "gap", "unmatched_edge"}


def mended(towns: Sequence[Town], layer: str) -> tuple[list[Town], list[Finding]]:
    """The towns with what is mendable mended, and what was done. What is not mendable is left, and stays an error.

    Overlaps and gaps wider than a sliver are somebody's territory: they are never given away here.
    """
    done: list[Finding] = []
    kept = _made_valid(_joined(towns, done), done)
    left = [each for each in findings(kept, layer) if each.code in _OF_EDGES]
    if layer == ADMIN and left and all(each.mendable for each in left if each.code == "overlap"):
        kept = _snapped(kept, done)
    return kept, done


def _joined(towns: Sequence[Town], done: list[Finding]) -> list[Town]:
    """Rows that name the same unit by code and name are parts of it."""
    rows: dict[tuple[str | None, str, str], list[Town]] = {}
    for town in towns:
        rows.setdefault((town.code, town.district_code, town.name_zh), []).append(town)
    joined = []
    for parts in rows.values():
        whole = parts[0]
        if len(parts) > 1:
            valid = [shapely.make_valid(part.shape, method="structure", keep_collapsed=False) for part in parts]
            whole = replace(whole, shape=areal(shapely.union_all(valid)))
            done.append(Finding(NOTE, "mended_parts", f"{len(parts)} rows were joined.", (whole.name_zh,)))
        joined.append(whole)
    return joined


def _made_valid(towns: Sequence[Town], done: list[Finding]) -> list[Town]:
    kept = []
    for town in towns:
        if shapely.is_valid(town.shape):
            kept.append(town)
            continue
        valid = areal(shapely.make_valid(town.shape, method="structure", keep_collapsed=False))
        text = f"Its rings were made valid; its area is {area_m2(valid) / 1e6:,.3f} km² now."
        done.append(Finding(NOTE, "mended_rings", text, (town.name_zh,)))
        kept.append(replace(town, shape=valid))
    return kept


def _snapped(towns: Sequence[Town], done: list[Finding]) -> list[Town]:
    shapes = [areal(town.shape) for town in towns]
    cleaned = shapely.coverage_clean(shapes, snapping_distance=SNAP_DEGREES, gap_width=GAP_DEGREES)
    if any(after.is_empty for after in cleaned):
        return list(towns)
    moved = sum(area_m2(areal(before ^ after)) for before, after in zip(shapes, cleaned, strict=True))
    done.append(Finding(NOTE, "mended_edges", f"Borders were snapped together; {moved:,.0f} m² changed hands."))
    return [replace(town, shape=areal(after)) for town, after in zip(towns, cleaned, strict=True)]
