"""Row-level security by plain equality (security.md §3.8, ADR 0022): who reads a row stands in the row.

`readers` of a case is the responsible body and the departments that have or had a task. A trigger works it out when the
body or a task changes, and whatever anybody else writes there; rows of a case take it over when they are made, and a
foreign key with a cascade keeps them at it. Notices belong to the office that they are for, and to the one that left
them; exposures to who reads the case, and to the district.
"""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0054"

OFFICE = "nullif(current_setting('jz.org', true), '')::int"
READS = f"{OFFICE} = any(readers)"
PERSON = "nullif(current_setting('jz.account', true), '')::int"
AFTERWARDS = {"look_back": "done_at", "review": "decided_at", "reopening": "reopened_at"}  # read once it is done
BY_A_BODY = ("look_back", "review")  # and by the body that does it, before
OF_A_CASE = (
    "acceptance", "bulletin_entry", "case_event", "case_tag", "clock", "completion", "criminal_transfer",
    "decision_task", "escalation", "exposure", "extension", "finding", "finding_check", "finding_picture", "hold",
    "interview", "joint_meeting_item", "listing_candidate", "look_back", "measure", "measure_review", "misdispatch",
    "operation_case", "order_delivery", "paper", "pause", "penalty", "picture", "record_copy", "rectify_order",
    "referral", "reopening", "return_request", "review", "scan", "second_look", "task", "urge_order", "urge_reply",
    "verdict", "visit", "voiding",
)  # fmt: skip
# Those that had no index to find the rows of a case by.
UNINDEXED = ("bulletin_entry", "clock", "listing_candidate", "return_request")
OFFICES = ("jz_town", "jz_department")
EVERYBODY = "jz_town, jz_department, jz_district, jz_discipline"


def upgrade() -> None:
    _readers_of_cases()
    _history_may_be_read_by_others(
        "declare moved handling.case_event := old; erased handling.case_event := old;",
        "moved.readers := new.readers; if moved::text is not distinct from new::text then return new; end if;",
    )
    for table in (*OF_A_CASE, "notice"):
        _readers_of(table)
    _triggers()
    _secure("exposure")
    for table in OF_A_CASE:
        _policies(table, _equal(table))
    op.execute('drop policy jz_department on handling."case"')
    op.execute(f'create policy jz_department on handling."case" to jz_department using ({READS})')
    op.execute("drop function handling.is_tasked(uuid)")
    _notices()
    _views(f"org_id = {OFFICE} and owner_id = {PERSON}")
    op.execute(f"create policy of_an_office on handling.saved_view to {EVERYBODY} using (org_id = {OFFICE} and shared)")


def _readers_of_cases() -> None:
    op.add_column("case", sa.Column("readers", sa.ARRAY(sa.Integer()), nullable=True), schema="handling")
    op.execute(
        """create function handling.readers_of(asked uuid, responsible int) returns int[]
        language sql stable set search_path = '' as
        $$ select array(
            select responsible where responsible is not null
            union select t.org_id from handling.task t join handling.org o on o.id = t.org_id
                where t.case_id = asked and o.kind = 'department'
            order by 1) $$"""
    )
    op.execute("revoke all on function handling.readers_of(uuid, int) from public")
    op.execute('update handling."case" set readers = handling.readers_of(id, responsible_org_id)')
    op.alter_column("case", "readers", nullable=False, schema="handling")
    op.create_index("uq_case_readers", "case", ["id", "readers"], unique=True, schema="handling")


def _readers_of(table: str) -> None:
    """The copy in the rows of one table, and what keeps it true."""
    if table in UNINDEXED:
        op.create_index(f"ix_{table}_case_id", table, ["case_id"], schema="handling")
    op.add_column(table, sa.Column("readers", sa.ARRAY(sa.Integer()), nullable=True), schema="handling")
    op.execute(f'update handling.{table} x set readers = c.readers from handling."case" c where c.id = x.case_id')
    if table != "notice":  # some are about no case
        op.alter_column(table, "readers", nullable=False, schema="handling")
    # Not in the models, where the simple key says what belongs to what; this one only keeps a copy true.
    op.execute(
        f"""alter table handling.{table} add constraint fk_{table}_readers foreign key (case_id, readers)
        references handling."case" (id, readers) on update cascade"""
    )


def _triggers() -> None:
    """As the owner: whoever changes a task or a case may not see all of its tasks."""
    functions = {
        "keep_readers": "new.readers := handling.readers_of(new.id, new.responsible_org_id); return new;",
        # Under the lock that a change of readers waits for: what is read here holds until the row is there.
        "take_readers": """select c.readers into new.readers from handling."case" c where c.id = new.case_id
            for key share; return new;""",
        "tell_readers": """update handling."case" c set readers = null where c.id in (new.case_id, old.case_id)
            and c.readers <> handling.readers_of(c.id, c.responsible_org_id); return null;""",
    }
    for name, body in functions.items():
        op.execute(
            f"""create function handling.{name}() returns trigger language plpgsql
            security definer set search_path = '' as $$ begin {body} end $$"""
        )
        op.execute(f"revoke all on function handling.{name}() from public")
    op.execute(
        """create trigger readers before insert or update of responsible_org_id, readers on handling."case"
        for each row execute function handling.keep_readers()"""
    )
    for table in (*OF_A_CASE, "notice"):
        op.execute(
            f"""create trigger readers before insert on handling.{table}
            for each row execute function handling.take_readers()"""
        )
    op.execute(
        """create trigger readers_told after insert or update of org_id, case_id on handling.task
        for each row execute function handling.tell_readers()"""
    )


