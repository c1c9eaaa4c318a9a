"""Borders that look like borders: straight edges between junctions, bent like rivers, and bent the same every time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256

Metres = tuple[float, float]
SHORTEST_M = 180.0
BEND = 0.13
"""How far the middle of an edge strays, as a share of the edge's length."""


def ring(names: Sequence[str], junctions: Mapping[str, Metres]) -> list[Metres]:
    """The closed ring through named junctions. Neighbours that name the same two junctions get the same edge."""
    points: list[Metres] = []
    for start, end in zip(names, [*names[1:], names[0]], strict=True):
        points += _edge(start, end, junctions)[:-1]
    return [*points, points[0]]


def _edge(start: str, end: str, junctions: Mapping[str, Metres]) -> list[Metres]:
    if start > end:
        return _edge(end, start, junctions)[::-1]
    return _bent(junctions[start], junctions[end], f"{start}-{end}")


def _bent(start: Metres, end: Metres, key: str) -> list[Metres]:
    """Midpoint displacement: each half is bent again, by a number that follows from the edge's name alone."""
    along, across = end[0] - start[0], end[1] - start[1]
    if (along**2 + across**2) ** 0.5 < SHORTEST_M:
        return [start, end]
    stray = BEND * _between_minus_one_and_one(key)
    middle = ((start[0] + end[0]) / 2 - across * stray, (start[1] + end[1]) / 2 + along * stray)
    return _bent(start, middle, key + "l")[:-1] + _bent(middle, end, key + "r")


def _between_minus_one_and_one(key: str) -> float:
    return int.from_bytes(sha256(key.encode()).digest()[:4]) / 2**31 - 1
