"""What becomes of rows that are there, on the way up and on the way down."""

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import text

from cli.migrate import configuration
from kit.db import OWNER, engine

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
