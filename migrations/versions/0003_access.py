"""Who may touch which table, and row-level security for those who handle cases.

The second lock behind cases/access.py: plain equality for towns, one indexed look-up for departments. The roles of the
handling side have no right of any kind in schemas intake and vault; intake may write identities and never read one.
"""

from alembic import op

revision = "0003"
down_revision = "0002"

POLICY = (
    "category", "category_version", "deadline_profile", "deadline_rule", "calendar_year", "calendar_day",
    "policy_value", "reason_code", "duty_item", "department_kind",
)  # fmt: skip
PLACES = ("unit", "edition", "boundary", "zone", "zone_rule")
OF_A_CASE = (
    "case_event", "clock", "picture", "visit", "record_copy", "verdict", "rectify_order", "completion", "acceptance",
)  # fmt: skip
HANDLERS = ("jz_town", "jz_department", "jz_district")
READERS = (*HANDLERS, "jz_discipline")
ACCOUNT_COLUMNS = "id, org_id, username, name, active"


def upgrade() -> None:
    # Whole polygons stay in the row where they fit: a third less work for each look-up at 40,000 towns.
    op.execute("alter table handling.boundary alter column geom set storage main")
    op.execute("alter table handling.boundary set (toast_tuple_target = 8160)")
    schemas()
    everybody_inside()
    intake()
    handlers()
    sign_in()
    worker()
    public()
    rows()
    wake_up()


def downgrade() -> None:
    op.execute("drop trigger job_wakes on handling.job")
    op.execute("drop function handling.wake()")
    for table in ("case", "task", *OF_A_CASE):
        for role in (*READERS, "jz_worker"):
            op.execute(f"drop policy {role} on handling.{_name(table)}")
        op.execute(f"alter table handling.{_name(table)} disable row level security")
    op.execute("drop function handling.is_tasked(uuid)")
    roles = ", ".join((*READERS, "jz_public", "jz_intake", "jz_api", "jz_worker"))
    for schema in ("vault", "intake", "handling", "record"):
        op.execute(f"revoke all on all tables in schema {schema} from {roles}")
        op.execute(f"revoke all on all sequences in schema {schema} from {roles}")
        op.execute(f"revoke all on schema {schema} from {roles}")
    op.execute(f"revoke all ({ACCOUNT_COLUMNS}) on handling.account from {', '.join(READERS)}, jz_worker")


def schemas() -> None:
    op.execute(f"grant usage on schema handling to {', '.join(READERS)}, jz_intake, jz_api, jz_worker")
    op.execute(f"grant usage on schema record to {', '.join(READERS)}, jz_public, jz_intake, jz_worker")
    op.execute("grant usage on schema intake to jz_intake, jz_district, jz_worker")
    op.execute("grant usage on schema vault to jz_intake")


def everybody_inside() -> None:
    tables = ", ".join(f"handling.{name}" for name in (*POLICY, *PLACES, "org"))
    op.execute(f"grant select on {tables} to {', '.join(READERS)}, jz_intake, jz_api, jz_worker")
    op.execute(
        f"grant insert (step, subject, args, created_at, run_after) on handling.job to {', '.join(HANDLERS)}, jz_intake"
    )


def intake() -> None:
    op.execute("grant select, insert, update on all tables in schema intake to jz_intake")
    op.execute("revoke all on intake.report_case from jz_intake")
    op.execute("grant insert on vault.identity to jz_intake")
    op.execute("grant select on record.exposure, record.change to jz_intake")


def handlers() -> None:
    tables = ", ".join(f"handling.{_name(name)}" for name in ("case", "task", "notice", *OF_A_CASE))
    op.execute(f"grant select, insert, update on {tables} to {', '.join(HANDLERS)}")
    op.execute(f"grant select on {tables}, handling.exposure to jz_discipline")
    op.execute(f"grant usage on all sequences in schema handling to {', '.join(HANDLERS)}")
    op.execute(f"revoke update on handling.case_event from {', '.join(HANDLERS)}")
    op.execute("grant select on handling.exposure to jz_town, jz_department")
    op.execute("grant select, insert, update on handling.exposure to jz_district")
    op.execute("grant select, insert, update on all tables in schema intake to jz_district")
    op.execute(f"grant select ({ACCOUNT_COLUMNS}) on handling.account to {', '.join(READERS)}, jz_worker")
    op.execute(f"grant select on handling.account_role to {', '.join(READERS)}")


def sign_in() -> None:
    op.execute("grant select, update on handling.account to jz_api")
    op.execute("grant select on handling.account_role to jz_api")
    op.execute("grant select, insert, update on handling.staff_session to jz_api")


def worker() -> None:
    op.execute("grant select, insert, update on all tables in schema handling to jz_worker")
    op.execute("revoke all on handling.account, handling.account_role, handling.staff_session from jz_worker")
    op.execute(f"grant select ({ACCOUNT_COLUMNS}) on handling.account to jz_worker")
    op.execute("grant delete on handling.slot to jz_worker")
    op.execute("grant usage on all sequences in schema handling to jz_worker")
    op.execute("grant select, insert, update on all tables in schema intake to jz_worker")
    op.execute("grant select, insert, update on all tables in schema record to jz_worker, jz_district")
    op.execute("grant usage on all sequences in schema record to jz_worker, jz_district")


def public() -> None:
    op.execute("grant select on all tables in schema record to jz_public, jz_town, jz_department, jz_discipline")


def rows() -> None:
    office = "nullif(current_setting('jz.org', true), '')::int"
    mine = f"responsible_org_id = {office}"
    tasked = f'exists (select from handling.task t where t.case_id = "case".id and t.org_id = {office})'
    _policies("case", town=mine, department=tasked)
    _let_departments_ask(office)
    _policies("task", town=_of_my_case("task"), department=f"org_id = {office} or handling.is_tasked(case_id)")
    for table in OF_A_CASE:
        _policies(table, town=_of_my_case(table), department=_of_my_case(table))


def _let_departments_ask(office: str) -> None:
    """Whether the reader's office has a task for a case, asked as the owner: task's own policy cannot ask task."""
    op.execute(
        f"""create function handling.is_tasked(asked uuid) returns boolean
        language sql stable security definer set search_path = '' as
        $$ select exists (select from handling.task t where t.case_id = asked and t.org_id = {office}) $$"""
    )
    op.execute("revoke all on function handling.is_tasked(uuid) from public")
    op.execute("grant execute on function handling.is_tasked(uuid) to jz_department")


def wake_up() -> None:
    op.execute(
        """create function handling.wake() returns trigger language plpgsql as
        $$ begin perform pg_notify('jz_job', ''); return null; end $$"""
    )
    op.execute(
        "create trigger job_wakes after insert on handling.job for each statement execute function handling.wake()"
    )


def _policies(table: str, *, town: str, department: str) -> None:
    name = _name(table)
    op.execute(f"alter table handling.{name} enable row level security")
    op.execute(f"create policy jz_town on handling.{name} to jz_town using ({town})")
    op.execute(f"create policy jz_department on handling.{name} to jz_department using ({department})")
    for role in ("jz_district", "jz_worker"):
        op.execute(f"create policy {role} on handling.{name} to {role} using (true)")
    op.execute(f"create policy jz_discipline on handling.{name} for select to jz_discipline using (true)")


def _of_my_case(table: str) -> str:
    """Visible when the case is: the case's own policy applies to the reader inside."""
    return f'exists (select from handling."case" c where c.id = {table}.case_id)'


def _name(table: str) -> str:
    return f'"{table}"' if table == "case" else table
