"""The migrations: up, down and up again, the same as the models, with every table's rights spoken for."""

import os
import re
import secrets
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import text

from cases.models.policy import CategoryVersion
from cli.migrate import configuration, migrate
from kit.db import LOGINS, OWNER, engine, unit_of_work
from tests.conftest import _use  # the fixtures' own way to change the database

ACTING = ("jz_public", "jz_town", "jz_department", "jz_district", "jz_discipline", "jz_newsroom")
SCHEMAS = ("vault", "intake", "handling", "record")
QUESTIONS = (
    """select table_schema, table_name, column_name, data_type, is_nullable, column_default
       from information_schema.columns where table_schema = any(:ours)""",
    """select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint
       where connamespace::regnamespace::text = any(:ours)""",
    "select schemaname, tablename, indexdef from pg_indexes where schemaname = any(:ours)",
    "select schemaname, tablename, policyname, roles::text, cmd, qual from pg_policies",
    """select grantee, table_name, column_name, privilege_type from information_schema.role_column_grants
       where table_schema = any(:ours)""",
    "select proname, prosecdef::text from pg_proc where pronamespace::regnamespace::text = any(:ours)",
)


@pytest.fixture
def empty(databases, cluster):
    """A database of its own without a single table."""
    name = f"jz_{secrets.token_hex(6)}_empty"
    admin = cluster.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f'create database "{name}"')
        connection.execute("select pg_advisory_lock(hashtext('jingzhong tests'))")
        _use(cluster.set(database=name).render_as_string(hide_password=False))
        yield name
        _use(databases[0])
        connection.execute(f'drop database "{name}" with (force)')
    assert os.environ["DATABASE_URL"] == databases[0]


def schema():
    """Everything that a migration makes, as rows: columns, constraints, indexes, policies and rights."""
    with engine(OWNER).connect() as connection:
        return [
            sorted(str(tuple(row)) for row in connection.execute(text(question), {"ours": list(SCHEMAS)}))
            for question in QUESTIONS
        ]


def likeness():
    """The same in a few letters, for comparing it hundreds of times: the rows stay in the database."""
    digest = "select md5(string_agg(each::text, '' order by each::text)) from ({}) as each"
    with engine(OWNER).connect() as connection:
        return [connection.scalar(text(digest.format(question)), {"ours": list(SCHEMAS)}) for question in QUESTIONS]


def left():
    with engine(OWNER).connect() as connection:
        return set(connection.execute(text("select nspname from pg_namespace")).scalars())


def test_up_down_and_up_again_end_in_the_same_place(empty):
    command.upgrade(configuration(), "head")
    first = schema()
    assert all(first)
    command.downgrade(configuration(), "base")
    assert not left() & set(SCHEMAS)
    command.upgrade(configuration(), "head")
    assert schema() == first


def test_every_step_down_can_be_taken_again(empty, monkeypatch):
    """One at a time, each from where those above it have come down to.

    Where a step down and up again ends as it began, the way from there to the head has been walked before; where it
    does not, for a constraint that was put back in other words, it is walked now.
    """
    config, scripts = configuration(), ScriptDirectory.from_config(configuration())
    monkeypatch.setattr(ScriptDirectory, "from_config", lambda _: scripts)  # read once, and not by each command
    command.upgrade(config, "head")
    head, above = schema(), likeness()
    assert all(above)
    for script in scripts.walk_revisions():
        below = script.down_revision or "base"
        command.downgrade(config, below)
        came_down_to = likeness()
        command.upgrade(config, script.revision)
        if likeness() != above:
            command.upgrade(config, "head")
            assert schema() == head, script.revision
        command.downgrade(config, below)
        above = came_down_to


def test_the_models_say_what_the_migrations_made(database_url):
    command.check(configuration())


def test_there_is_one_chain_with_one_head_and_each_number_once():
    """Numbers are reserved beforehand and come in any order; the chain says what follows what."""
    scripts = ScriptDirectory.from_config(configuration())
    revisions = [script.revision for script in scripts.walk_revisions()]
    assert len(scripts.get_heads()) == 1
    assert len(revisions) == len(set(revisions)) == len(list((Path(scripts.dir) / "versions").glob("*.py")))
    assert all(re.fullmatch(r"\d{4}", revision) for revision in revisions)


