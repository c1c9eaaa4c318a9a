"""Synthetic towns: a grid of cells whose wavy borders neighbours share exactly, with as many vertices as wanted."""

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.points import SRID

SIZE_DEG = 0.03  # about 3 km
WEST, SOUTH = 114.0, 28.0
WAVE = 0.12  # of a side; the height falls to nothing at the corners, so that no two borders cross
_MULTIPOLYGON, _POLYGON, _HAS_SRID = 6, 3, 0x20000000
Line = NDArray[np.float64]


@dataclass(frozen=True)
class Grid:
    """Towns numbered from 0 along rows of `columns`; `side` is the number of vertices on each of four borders."""

    columns: int
    side: int

    def box(self, towns: int) -> tuple[float, float, float, float]:
        """West, south, east and north of what the first `towns` towns are sure to cover, WGS-84 degrees."""
        columns, rows = min(self.columns, towns), max(towns // self.columns, 1)
        margin = WAVE * SIZE_DEG
        return (
            WEST + margin, SOUTH + margin, WEST + columns * SIZE_DEG - margin, SOUTH + rows * SIZE_DEG - margin,
        )  # fmt: skip

    def outlines(self, first: int, end: int) -> Iterator[tuple[int, str]]:
        """Number and outline (hexadecimal EWKB, a multipolygon) of each town from `first` up to before `end`."""
        for number in range(first, end):
            row, column = divmod(number, self.columns)
            ring = np.concatenate(
                [
                    self._border(column, row, upright=False)[:-1],
                    self._border(column + 1, row, upright=True)[:-1],
                    self._border(column, row + 1, upright=False)[:0:-1],
                    self._border(column, row, upright=True)[::-1],
                ]
            )
            yield number, _ewkb(ring).hex()

    def _border(self, column: int, row: int, *, upright: bool) -> Line:
        """The line from a corner of the grid to its neighbour above or to the right; the same for both towns."""
        along = np.linspace(0.0, 1.0, self.side + 1)
        phase = (column * 7 + row * 13 + upright * 5) % 17
        aside = WAVE * np.sin(math.pi * along) * np.sin(10 * math.pi * along + phase)
        aside[[0, -1]] = 0.0
        x, y = (aside, along) if upright else (along, aside)
        return np.column_stack([WEST + SIZE_DEG * (column + x), SOUTH + SIZE_DEG * (row + y)])


def _ewkb(ring: Line) -> bytes:
    head = struct.pack("<BIII", 1, _MULTIPOLYGON | _HAS_SRID, SRID, 1)
    return head + struct.pack("<BIII", 1, _POLYGON, 1, len(ring)) + ring.astype("<f8").tobytes()