def _equal(table: str) -> dict[str, str]:
    """What each policy compares, by its name."""
    if table not in AFTERWARDS:
        return dict.fromkeys(OFFICES, READS)
    afterwards = dict.fromkeys(OFFICES, f"{AFTERWARDS[table]} is not null and {READS}")
    return afterwards | ({"of_its_body": f"org_id = {OFFICE}"} if table in BY_A_BODY else {})


def _policies(table: str, conditions: dict[str, str]) -> None:
    for name, condition in conditions.items():
        role = name if name in OFFICES else "jz_department"
        op.execute(f"drop policy if exists {name} on handling.{table}")
        op.execute(f"create policy {name} on handling.{table} to {role} using ({condition})")


def _secure(table: str) -> None:
    """Rows are shown by policy alone: all of them to the district and the worker, to be read to the discipline body."""
    op.execute(f"alter table handling.{table} enable row level security")
    for role in ("jz_district", "jz_worker"):
        op.execute(f"create policy {role} on handling.{table} to {role} using (true)")
    op.execute(f"create policy jz_discipline on handling.{table} for select to jz_discipline using (true)")


def _notices() -> None:
    """For the office that it is left for, and the one that left it; who was told of a social risk, for who reads it."""
    op.execute(f"alter table handling.notice add column left_by_org_id int default ({OFFICE})")
    op.execute(
        """alter table handling.notice add constraint fk_notice_left_by_org_id
        foreign key (left_by_org_id) references handling.org (id)"""
    )
    _secure("notice")
    offices = ", ".join(OFFICES)
    for name, condition in (
        ("of_an_office", f"org_id = {OFFICE}"),
        ("left_by_an_office", f"left_by_org_id = {OFFICE}"),
    ):
        op.execute(f"create policy {name} on handling.notice to {offices} using ({condition})")
    receipts = f"kind = 'social_risk' and {READS}"
    op.execute(f"create policy receipts on handling.notice for select to {offices} using ({receipts})")


def _views(own: str) -> None:
    op.execute("drop policy of_a_person on handling.saved_view")
    op.execute(f"create policy of_a_person on handling.saved_view to {EVERYBODY} using ({own})")


def _history_may_be_read_by_others(declared: str, moved: str) -> None:
    """Who reads an entry is no part of it, and of no hash; all else of it stays as it is (0011)."""
    op.execute(
        f"""create or replace function record.keep_case_event() returns trigger language plpgsql as $$
        {declared}
        begin
            {moved}
            erased.salt := null;
            erased.body := '{{}}';
            if erased::text is distinct from new::text then
                raise exception 'history is kept: an entry of handling.case_event can only be erased'
                    using errcode = 'insufficient_privilege';
            end if;
            return new;
        end $$"""
    )


def downgrade() -> None:
    op.execute("drop policy of_an_office on handling.saved_view")
    _views(f"org_id = {OFFICE} and (owner_id = {PERSON} or shared)")
    for policy in ("of_an_office", "left_by_an_office", "receipts", "jz_district", "jz_worker", "jz_discipline"):
        op.execute(f"drop policy {policy} on handling.notice")
    op.execute("alter table handling.notice disable row level security")
    op.drop_column("notice", "left_by_org_id", schema="handling")
    _departments_ask_again()
    for table in OF_A_CASE:
        for role in (*OFFICES, *(["of_its_body"] if table in BY_A_BODY else [])):
            op.execute(f"drop policy {role} on handling.{table}")
    for policy in ("jz_district", "jz_worker", "jz_discipline"):
        op.execute(f"drop policy {policy} on handling.exposure")
    op.execute("alter table handling.exposure disable row level security")
    for table in OF_A_CASE:
        if table != "exposure":
            _policies(table, _as_before(table))
    _forget_readers()


def _departments_ask_again() -> None:
    tasked = f'exists (select from handling.task t where t.case_id = "case".id and t.org_id = {OFFICE})'
    op.execute('drop policy jz_department on handling."case"')
    op.execute(f'create policy jz_department on handling."case" to jz_department using ({tasked})')
    op.execute(
        f"""create function handling.is_tasked(asked uuid) returns boolean
        language sql stable security definer set search_path = '' as
        $$ select exists (select from handling.task t where t.case_id = asked and t.org_id = {OFFICE}) $$"""
    )
    op.execute("revoke all on function handling.is_tasked(uuid) from public")
    op.execute("grant execute on function handling.is_tasked(uuid) to jz_department")


def _as_before(table: str) -> dict[str, str]:
    """What each office's policy was."""
    mine = f'exists (select from handling."case" c where c.id = {table}.case_id)'
    if table == "task":
        return {"jz_town": mine, "jz_department": f"org_id = {OFFICE} or handling.is_tasked(case_id)"}
    if table in AFTERWARDS:
        mine = f"{AFTERWARDS[table]} is not null and {mine}"
    beside = f"org_id = {OFFICE} or ({mine})" if table in BY_A_BODY else mine
    return {"jz_town": mine, "jz_department": beside}


def _forget_readers() -> None:
    op.execute("drop trigger readers_told on handling.task")
    for table in (*OF_A_CASE, "notice"):
        op.execute(f"drop trigger readers on handling.{table}")
        op.drop_column(table, "readers", schema="handling")  # and the key with it
    op.execute('drop trigger readers on handling."case"')
    op.drop_column("case", "readers", schema="handling")
    for name in ("keep_readers()", "take_readers()", "tell_readers()", "readers_of(uuid, int)"):
        op.execute(f"drop function handling.{name}")
    for table in UNINDEXED:
        op.drop_index(f"ix_{table}_case_id", table, schema="handling")
    _history_may_be_read_by_others("declare erased handling.case_event := old;", "")
