"""Holds, extensions, findings, second looks, decisions after a failed acceptance, and certificates.

Whoever handles a case sees its rows as with every other table of a case. Whether an image is used in another case is
asked through a function of the owner, which tells yes or no and nothing of the other case (X20).
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"

OF_A_CASE = (
    "hold", "pause", "extension", "finding", "finding_picture", "finding_check", "second_look", "decision_task",
)  # fmt: skip
HANDLERS = ("jz_town", "jz_department", "jz_district")


def upgrade() -> None:
    op.create_table(
        "certificate",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("scope", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("cardinality(scope) > 0", name=op.f("ck_certificate_has_scope")),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_certificate_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["account_id"], ["handling.account.id"], name=op.f("fk_certificate_account_id")),
        sa.ForeignKeyConstraint(["ended_by"], ["handling.account.id"], name=op.f("fk_certificate_ended_by")),
        sa.ForeignKeyConstraint(["entered_by"], ["handling.account.id"], name=op.f("fk_certificate_entered_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("number", name=op.f("uq_certificate_number")),
        schema="handling",
    )
    op.create_index(op.f("ix_certificate_account_id"), "certificate", ["account_id"], unique=False, schema="handling")
    op.create_table(
        "hold",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), server_default="requested", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("interim_measures", sa.Text(), nullable=False),
        sa.Column("review_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=True),
        sa.Column("requested_by", sa.Integer(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("renewals", sa.Integer(), server_default="0", nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_note", sa.Text(), nullable=True),
        sa.CheckConstraint("state in ('requested', 'active', 'refused', 'ended')", name=op.f("ck_hold_state")),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_hold_case_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["handling.account.id"], name=op.f("fk_hold_decided_by")),
        sa.ForeignKeyConstraint(["ended_by"], ["handling.account.id"], name=op.f("fk_hold_ended_by")),
        sa.ForeignKeyConstraint(["requested_by"], ["handling.account.id"], name=op.f("fk_hold_requested_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
        schema="handling",
    )
    op.create_index("ix_hold_case_id", "hold", ["case_id"], unique=False, schema="handling")
    op.create_index(
        "ix_hold_review",
        "hold",
        ["review_at"],
        unique=False,
        schema="handling",
        postgresql_where=sa.text("state = 'active'"),
    )
    op.create_index(
        "uq_hold_open",
        "hold",
        ["case_id"],
        unique=True,
        schema="handling",
        postgresql_where=sa.text("state in ('requested','active')"),
    )
    op.create_table(
        "finding",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_finding_case_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["handling.visit.id"], name=op.f("fk_finding_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.UniqueConstraint("visit_id", "position", name=op.f("uq_finding_visit_id_position")),
        schema="handling",
    )
    op.create_index("ix_finding_case_id", "finding", ["case_id"], unique=False, schema="handling")
    op.create_table(
        "extension",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("clock_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), server_default="requested", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("old_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("new_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_by", sa.Integer(), nullable=False),
        sa.Column("requested_org_id", sa.Integer(), nullable=False),
        sa.Column("by_leader", sa.Boolean(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.CheckConstraint("state in ('requested', 'granted', 'refused')", name=op.f("ck_extension_state")),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_extension_case_id")),
        sa.ForeignKeyConstraint(["clock_id"], ["handling.clock.id"], name=op.f("fk_extension_clock_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["handling.account.id"], name=op.f("fk_extension_decided_by")),
        sa.ForeignKeyConstraint(["requested_by"], ["handling.account.id"], name=op.f("fk_extension_requested_by")),
        sa.ForeignKeyConstraint(["requested_org_id"], ["handling.org.id"], name=op.f("fk_extension_requested_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
        schema="handling",
    )
    op.create_index("ix_extension_case_id", "extension", ["case_id"], unique=False, schema="handling")
    op.create_index(
        "uq_extension_open",
        "extension",
        ["clock_id"],
        unique=True,
        schema="handling",
        postgresql_where=sa.text("state = 'requested'"),
    )
    op.create_table(
        "finding_picture",
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column("picture_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("linked_by", sa.Integer(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_finding_picture_case_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["handling.finding.id"], name=op.f("fk_finding_picture_finding_id")),
        sa.ForeignKeyConstraint(["linked_by"], ["handling.account.id"], name=op.f("fk_finding_picture_linked_by")),
        sa.ForeignKeyConstraint(["picture_id"], ["handling.picture.id"], name=op.f("fk_finding_picture_picture_id")),
        sa.PrimaryKeyConstraint("finding_id", "picture_id", name=op.f("pk_finding_picture")),
        schema="handling",
    )
    op.create_index("ix_finding_picture_case_id", "finding_picture", ["case_id"], unique=False, schema="handling")
    op.create_table(
        "pause",
        sa.Column("clock_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("hold_id", sa.Uuid(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_after", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_pause_case_id")),
        sa.ForeignKeyConstraint(["clock_id"], ["handling.clock.id"], name=op.f("fk_pause_clock_id")),
        sa.ForeignKeyConstraint(["hold_id"], ["handling.hold.id"], name=op.f("fk_pause_hold_id")),
        sa.PrimaryKeyConstraint("clock_id", name=op.f("pk_pause")),
        schema="handling",
    )
    op.create_index("ix_pause_case_id", "pause", ["case_id"], unique=False, schema="handling")
    op.create_table(
        "second_look",
        sa.Column("verdict_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("pool", sa.Text(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("ticket", sa.Text(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state in ('not_drawn', 'waiting', 'confirmed', 'returned')", name=op.f("ck_second_look_state")
        ),
        sa.CheckConstraint("why in ('sample','immediate')", name=op.f("ck_second_look_why")),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_second_look_case_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["handling.account.id"], name=op.f("fk_second_look_decided_by")),
        sa.ForeignKeyConstraint(["verdict_id"], ["handling.verdict.id"], name=op.f("fk_second_look_verdict_id")),
        sa.PrimaryKeyConstraint("verdict_id", name=op.f("pk_second_look")),
        schema="handling",
    )
    op.create_index("ix_second_look_case_id", "second_look", ["case_id"], unique=False, schema="handling")
    op.create_index(
        "ix_second_look_waiting",
        "second_look",
        ["drawn_at"],
        unique=False,
        schema="handling",
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "decision_task",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("acceptance_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("choice", sa.Text(), nullable=True),
        sa.Column("ground", sa.Text(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("choice in ('suspend','close','refer')", name=op.f("ck_decision_task_choice")),
        sa.CheckConstraint("state in ('open', 'decided')", name=op.f("ck_decision_task_state")),
        sa.CheckConstraint("why in ('second_failure','after_deadline')", name=op.f("ck_decision_task_why")),
        sa.ForeignKeyConstraint(
            ["acceptance_id"], ["handling.acceptance.id"], name=op.f("fk_decision_task_acceptance_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_decision_task_case_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["handling.account.id"], name=op.f("fk_decision_task_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_task")),
        schema="handling",
    )
    op.create_index("ix_decision_task_case_id", "decision_task", ["case_id"], unique=False, schema="handling")
    op.create_index(
        "uq_decision_task_open",
        "decision_task",
        ["case_id"],
        unique=True,
        schema="handling",
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "finding_check",
        sa.Column("acceptance_id", sa.Uuid(), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("result in ('pass','fail')", name=op.f("ck_finding_check_result")),
        sa.ForeignKeyConstraint(
            ["acceptance_id"], ["handling.acceptance.id"], name=op.f("fk_finding_check_acceptance_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_finding_check_case_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["handling.finding.id"], name=op.f("fk_finding_check_finding_id")),
        sa.PrimaryKeyConstraint("acceptance_id", "finding_id", name=op.f("pk_finding_check")),
        schema="handling",
    )
    op.create_index("ix_finding_check_case_id", "finding_check", ["case_id"], unique=False, schema="handling")
    op.add_column("clock", sa.Column("hold_id", sa.Uuid(), nullable=True), schema="handling")
    op.add_column("clock", sa.Column("continues_id", sa.Integer(), nullable=True), schema="handling")
    op.add_column("clock", sa.Column("extended_at", sa.DateTime(timezone=True), nullable=True), schema="handling")
    op.create_foreign_key(
        op.f("fk_clock_hold_id"),
        "clock",
        "hold",
        ["hold_id"],
        ["id"],
        source_schema="handling",
        referent_schema="handling",
    )
    op.create_foreign_key(
        op.f("fk_clock_continues_id"),
        "clock",
        "clock",
        ["continues_id"],
        ["id"],
        source_schema="handling",
        referent_schema="handling",
    )
    op.add_column("picture", sa.Column("client_id", sa.Uuid(), nullable=True), schema="handling")
    op.add_column(
        "picture", sa.Column("reused", sa.Boolean(), server_default=sa.text("false"), nullable=False), schema="handling"
    )
    op.create_index("ix_picture_sha256", "picture", ["sha256"], unique=False, schema="handling")
    op.create_unique_constraint(
        op.f("uq_picture_case_id_account_id_client_id"),
        "picture",
        ["case_id", "account_id", "client_id"],
        schema="handling",
    )
    op.add_column(
        "visit",
        sa.Column(
            "checklist", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        schema="handling",
    )
    op.add_column(
        "visit",
        sa.Column("supports_penalty", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        schema="handling",
    )
    op.add_column(
        "visit",
        sa.Column(
            "certificates",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        schema="handling",
    )
    _visit_kinds("'verification','patrol','enforcement'")
    rights()
    _let_handlers_ask()


def rights() -> None:
    tables = ", ".join(f"handling.{name}" for name in OF_A_CASE)
    op.execute(f"grant select, insert, update on {tables} to {', '.join(HANDLERS)}, jz_worker")
    op.execute(f"grant select on {tables}, handling.certificate to jz_discipline")
    op.execute("grant select on handling.certificate to jz_town, jz_department, jz_worker")
    op.execute("grant select, insert, update on handling.certificate to jz_district")
    op.execute(f"grant usage on all sequences in schema handling to {', '.join(HANDLERS)}, jz_worker")
    for table in OF_A_CASE:
        mine = f'exists (select from handling."case" c where c.id = {table}.case_id)'
        op.execute(f"alter table handling.{table} enable row level security")
        for role in ("jz_town", "jz_department"):
            op.execute(f"create policy {role} on handling.{table} to {role} using ({mine})")
        for role in ("jz_district", "jz_worker"):
            op.execute(f"create policy {role} on handling.{table} to {role} using (true)")
        op.execute(f"create policy jz_discipline on handling.{table} for select to jz_discipline using (true)")


def _let_handlers_ask() -> None:
    op.execute(
        """create function handling.is_used_elsewhere(image bytea, here uuid) returns boolean
        language sql stable security definer set search_path = '' as
        $$ select exists (select from handling.picture p where p.sha256 = image and p.case_id <> here) $$"""
    )
    op.execute("revoke all on function handling.is_used_elsewhere(bytea, uuid) from public")
    op.execute(f"grant execute on function handling.is_used_elsewhere(bytea, uuid) to {', '.join(HANDLERS)}")


def _visit_kinds(kinds: str) -> None:
    op.drop_constraint(op.f("ck_visit_kind"), "visit", schema="handling", type_="check")
    op.create_check_constraint(op.f("ck_visit_kind"), "visit", f"kind in ({kinds})", schema="handling")


def downgrade() -> None:
    op.execute("drop function handling.is_used_elsewhere(bytea, uuid)")
    op.execute("update handling.visit set kind = 'verification' where kind = 'patrol'")
    _visit_kinds("'verification','enforcement'")
    for column in ("certificates", "supports_penalty", "checklist"):
        op.drop_column("visit", column, schema="handling")
    op.drop_constraint(op.f("uq_picture_case_id_account_id_client_id"), "picture", schema="handling", type_="unique")
    op.drop_index("ix_picture_sha256", table_name="picture", schema="handling")
    for column in ("reused", "client_id"):
        op.drop_column("picture", column, schema="handling")
    for column in ("extended_at", "continues_id", "hold_id"):
        op.drop_column("clock", column, schema="handling")
    for table in ("decision_task", "second_look", "finding_check", "finding_picture", "finding", "extension", "pause"):
        op.drop_table(table, schema="handling")
    op.drop_table("hold", schema="handling")
    op.drop_table("certificate", schema="handling")
