"""Measuring a file's datum against an outline that is trusted, since files lie about it (X04, geo.md §2).

Each datum is tried: taken to be the truth, how much would the file's territory and the outline differ? A wrong datum
shifts half a kilometre and shows; a file's digitising does not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from geo.datums import Datum
from geo.loading.findings import ERROR, NOTE, WARNING, Finding
from geo.loading.placing import in_wgs84
from geo.shapes import areal

HYPOTHESES: Final = (Datum.WGS84, Datum.GCJ02, Datum.BD09)
CLEARLY: Final = 0.8
"""Another datum must fit this much better than the declared one before the file is held."""
ELSEWHERE: Final = 0.5
"""Beyond this share of difference, under every datum, the outline is of another place."""
MOSTLY: Final = 0.5


@dataclass(frozen=True, slots=True)
class Measured:
    """How the file fits an outline: for each datum the share of the outline's area that would differ (0 is perfect)."""

    outline: str
    differences: Mapping[Datum, float]

    @property
    def best(self) -> Datum:
        """The datum under which the file fits best; CGCS2000 counts as WGS-84."""
        return min(HYPOTHESES, key=lambda datum: self.differences[datum])

    @property
    def fits_nowhere(self) -> bool:
        """Whether the outline must be of another place."""
        return self.differences[self.best] > ELSEWHERE

    def contradicts(self, declared: Datum) -> bool:
        """Whether another datum than the declared one fits clearly better."""
        return self.differences[self.best] < CLEARLY * self.differences[_as_hypothesis(declared)]

    def as_dict(self) -> dict[str, Any]:
        """As the edition's report keeps it."""
        shares = {datum.value: round(share, 4) for datum, share in self.differences.items()}
        return {"outline": self.outline, "best": self.best.value, "differences": shares}


def measure(shapes: Sequence[BaseGeometry], outline: MultiPolygon, name: str) -> Measured:
    """Compare a file's territory (degrees in its unknown datum) with a trusted outline (WGS-84)."""
    territory = areal(shapely.union_all([shapely.make_valid(shape) for shape in shapes]))
    shells = [shapely.Polygon(part.exterior) for part in territory.geoms]
    differences = {}
    for datum in HYPOTHESES:
        moved = shapely.union_all([shapely.make_valid(shell) for shell in in_wgs84(shells, datum)])
        differences[datum] = float(shapely.symmetric_difference(moved, outline).area / (outline.area or moved.area))
    return Measured(name, differences)


def outline_of(
    shapes: Sequence[BaseGeometry], codes: Sequence[str], wanted: set[str], near: BaseGeometry
) -> MultiPolygon:
    """The trusted outline of the districts `wanted`: the shapes with their codes, else those that mostly lie `near`."""
    chosen = [shape for shape, code in zip(shapes, codes, strict=True) if code in wanted]
    if not chosen:
        whole = [shapely.make_valid(shape) for shape in shapes]
        chosen = [each for each in whole if shapely.intersection(each, near).area > MOSTLY * min(each.area, near.area)]
    holes_filled = areal(shapely.union_all([shapely.make_valid(each) for each in chosen]))
    return MultiPolygon([shapely.Polygon(part.exterior) for part in holes_filled.geoms])


def told(measured: Measured | None, declared: Datum, *, accepted: bool) -> Finding:
    """What a person is told about the datum; an error holds the file (`accepted` by a person: only a warning)."""
    if measured is None:
        return Finding(WARNING, "datum_not_measured", f"The datum {declared} is declared, and was not measured.")
    shares = ", ".join(f"{datum} {share:.1%}" for datum, share in measured.differences.items())
    if measured.fits_nowhere:
        return Finding(ERROR, "outline_elsewhere", f"The outline {measured.outline} is of another place ({shares}).")
    if measured.contradicts(declared):
        text = f"Declared {declared}, but the file fits {measured.outline} as {measured.best} ({shares})."
        return Finding(WARNING if accepted else ERROR, "datum_mismatch", text)
    return Finding(NOTE, "datum_measured", f"The datum {declared} agrees with {measured.outline} ({shares}).")


def _as_hypothesis(declared: Datum) -> Datum:
    return Datum.WGS84 if declared is Datum.CGCS2000 else declared