def test_no_role_may_delete_but_what_it_must_clear_away(database_url):
    rights = text(
        "select grantee, table_name from information_schema.role_table_grants"
        " where grantee like 'jz\\_%' and grantee <> current_user and privilege_type in ('DELETE', 'TRUNCATE')"
    )
    with unit_of_work(OWNER) as session:
        assert {tuple(row) for row in session.execute(rights)} <= {
            ("jz_beat", "slot"),
            ("jz_worker", "sign_in_attempt"),
            ("jz_worker", "identity"),  # kept long enough (Q11)
            ("jz_worker", "original"),  # likewise, with the photo as it came
            ("jz_worker", "photo_key"),  # of a photo that it has looked at (security.md 3.5)
            ("jz_worker", "lookalike"),  # goes with what it compares (Q11)
            ("jz_worker", "origin"),  # what a phone says of itself, after a day (security.md 3.7)
            ("jz_worker", "doubt"),  # goes with the words of its report (Q11)
            ("jz_worker", "named"),  # likewise
            ("jz_worker", "log_pending"),
            ("jz_worker", "webhook_delivery"),  # that something was sent, after half a year (security.md 3.6)
            ("jz_api", "account_role"),  # taken by who runs the district, and written down (account_entry)
            ("jz_api", "second_factor"),  # lost, and reset
            ("jz_api", "recovery_code"),  # void once there are new ones
        }


def test_only_those_who_sign_in_can_and_none_is_above_the_rules(database_url):
    roles = text("select rolname, rolcanlogin, rolsuper or rolbypassrls from pg_roles where rolname = any(:names)")
    with unit_of_work(OWNER) as session:
        found = {name: (login, above) for name, login, above in session.execute(roles, {"names": [*LOGINS, *ACTING]})}
    assert found == dict.fromkeys(LOGINS, (True, False)) | dict.fromkeys(ACTING, (False, False))


def test_migrating_again_files_nothing_twice(database_url):
    with unit_of_work(OWNER) as session:
        before = session.query(CategoryVersion).count()
    migrate()
    with unit_of_work(OWNER) as session:
        assert session.query(CategoryVersion).count() == before == 27


A_REPORT = """insert into intake.report (client_id, body_hash, reference, tracking_mark, received_at, observed_at,
        category_code, text, notice_version, client, locale, urgency, profile_id, review_due_at, state)
    values (gen_random_uuid(), '', :name, convert_to(:name, 'UTF8'), now(), now(), 'FIR-02', '', '1', 'tests', 'zh-CN',
        'normal', 1, now(), :state) returning id"""
A_PROPOSAL = """insert into intake.refusal (report_id, reason_code, text, evidence, state, proposed_by, proposed_at,
        decided_by, due_at)
    values (:report, 'untrue', '', '', :state, 1, '2026-11-24T02:00Z', :decided_by, '2026-12-01T16:00Z')"""
WHEN = "select to_char(accept_due_at at time zone 'UTC', 'MM-DD HH24') from intake.report where id = :report"
WHEN_PROPOSED = "select to_char(due_at at time zone 'UTC', 'MM-DD HH24') from intake.refusal where report_id = :report"


def test_f39_the_time_of_a_proposal_becomes_that_of_its_report_and_back(empty):
    """0066, with what an installation has by then: a report with a proposal, one without, one that was refused."""
    config = configuration()
    below = ScriptDirectory.from_config(config).get_revision("0066").down_revision
    command.upgrade(config, below)

    def each(question, ids):
        with engine(OWNER).begin() as connection:
            return [connection.execute(text(question), {"report": id_}).scalar() for id_ in ids]

    with engine(OWNER).begin() as connection:
        states = {"proposed": "in_review", "none": "in_review", "confirmed": "not_accepted"}
        ids = [
            connection.execute(text(A_REPORT), {"name": name, "state": state}).scalar()
            for name, state in states.items()
        ]
        for report, state, decided_by in ((ids[0], "proposed", None), (ids[2], "confirmed", 2)):
            connection.execute(text(A_PROPOSAL), {"report": report, "state": state, "decided_by": decided_by})
        job = "insert into handling.job (step, created_at, run_after) values ('decision_due', now(), now())"
        connection.execute(text(job))
    command.upgrade(config, "0066")
    assert each(WHEN, ids) == ["12-01 16", None, None]
    left_to_do = "select count(*) from handling.job where done_at is null and step = 'decision_due'"
    assert each(left_to_do, [None]) == [0]
    command.downgrade(config, below)
    assert each(WHEN_PROPOSED, [ids[0], ids[2]]) == ["12-01 16", "11-24 02"]
    command.upgrade(config, "0066")
    assert each(WHEN, ids) == ["12-01 16", None, None]


A_VALUE = """insert into handling.policy_value (key, version, effective_at, value, note)
    values (:key, :version, now(), cast(:value as jsonb), '')"""


def test_x32_what_nothing_reads_goes_unless_the_district_has_said_it_itself(empty):
    """0078: the values as they were shipped go; where the district has set one, all its versions stay."""
    config = configuration()
    command.upgrade(config, ScriptDirectory.from_config(config).get_revision("0078").down_revision)
    shipped = '{"days": 30, "cases": 3}'
    with engine(OWNER).begin() as connection:
        for key, version, value in (
            ("repeat_review", 1, shipped), ("unknown_datum_accuracy_m", 1, "700"),
            ("unknown_datum_accuracy_m", 2, "900"), ("checkin_m", 1, "200"),
        ):  # fmt: skip
            connection.execute(text(A_VALUE), {"key": key, "version": version, "value": value})
    command.upgrade(config, "0078")
    with engine(OWNER).connect() as connection:
        left = connection.execute(text("select key, version from handling.policy_value order by key, version")).all()
    assert [tuple(row) for row in left] == [
        ("checkin_m", 1), ("unknown_datum_accuracy_m", 1), ("unknown_datum_accuracy_m", 2),
    ]  # fmt: skip


