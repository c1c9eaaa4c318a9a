"""Reports that are refused, redirected or merged; cases that are disputed or voided; names that are tried in vain."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"

HANDLERS = ("jz_town", "jz_department", "jz_district")
READERS = (*HANDLERS, "jz_discipline")
OF_A_CASE = ("return_request", "misdispatch", "voiding")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    decisions()
    disputes()
    attempts()
    op.create_index(
        "ix_report_reply",
        "report",
        ["reply_due_at", "id"],
        schema="intake",
        postgresql_where=sa.text("state in ('accepted','verifying') and outcome is not null"),
    )
    grants()
    rows()


def downgrade() -> None:
    op.drop_index("ix_report_reply", "report", schema="intake")
    op.drop_table("sign_in_attempt", schema="handling")
    op.add_column("account", sa.Column("failed_at", MOMENT, nullable=True), schema="handling")
    op.add_column("account", sa.Column("failures", sa.Integer(), server_default="0", nullable=False), schema="handling")
    for table in ("voiding", "misdispatch", "return_request"):
        op.drop_table(table, schema="handling")
    for table in ("merge", "redirection", "refusal"):
        op.drop_table(table, schema="intake")


def decisions() -> None:
    op.create_table(
        "refusal",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="proposed", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state in ('proposed', 'confirmed', 'rejected', 'overtaken')", name=op.f("ck_refusal_state")
        ),
        sa.CheckConstraint(
            "state not in ('confirmed','rejected') or decided_by <> proposed_by", name=op.f("ck_refusal_two_people")
        ),
        sa.ForeignKeyConstraint(["report_id"], ["intake.report.id"], name=op.f("fk_refusal_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refusal")),
        schema="intake",
    )
    proposed, confirmed = sa.text("state = 'proposed'"), sa.text("state = 'confirmed'")
    op.create_index(
        "uq_refusal_open", "refusal", ["report_id"], unique=True, schema="intake", postgresql_where=proposed
    )
    op.create_index("ix_refusal_desk", "refusal", ["due_at", "id"], schema="intake", postgresql_where=proposed)
    op.create_index("ix_refusal_decided_at", "refusal", ["decided_at"], schema="intake", postgresql_where=confirmed)
    op.create_index("ix_refusal_report_id", "refusal", ["report_id"], schema="intake")
    op.create_table(
        "redirection",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("reason_code", "body", "phone", "link", "text")),
        sa.Column("decided_by", sa.Integer(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["intake.report.id"], name=op.f("fk_redirection_report_id")),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_redirection")),
        schema="intake",
    )
    op.create_table(
        "merge",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("from_case_id", sa.Uuid(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.Column("merged_by", sa.Integer(), nullable=False),
        sa.Column("merged_at", MOMENT, nullable=False),
        sa.Column("separated_by", sa.Integer(), nullable=True),
        sa.Column("separated_at", MOMENT, nullable=True),
        sa.Column("separated_why", sa.Text(), nullable=True),
        sa.Column("own_case_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["report_id"], ["intake.report.id"], name=op.f("fk_merge_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge")),
        schema="intake",
    )
    op.create_index(
        "uq_merge_live",
        "merge",
        ["report_id"],
        unique=True,
        schema="intake",
        postgresql_where=sa.text("separated_at is null"),
    )


def disputes() -> None:
    op.create_table(
        "return_request",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("of_main", sa.Boolean(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("org_id", sa.Integer(), nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("proposed_org_id", sa.Integer(), nullable=True),
        sa.Column("proposed_category", sa.Text(), nullable=True),
        sa.Column("duplicate_of", sa.Text(), nullable=True),
        sa.Column("circle", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), server_default="requested", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("new_org_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("state in ('requested', 'upheld', 'rejected')", name=op.f("ck_return_request_state")),
        sa.CheckConstraint("origin in ('office','circle')", name=op.f("ck_return_request_origin")),
        sa.CheckConstraint("(origin = 'office') = (reason_code is not null)", name=op.f("ck_return_request_reason")),
        *_references("return_request", case="case_id", task="task_id"),
        *_references("return_request", org="org_id proposed_org_id new_org_id", account="asked_by decided_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_request")),
        schema="handling",
    )
    of_main, requested = sa.text("of_main"), sa.text("state = 'requested'")
    op.create_index(
        "uq_return_request_case",
        "return_request",
        ["case_id"],
        unique=True,
        schema="handling",
        postgresql_where=of_main,
    )
    op.create_index("uq_return_request_task", "return_request", ["task_id"], unique=True, schema="handling")
    op.create_index(
        "ix_return_request_open", "return_request", ["due_at", "id"], schema="handling", postgresql_where=requested
    )
    op.create_index("ix_return_request_org", "return_request", ["org_id", "proposed_org_id"], schema="handling")
    op.create_table(
        "misdispatch",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("from_org_id", sa.Integer(), nullable=False),
        sa.Column("to_org_id", sa.Integer(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("charged_to", sa.Text(), server_default="intake", nullable=False),
        sa.Column("dispatched_by", sa.Text(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=False),
        sa.CheckConstraint("cause in ('arbitration','desk')", name=op.f("ck_misdispatch_cause")),
        sa.CheckConstraint("charged_to = 'intake'", name=op.f("ck_misdispatch_charged_to")),
        *_references("misdispatch", case="case_id", task="task_id", return_request="request_id"),
        *_references("misdispatch", org="from_org_id to_org_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_misdispatch")),
        schema="handling",
    )
    op.create_index("ix_misdispatch_case_id", "misdispatch", ["case_id"], schema="handling")
    op.create_index("ix_misdispatch_from_org_id", "misdispatch", ["from_org_id", "ended_at"], schema="handling")
    op.create_table(
        "voiding",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("same_as_case_id", sa.Uuid(), nullable=True),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), server_default="proposed", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint("state in ('proposed', 'confirmed', 'rejected')", name=op.f("ck_voiding_state")),
        sa.CheckConstraint("state = 'proposed' or decided_by <> proposed_by", name=op.f("ck_voiding_two_people")),
        sa.CheckConstraint(
            "(reason_code = 'exact_duplicate') = (same_as_case_id is not null)", name=op.f("ck_voiding_same_as")
        ),
        *_references("voiding", case="case_id same_as_case_id", account="proposed_by decided_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voiding")),
        schema="handling",
    )
    op.create_index(
        "uq_voiding_open",
        "voiding",
        ["case_id"],
        unique=True,
        schema="handling",
        postgresql_where=sa.text("state = 'proposed'"),
    )
    op.create_index("ix_voiding_case_id", "voiding", ["case_id"], schema="handling")


def attempts() -> None:
    op.create_table(
        "sign_in_attempt",
        sa.Column("name_mark", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("tried_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name_mark", name=op.f("pk_sign_in_attempt")),
        schema="handling",
    )
    op.create_index("ix_sign_in_attempt_tried_at", "sign_in_attempt", ["tried_at"], schema="handling")
    op.drop_column("account", "failed_at", schema="handling")
    op.drop_column("account", "failures", schema="handling")


def grants() -> None:
    """The desk decides on reports; an office asks about its own tasks and reads; only the district decides."""
    for table in ("refusal", "redirection", "merge"):
        op.execute(f"grant select, insert, update on intake.{table} to jz_district, jz_worker")
    tables = ", ".join(f"handling.{table}" for table in OF_A_CASE)
    op.execute(f"grant select on {tables} to {', '.join(READERS)}")
    # Why the desk holds two entries for one may speak of reports: no handler reads it (X42).
    op.execute("revoke select on handling.voiding from jz_town, jz_department")
    op.execute(f"grant insert, update on {tables} to jz_district")
    op.execute(f"grant select, insert, update on {tables} to jz_worker")
    op.execute("grant insert on handling.return_request to jz_town, jz_department")
    op.execute("grant select, insert, update on handling.sign_in_attempt to jz_api")
    op.execute("grant select, delete on handling.sign_in_attempt to jz_worker")


def rows() -> None:
    """A town its own cases', a department those it has a task for, as everywhere (0003)."""
    for table in OF_A_CASE:
        visible = f'exists (select from handling."case" c where c.id = {table}.case_id)'
        op.execute(f"alter table handling.{table} enable row level security")
        for role in ("jz_town", "jz_department"):
            op.execute(f"create policy {role} on handling.{table} to {role} using ({visible})")
        for role in ("jz_district", "jz_worker"):
            op.execute(f"create policy {role} on handling.{table} to {role} using (true)")
        op.execute(f"create policy jz_discipline on handling.{table} for select to jz_discipline using (true)")


def _references(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"handling.{other}.id"], name=op.f(f"fk_{table}_{column}"))
        for other, names in columns.items()
        for column in names.split()
    ]
