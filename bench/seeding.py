"""What the bench measures against: towns, offices, an officer, cases with tasks, exposures; all made in sets."""

from datetime import datetime
from typing import Any

import psycopg
from sqlalchemy import select

from bench.towns import Grid
from kit.db import OWNER, unit_of_work
from people import sign_in
from people.models import Org
from people.roles import Role

Connection = psycopg.Connection[Any]
DISTRICT = "990188"
PASSWORD = "bench-bench-bench"  # noqa: S105 - of an account that lives for minutes

_UNITS = """
insert into handling.unit (code, district_code, kind, name_zh, name_en, open_from)
select %(district)s || lpad(n::text, 6, '0'), %(district)s, 'town', '镇' || n, 'Town ' || n, '2020-01-01+00'
from generate_series(%(first)s::int, %(end)s::int - 1) n
"""
_EDITION = """
insert into handling.edition (district_code, layer, valid, state, source_name, source_sha256, declared_datum, report,
    imported_by, created_at)
select %(district)s, 'admin', '[2020-01-01+00,)', 'live', 'bench', repeat('0', 64), 'wgs84', '{}', 'bench', now()
where not exists (select from handling.edition)
"""
_BOUNDARIES = """
insert into handling.boundary (edition_id, unit_id, geom)
select (select id from handling.edition), u.id, m.geom
from made m join handling.unit u on u.code = %(district)s || lpad(m.n::text, 6, '0')
order by m.n
"""
_ORGS = """
insert into handling.org (code, kind, name_zh, name_en, unit_code)
select 'TOWN-' || n, 'town', '镇' || n, 'Town ' || n, %(district)s || lpad(n::text, 6, '0')
from generate_series(0, %(towns)s::int - 1) n
union all select 'DESK', 'district', '区级', 'District', null
"""
_CASES = """
with org as materialized (
    select id, row_number() over (order by id) - 1 as n, count(*) over () as many from handling.org where kind = 'town'
), category as materialized (
    select category_code, version, urgency, penalty_policy, row_number() over (order by category_code) - 1 as n,
           count(*) over () as many
    from handling.category_version where version = 1
), made as materialized (
    select gen_random_uuid() as id, g.n, org.id as org_id, c.category_code, c.version, c.urgency, c.penalty_policy,
           %(now)s::timestamptz - make_interval(mins => g.n %% 43200) as opened_at
    from generate_series(1, %(cases)s::int) as g(n)
    join org on org.n = g.n %% org.many
    join category c on c.n = (g.n * 7) %% c.many
), cases as (
    insert into handling."case" (id, number, state, source, category_code, category_version, urgency, penalty_policy,
        responsible_org_id, opened_at, seen_on, place_text, routed_how, profile_id)
    select id, 'B-' || lpad(n::text, 7, '0'), 'dispatched', 'report', category_code, version, urgency, penalty_policy,
           org_id, opened_at, opened_at::date, '某路' || n || '号', 'inside',
           (select min(id) from handling.deadline_profile)
    from made
    returning id
)
insert into handling.task (case_id, org_id, kind, state, goal, duty_item, due_at, due_what, created_at)
select id, org_id, 'town', 'open', '核查并答复', 'TOWN-01', opened_at + make_interval(hours => 24 + n %% 240),
       'sign', opened_at
from cases join made using (id)  -- a task takes from its case who may read it: the case is there before
"""
_EXPOSURES = """
insert into record.exposure (public_id, version, status, published_at, updated_at, ground, title, body, entity_name,
    category_code, category_zh, category_en, town_code, town_zh, town_en, found_on, basis, progress, authority, phone)
select 'X' || lpad(n::text, 8, '0'), 1, 'usable', at, at, 'C', '某公司仓库安全出口被锁闭',
       repeat('检查发现该单位二层仓库安全出口被锁闭，疏散通道堆放纸箱。', 4), '某公司' || n,
       'FIR-01', '消防通道', 'Fire exits',
       '990188000001', '镇1', 'Town 1', at::date, '消防法第二十八条', 'rectifying',
       '某区消防救援大队', '000-0000'
from generate_series(1, 200) n, lateral (select %(now)s::timestamptz - make_interval(hours => n) as at) as t
"""


def towns(connection: Connection, grid: Grid, first: int, end: int) -> None:
    """Put in the towns numbered from `first` up to before `end`, in the one live edition."""
    numbers = {"district": DISTRICT, "first": first, "end": end}
    connection.execute(_UNITS, numbers)
    connection.execute(_EDITION, numbers)
    connection.execute("create temporary table made (n int, geom geometry(multipolygon, 4326))")
    with connection.cursor().copy("copy made from stdin") as rows:
        for row in grid.outlines(first, end):
            rows.write_row(row)
    connection.execute(_BOUNDARIES, numbers)
    connection.execute("drop table made")
    connection.execute("vacuum analyze handling.boundary, handling.unit, handling.edition")


def offices(connection: Connection, count: int) -> None:
    """An office for each town, and the district's desk."""
    connection.execute(_ORGS, {"district": DISTRICT, "towns": count})


def cases(connection: Connection, count: int, *, now: datetime) -> None:
    """Dispatched cases, each with its open task, spread evenly over the towns."""
    connection.execute(_CASES, {"cases": count, "now": now})
    connection.execute('vacuum analyze handling."case", handling.task')


def exposures(connection: Connection, *, now: datetime) -> None:
    """Two hundred public exposures, and the entry in the log that says so."""
    connection.execute(_EXPOSURES, {"now": now})
    connection.execute(
        "insert into record.change (kind, ref, op, version, at) values ('exposure', 'X00000001', 'published', 1, %s)",
        (now,),
    )


def session_of_an_officer(org_code: str, role: Role, *, now: datetime) -> tuple[str, int]:
    """The bearer token of an officer of an office, and the office's id."""
    with unit_of_work(OWNER) as session:
        org = session.scalars(select(Org).where(Org.code == org_code)).one()
        sign_in.create_officer(
            session, org=org, username=f"bench-{org_code}", name="bench", password=PASSWORD, roles=[role]
        )
        signed_in = sign_in.sign_in(session, f"bench-{org_code}", PASSWORD, now=now)
        if signed_in is None:
            raise RuntimeError("an officer just made could not sign in")
        return signed_in.token, org.id
