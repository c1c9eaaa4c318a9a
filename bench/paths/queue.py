"""An office's queue, a page of 50 under row-level security, against pgbench running the same query under it."""

import re
import time
from collections.abc import Iterator
from datetime import datetime
from statistics import median
from typing import Any

from psycopg import ClientCursor

from bench import load, seeding
from bench.house import DATABASE, House, Server
from bench.table import Bar, Row, beside
from cases import queue
from kit.db import unit_of_work, url_for
from people import sessions
from people.roles import Role

PATH = "/o/v1/queue?limit=50"
CONNECTIONS = (1, 8, 32)
OFFICERS = "jz_api"
P95_MS, STATEMENTS = 100.0, 4.0
OFFICES = {"town": ("TOWN-0", Role.TOWN_OFFICER), "desk": ("DESK", Role.INTAKE_OFFICER)}


def measure(house: House, api: Server, *, now: datetime) -> Iterator[Row]:
    """Rows for a town at each concurrency and for the district's desk, then p95 and the number of statements."""
    token, org_id = seeding.session_of_an_officer(*OFFICES["town"], now=now)
    headers = [f"Authorization: Bearer {token}"]
    options = f"-c role=jz_town -c jz.org={org_id} -c jit=off -c timezone=UTC"
    script = house.folder / "queue.sql"
    script.write_text(query(house, token, now=now) + ";\n")
    p95_ms = 0.0
    for connections in CONNECTIONS:
        row = _row(house, api, f"queue page, c={connections}", script, options, headers, connections)
        p95_ms = row.notes["p95 ms"]
        yield row
    yield beside("queue page, p95 at c=32", "ms", p95_ms, P95_MS, must=Bar("≤", 1.0))
    made = statements(house, api, token)
    yield beside("queue page, statements", "", float(made), STATEMENTS, must=Bar("≤", 1.0))
    desk, org_id = seeding.session_of_an_officer(*OFFICES["desk"], now=now)
    script.write_text(query(house, desk, now=now) + ";\n")
    options = options.replace("jz_town", "jz_district")
    yield _row(house, api, "queue page of the district, c=8", script, options, [f"Authorization: Bearer {desk}"], 8)


def _row(house: House, api: Server, path: str, script: Any, options: str, headers: list[str], connections: int) -> Row:
    url = url_for(OFFICERS)
    pairs = [
        (
            load.pgbench(house.pgbench, script, url, clients=8, seconds=house.seconds, options=options),
            load.wrk(api.url(PATH), "get", connections=connections, seconds=house.seconds, headers=headers),
        )
        for _ in range(house.repeats)
    ]
    held = connections == CONNECTIONS[-1]
    return Row(
        path,
        "/s",
        figure=median(ours.rate for _, ours in pairs),
        limit=median(limit for limit, _ in pairs),
        ratio=median(ours.rate / limit for limit, ours in pairs),
        must=Bar("≥", 0.10) if held else None,
        aim=Bar("≥", 0.15) if held else None,
        notes={"p95 ms": median(ours.p95_ms for _, ours in pairs)},
    )


def query(house: House, token: str, *, now: datetime) -> str:
    """The very statement that the page sends, its values written into it."""
    with unit_of_work(OFFICERS) as session:
        actor = sessions.actor_of(session, token, now=now)
    statement, values = queue.page(queue.Filter(), by=actor, limit=50)
    with unit_of_work(OFFICERS, role=actor.database_role, org=str(actor.org_id)) as session:
        if session.connection().exec_driver_sql(statement, values).rowcount != 50:  # noqa: PLR2004 - a page
            raise RuntimeError("the queue has no page of 50")
    with house.cluster.connect(DATABASE) as connection:
        text = ClientCursor(connection).mogrify(statement, values)
    return re.sub(r"\s+", " ", text)


def statements(house: House, api: Server, token: str) -> int:
    """How many statements one page takes, beginnings and ends of transactions and the pool's pings not counted."""
    with house.cluster.connect() as admin:
        admin.execute("alter system set log_statement = 'all'")
        admin.execute("select pg_reload_conf()")
        time.sleep(2)  # until every backend has heard of it
        said = [_logged(house, api, token) for _ in range(5)]
        admin.execute("alter system reset log_statement")
        admin.execute("select pg_reload_conf()")
    return min(count_statements(text) for text in said)  # the feed's keeper looks in between, once a second


def _logged(house: House, api: Server, token: str) -> str:
    """What PostgreSQL wrote down while one page was made."""
    begin = house.postgres_log.stat().st_size
    api.get(PATH, {"Authorization": f"Bearer {token}"})
    time.sleep(0.05)
    with house.postgres_log.open("rb") as log:
        log.seek(begin)
        return log.read().decode(errors="replace")


def count_statements(log: str) -> int:
    """Statements in a piece of PostgreSQL's log, without beginnings and ends of transactions and pings."""
    sent = re.findall(r"LOG:  (?:statement|execute [^:]*): *(.*)", log)
    other = re.compile(r"begin|commit|rollback|select 1\b|;|$", re.IGNORECASE)
    return len([line for line in sent if not other.match(line.strip())])
