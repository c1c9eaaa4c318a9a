"""Intake of a report: throughput against pgbench writing the same rows, and CPU against FastAPI's null POST."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from uuid import uuid4

from sqlalchemy import text

from bench import load
from bench.house import DATABASE, House, Server
from bench.table import Bar, Row
from bench.towns import Grid
from cases.intake import receipt
from cases.journey import FOLLOW_UPS, Kind
from geo.boundaries import winner_sql
from kit import clock
from kit.db import OWNER, unit_of_work, url_for

PATH = "/m/v1/reports"
CONNECTIONS = (1, 8, 32)
CLIENTS, QUICK_CLIENTS = (4, 8, 16), (8,)
RECEIPTS = 2_000
SESSION = "-c jit=off -c timezone=UTC -c plan_cache_mode=force_generic_plan"
_FOLLOW_UPS = ", ".join(f"('{step}')" for step in FOLLOW_UPS[Kind.RECEIVED])
# One report, its entry on the trail and its job, placed by its polygon: what our statement writes for each report.
SQL = f"""
\\set x random(0, 1000000)
\\set y random(0, 1000000)
with sent as materialized (
    select gen_random_uuid() as id, gen_random_uuid() as client_id, now() as received_at,
           :west + :x * (:east - (:west)) / 1e6 as lon, :south + :y * (:north - (:south)) / 1e6 as lat
), stored as (
    insert into intake.report (
        id, client_id, body_hash, reference, tracking_mark, channel, received_at, observed_at, category_code, text,
        emergency, deaths, raw_lon, raw_lat, crs, accuracy_m, method, point, unit_id, edition_id,
        notice_version, client, locale, urgency, profile_id, review_due_at, photos_promised)
    select sent.id, client_id, sha256(uuid_send(client_id)), left(client_id::text, 11), sha256(uuid_send(id)), 'phone',
           received_at, received_at - interval '10 min', 'FIR-01',
           '三楼楼道里堆满了纸箱和电动车，安全出口的门被铁链锁住，晚上住了很多人。',
           'none', false, lon, lat, 'wgs84', 8.0, 'gps', st_setsrid(st_makepoint(lon, lat), 4326),
           town.unit_id, town.edition_id, '1', 'pwa/0.1.0', 'zh-CN', 'urgent', 1, received_at + interval '24 h', 0
    from sent
    left join lateral ({winner_sql(lon="sent.lon", lat="sent.lat", at="sent.received_at")}) as town on true
    on conflict do nothing
    returning id, client_id, unit_id, received_at
), trail as (
    insert into intake.report_event (report_id, seq, kind, at, actor)
    select id, 1, '{Kind.RECEIVED}', received_at, 'citizen' from stored
), jobs as (
    insert into handling.job (step, subject, created_at, run_after)
    select step, id, received_at, received_at from stored, (values {_FOLLOW_UPS}) as follow(step)
)
select client_id, unit_id from stored;
"""  # noqa: S608 - put together from our own constants only


@dataclass(frozen=True)
class Bench:
    """What the runs of this path share."""

    house: House
    api: Server
    null: Server
    script: Path
    place: tuple[str, ...]
    observed_at: str

    def limit(self, clients: int) -> float:
        """Reports per second that pgbench writes.

        It need not wake the relay: a notification in each transaction makes commits wait for each other's flush, which
        a batch pays once. So the limit is what PostgreSQL can do at its best, not what our trigger makes of it.
        """
        with _without_wake_up(self.house):
            return load.pgbench(
                self.house.pgbench,
                self.script,
                url_for("jz_intake"),
                clients=clients,
                seconds=self.house.seconds,
                options=SESSION,
            )

    def post(self, server: Server, connections: int, *, contact: bool = False) -> tuple[load.Http, float, float]:
        """A run against a server; CPU in µs for each request of the server and of PostgreSQL."""
        ours, database = load.spent(server.pid), load.spent(self.house.postgres_pid)
        arguments = (self.observed_at, "yes" if contact else "no", *self.place)
        seen = load.wrk(
            server.url(PATH), "report", connections=connections, seconds=self.house.seconds, arguments=arguments
        )
        return seen, ours.us / seen.requests, database.us / seen.requests


def measure(house: House, api: Server, grid: Grid, towns: int, *, now: datetime) -> Iterator[Row]:
    """Rows of throughput at each concurrency, then of CPU without and with a sealed contact."""
    place = tuple(f"{degrees:.6f}" for degrees in grid.box(towns))
    script = house.folder / "report.sql"
    names = dict(zip(("west", "south", "east", "north"), place, strict=True))
    filled = SQL
    for name, value in names.items():
        filled = filled.replace(f":{name}", value)
    script.write_text(filled)
    observed_at = (now - timedelta(minutes=10)).strftime("%Y-%m-%dT%H:%M:%SZ")
    with ExitStack() as stack:
        null = stack.enter_context(house.null("post"))
        bench = Bench(house, api, null, script, place, observed_at)
        bench.post(api, 8)
        clients = max(QUICK_CLIENTS if house.quick else CLIENTS, key=bench.limit)
        for connections in CONNECTIONS:
            yield _throughput(bench, clients, connections)
        yield _cost(bench, "intake without its receipt", contact=False, must=Bar("≤", 2.5), aim=Bar("≤", 1.5))
        yield _cost(bench, "intake with receipt and sealed contact", contact=True, must=Bar("≤", 4.5))
    _check(house)


def _throughput(bench: Bench, clients: int, connections: int) -> Row:
    pairs = [(bench.limit(clients), bench.post(bench.api, connections)) for _ in range(bench.house.repeats)]
    held = connections == CONNECTIONS[-1]
    return Row(
        f"intake, c={connections}",
        "/s",
        figure=median(run[0].rate for _, run in pairs),
        limit=median(limit for limit, _ in pairs),
        ratio=median(run[0].rate / limit for limit, run in pairs),
        must=Bar("≥", 0.40) if held else None,
        aim=Bar("≥", 0.70) if held else None,
        notes={
            "p50 ms": median(run[0].p50_ms for _, run in pairs),
            "p95": median(run[0].p95_ms for _, run in pairs),
            "p99": median(run[0].p99_ms for _, run in pairs),
            "app µs": median(run[1] for _, run in pairs),
            "pg µs": median(run[2] for _, run in pairs),
        },
    )


def _cost(bench: Bench, path: str, *, contact: bool, must: Bar, aim: Bar | None = None) -> Row:
    connections = CONNECTIONS[-1]
    less = 0.0 if contact else _receipt_us()
    pairs = [
        (bench.post(bench.null, connections)[1], bench.post(bench.api, connections, contact=contact)[1] - less)
        for _ in range(bench.house.repeats)
    ]
    return Row(
        f"{path}, CPU of the application",
        "µs",
        figure=median(ours for _, ours in pairs),
        limit=median(limit for limit, _ in pairs),
        ratio=median(ours / limit for limit, ours in pairs),
        must=must,
        aim=aim,
        notes={} if contact else {"receipt µs": less},
    )


def _receipt_us() -> float:
    """What the signature of one receipt costs, where nothing else wants the processor."""
    salt, now = receipt.salt_of(uuid4()), clock.now()
    began = time.thread_time()
    for _ in range(RECEIPTS):
        receipt.signed(bytes(200), salt, reference="YX-2026-000001", received_at=now, entry=bytes(32))
    return (time.thread_time() - began) / RECEIPTS * 1e6


@contextmanager
def _without_wake_up(house: House) -> Iterator[None]:
    with house.cluster.connect(DATABASE) as owner:
        owner.execute("alter table handling.job disable trigger job_wakes")
        try:
            yield
        finally:
            owner.execute("alter table handling.job enable trigger job_wakes")


def _check(house: House) -> None:
    """The figures count only if every report was placed, has its entry and its job."""
    with unit_of_work(OWNER) as session:
        reports, placed, entries, jobs = session.execute(
            text(
                "select count(*), count(unit_id), (select count(*) from intake.report_event),"
                " (select count(*) from handling.job where step = 'triage') from intake.report"
            )
        ).one()
    if not reports == placed == entries == jobs:
        raise RuntimeError(f"{reports} reports, {placed} placed, {entries} entries, {jobs} jobs in {house.folder}")
