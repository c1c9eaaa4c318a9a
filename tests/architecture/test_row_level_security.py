"""Row-level security says who reads a row by plain equality on the row itself, in every table that it must (ADR 22).

Read from the catalog of the database, so that no table and no policy is forgotten, whichever migration made it.
"""

import re
from pathlib import Path

import pytest
from sqlalchemy import text

from cases.models.readers import tables_of_a_case
from cli.processes import MIGRATE, PREPARE, PROCESSES, SEED
from kit.db import LOGINS, Base

ROOT = Path(__file__).parents[2]
OFFICES = {"jz_town", "jz_department"}
SEE_ALL = {"jz_district", "jz_worker", "jz_discipline", "jz_relay"}
SETTING = r"\(NULLIF\(current_setting\('jz\.(org|account)'::text, true\), ''::text\)\)::integer"
NEWSROOM = r"\(NULLIF\(current_setting\('jz\.client'::text, true\), ''::text\)\)::uuid"
# What a policy may compare: a column with the office, the person or the newsroom of the transaction, and plain facts.
ATOM = (
    rf"(\(\w+ = {SETTING}\)|\(client_id = {NEWSROOM}\)|\({SETTING} = ANY \(readers\)\)|"
    r"\(\w+ IS NOT NULL\)|\(\w+ = '\w+'::text\)|shared|"
    r"\(released_at IS NULL\)|\(released_at (<=|>) now\(\)\))"  # the record is read from its moment on
)
EQUALITY = re.compile(rf"\(?{ATOM}( AND {ATOM})*\)?")
# Tables of schema handling that offices may touch, and whose rows are not parted among them.
NOT_PARTED = {
    "of everybody's policy": {
        "calendar_day", "calendar_entry", "calendar_year", "category", "category_version", "deadline_overlay",
        "deadline_overlay_limit", "deadline_profile", "deadline_rule", "delegation", "department_kind", "duty_item",
        "measure_type", "policy_value", "reason_code",
    },
    "of places": {"boundary", "edition", "unit", "zone", "zone_rule"},
    "of who is who, with nothing of a case in it": {
        "absence", "account", "account_role", "certificate", "group_bot", "handover", "leader_assignment",
        "mail_address", "org",
    },
    "told to all offices once it is issued; its entries are parted": {"bulletin"},
    "written by offices and read by none": {"job"},
}  # fmt: skip

TOUCHED = """select distinct table_name from information_schema.role_column_grants
    where table_schema = :schema and grantee = any(:roles)"""
POLICIES = """select schemaname, tablename, policyname, roles::text[], cmd, qual, with_check from pg_policies
    where schemaname = any(:schemas)"""


@pytest.fixture
def policies(session):
    rows = session.execute(text(POLICIES), {"schemas": ["handling", "intake", "vault", "record"]})
    return [row._asdict() for row in rows]


def touched(session, schema, roles):
    return set(session.scalars(text(TOUCHED), {"schema": schema, "roles": sorted(roles)}))


def secured(session):
    enabled = "select relname from pg_class where relrowsecurity and relnamespace = 'handling'::regnamespace"
    return set(session.scalars(text(enabled)))


def test_every_table_that_an_office_may_touch_is_secured_or_has_a_reason(session):
    given = touched(session, "handling", OFFICES)
    not_parted = set().union(*NOT_PARTED.values())
    assert given - not_parted - secured(session) == set()
    assert not_parted & secured(session) == set(), "it has policies: take it off the list"
    assert not_parted <= {table.name for table in Base.metadata.tables.values()}


def test_every_table_of_a_case_is_secured_and_keeps_who_reads_it(session):
    of_a_case = {table.name for table in tables_of_a_case()}
    assert of_a_case | {"case"} <= secured(session)
    kept = text(
        """select r.relname from pg_constraint k join pg_class r on r.oid = k.conrelid
        join pg_trigger g on g.tgrelid = r.oid and g.tgname = 'readers' and g.tgenabled = 'O'
        where k.contype = 'f' and k.confupdtype = 'c' and k.conname = 'fk_' || r.relname || '_readers'
        and k.confrelid = 'handling."case"'::regclass and k.convalidated"""
    )
    assert set(session.scalars(kept)) == of_a_case


