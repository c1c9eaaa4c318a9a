"""Routing one point, the winner only, as the number of towns grows: server CPU against `select $1 + $2`."""

import random
from collections.abc import Callable, Iterator
from datetime import datetime
from statistics import median
from typing import Any

from bench import cpu, seeding
from bench.house import DATABASE, House
from bench.table import Bar, Row, beside
from bench.towns import Grid
from geo.boundaries import winner_sql

SIZES = (11, 100, 1_000, 40_000)
QUICK_SIZES = SIZES[:-1]
GRID = Grid(columns=200, side=48)
OWN = "jz_bench_routing"
POINTS, PAIRS = 2_000, 3  # a pair takes a fraction of a second, in which a neighbour of the machine may be busy
FLOOR = "select %s::float8 + %s::float8"
WINNER = winner_sql(lon="%s::float8", lat="%s::float8", at="%s::timestamptz")
# Absolute bars of the design as ratios: 110 µs where the floor takes 16 µs; growth from 100 towns at most threefold.
MUST, GROWTH = Bar("≤", 110 / 16), Bar("≤", 3.0)


def measure(house: House, now: datetime) -> Iterator[Row]:
    """A row for each number of towns, and one for the growth. Call it while the bench's database is still empty."""
    with house.cluster.connect() as admin:
        admin.execute(f"create database {OWN} template {DATABASE}")
    sizes = QUICK_SIZES if house.quick else SIZES
    found: dict[int, float] = {}
    with house.cluster.connect(OWN) as connection:
        connection.execute("set jit = off")
        connection.execute("set plan_cache_mode = force_generic_plan")
        pid = _backend(connection)
        for before, size in zip((0, *sizes), sizes, strict=False):
            seeding.towns(connection, GRID, before, size)
            row = _row(connection, pid, house, size, now)
            found[size] = row.figure
            yield row
    largest = sizes[-1]
    yield beside(f"routing, {largest:,} towns against 100", "µs CPU", found[largest], found[100], must=GROWTH)


def _row(connection: seeding.Connection, pid: int, house: House, size: int, now: datetime) -> Row:
    west, south, east, north = GRID.box(size)
    dice = random.Random(size)
    points = [(dice.uniform(west, east), dice.uniform(south, north)) for _ in range(POINTS)]

    def floor() -> int:
        return sum(connection.execute(FLOOR, point, prepare=True).rowcount for point in points)

    def route() -> int:
        return sum(connection.execute(WINNER, (*point, now), prepare=True).rowcount for point in points)

    pairs = [(_each_us(pid, floor), _each_us(pid, route)) for _ in range(house.repeats * PAIRS)]
    return Row(
        f"routing a point, {size:,} towns",
        "µs CPU",
        figure=median(ours for _, ours in pairs),
        limit=median(limit for limit, _ in pairs),
        ratio=median(ours / limit for limit, ours in pairs),
        must=MUST,
    )


def _each_us(pid: int, run: Callable[[], int]) -> float:
    """Microseconds of the backend's CPU for each point; every point must lie in exactly one town."""
    before = cpu.exact_us(pid)
    answered = run()
    used = cpu.exact_us(pid) - before
    if answered != POINTS:
        raise RuntimeError(f"{POINTS - answered} points lie in no town")
    return used / POINTS


def _backend(connection: Any) -> int:
    return int(connection.info.backend_pid)