A_CASE = """insert into handling."case" (number, state, source, category_code, category_version, urgency,
        penalty_policy, opened_at, seen_on, routed_how, profile_id, responsible_org_id, grade, readers)
    values (:state || :grade, :state, 'report', 'FIR-02', 1, 'normal', 'conditional', now(), current_date, 'x', 1, 1,
        :grade, '{1}')"""
OWED = """select c.number, w.state, w.readers from handling.listing_waiver w join handling."case" c on c.id = w.case_id
    order by c.number"""


def test_g_list_what_is_major_and_open_waits_for_the_safety_office_from_the_update_on(empty):
    """0076: the office owes its decision to each open major hazard that is there, and to no other case."""
    config = configuration()
    below = ScriptDirectory.from_config(config).get_revision("0076").down_revision
    command.upgrade(config, below)
    with engine(OWNER).begin() as connection:
        connection.execute(text("set local session_replication_role = replica"))  # without all that a case refers to
        for state, grade in (("closed", "major"), ("rectifying", "major"), ("on_hold", "major"), ("signed", "general")):
            connection.execute(text(A_CASE), {"state": state, "grade": grade})
    for _ in range(2):
        command.upgrade(config, "0076")
        with engine(OWNER).connect() as connection:
            found = [tuple(row) for row in connection.execute(text(OWED))]
        assert found == [("on_holdmajor", "owed", [1]), ("rectifyingmajor", "owed", [1])]
        command.downgrade(config, below)


A_HELD_ANSWER = """
with town as (insert into handling.org (code, kind, name_zh, name_en, active)
        values ('T', 'town', '镇', 'Town', true) returning id),
    bureau as (insert into handling.org (code, kind, department_kind, name_zh, name_en, active)
        values ('D', 'department', 'fire', '消防', 'Fire', true) returning id),
    officer as (insert into handling.account (org_id, username, name, password_hash)
        select id, 'o', 'o', '!' from bureau returning id),
    kind as (insert into handling.category (code) values ('FIR-99') returning code),
    profile as (insert into handling.deadline_profile (code, version, effective_at, zh, en)
        values ('tests', 1, now(), '', '') returning id),
    matter as (insert into handling."case" (number, state, source, category_code, category_version, urgency,
            penalty_policy, responsible_org_id, opened_at, seen_on, routed_how, profile_id)
        select 'N', 'signed', 'report', kind.code, 1, 'normal', 'none', town.id, now(), now(), 'inside', profile.id
        from town, kind, profile returning id, profile_id),
    task as (insert into handling.task (case_id, org_id, kind, goal, duty_item, due_at, due_what, created_at)
        select matter.id, bureau.id, 'coop', '', '', now(), 'hold', now() from matter, bureau
        returning id, case_id, org_id),
    hold as (insert into handling.hold (case_id, task_id, state, reason_code, note, interim_measures, review_at,
            requested_by, requested_at)
        select task.case_id, task.id, 'active', 'court', '', '', now() + interval '9 days', officer.id, now()
        from task, officer returning id, case_id, task_id),
    clock as (insert into handling.clock (case_id, task_id, org_id, kind, profile_id, amount, unit, started_at,
            due_at, original_due_at, provisional, stopped_at, hold_id)
        select task.case_id, task.id, task.org_id, 'answer', matter.profile_id, 3, 'work_d', now() - interval '3 days',
            now() + interval '1 day', now() + interval '1 day', false, now() - interval '1 day', hold.id
        from task, matter, hold returning id, case_id, hold_id)
insert into handling.pause (clock_id, case_id, hold_id, from_at, due_before)
    select id, case_id, hold_id, now() - interval '1 day', now() + interval '1 day' from clock"""


def test_d6_a_departments_answer_goes_on_where_its_hold_is_not_known(empty):
    """0074 taken down: what stood still for two days that were left runs for two days from then on."""
    config = configuration()
    below = ScriptDirectory.from_config(config).get_revision("0074").down_revision
    command.upgrade(config, "0074")
    with engine(OWNER).begin() as connection:
        connection.execute(text(A_HELD_ANSWER))
    command.downgrade(config, below)
    running = """select kind, continues_id is not null, round(extract(epoch from due_at - now()) / 86400)
        from handling.clock where stopped_at is null"""
    with engine(OWNER).begin() as connection:
        assert [tuple(row) for row in connection.execute(text(running))] == [("answer", True, 2)]
        assert connection.execute(text("select count(*) from handling.hold")).scalar() == 0
        assert connection.execute(text("select count(*) from handling.pause")).scalar() == 0
    command.upgrade(config, "0074")