def test_no_office_and_nobody_of_the_public_has_any_right_on_reports_or_identities(session):
    for schema in ("intake", "vault"):
        assert touched(session, schema, {*OFFICES, "jz_public"}) == set()


def test_a_newsroom_has_rights_on_its_webhooks_alone_and_reads_its_own(session, policies):
    """Security.md 3.8: nothing of a case, a report or an account is in reach of a key that a stranger holds."""
    assert touched(session, "handling", {"jz_newsroom"}) == {"webhook", "webhook_delivery", "job"}
    for schema in ("intake", "vault", "record"):
        assert touched(session, schema, {"jz_newsroom"}) == set()
    mine = {each["tablename"]: each["qual"] for each in policies if each["roles"] == ["jz_newsroom"]}
    assert mine.keys() == {"webhook", "webhook_delivery"}
    for said in mine.values():
        assert re.fullmatch(rf"\(client_id = {NEWSROOM}\)", said)


def test_nobody_who_serves_anybody_is_the_owner_of_a_table_or_may_become_it(session):
    """The owner is above all policies (ADR 22: not forced), so whoever answers a request must be somebody else."""
    rows = session.execute(
        text(
            """select distinct t.tableowner, r.rolname from pg_tables t cross join pg_roles r
            where t.schemaname = any(:schemas) and r.rolname = any(:roles)
            and (r.rolname = t.tableowner or pg_has_role(r.oid, t.tableowner, 'member'))"""
        ),
        {
            "schemas": ["handling", "intake", "vault", "record"],
            "roles": [*LOGINS, *OFFICES, *SEE_ALL, "jz_newsroom", "jz_public"],
        },
    ).all()
    assert rows == []
    every = (*PROCESSES, MIGRATE, SEED, PREPARE)
    assert [each.name for each in every if each.as_owner and not each.ends] == []
    for package in ("api", "cases", "geo", "people", "vault", "web", "workers"):
        for path in (ROOT / package).rglob("*.py"):
            assert not re.search(r"\bOWNER\b", path.read_text("utf-8")), path


def test_every_policy_of_an_office_is_plain_equality_on_the_row(policies):
    of_offices = [each for each in policies if OFFICES & set(each["roles"])]
    assert len(of_offices) > 80
    for each in of_offices:
        for said in (each["qual"], each["with_check"]):
            assert said is None or EQUALITY.fullmatch(said), each


def test_whoever_sees_all_is_named_and_no_policy_says_more(policies):
    for each in policies:
        if each["qual"] == "true" or each["with_check"] == "true":
            assert set(each["roles"]) <= SEE_ALL, each
        elif not OFFICES & set(each["roles"]):
            assert EQUALITY.fullmatch(each["qual"] or each["with_check"]), each


def test_no_policy_asks_another_table_or_a_function_or_is_for_everybody(policies):
    for each in policies:
        said = f"{each['qual']} {each['with_check']}"
        assert not re.search(r"\b(SELECT|EXISTS|OR|IN|security)\b|handling\.", said), each
        assert "public" not in each["roles"], each


def test_what_is_no_equality_is_known_for_what_it_is():
    office = "(NULLIF(current_setting('jz.org'::text, true), ''::text))::integer"
    for said in (
        f"(responsible_org_id = {office})", f"({office} = ANY (readers))",
        f"((done_at IS NOT NULL) AND ({office} = ANY (readers)))",
        f"((kind = 'social_risk'::text) AND ({office} = ANY (readers)))", f"((org_id = {office}) AND shared)",
    ):  # fmt: skip
        assert EQUALITY.fullmatch(said), said
    for said in (
        "true", f"((org_id = {office}) OR shared)", "handling.is_tasked(case_id)",
        '(EXISTS ( SELECT FROM handling."case" c WHERE (c.id = task.case_id)))', "(org_id = 7)",
    ):  # fmt: skip
        assert not EQUALITY.fullmatch(said), said
