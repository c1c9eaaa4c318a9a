"""Reviews, look-backs and reopenings of cases; replies, review requests and re-checks of reports; lists of orphans.

A look-back or a review that is still to come is no business of the town that is looked at: it sees them when they are
done. A department sees its own. What a reporter said and was told stays in schema intake.
"""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"

HANDLERS = ("jz_town", "jz_department", "jz_district")
OFFICE = "nullif(current_setting('jz.org', true), '')::int"
TASK_KINDS = "'town','lead','coop','group'"
TOLD = "outcome is not null and replied_at is not null"


def upgrade() -> None:
    of_reports()
    of_cases()
    op.drop_constraint(op.f("ck_task_kind"), "task", schema="handling", type_="check")
    op.create_check_constraint(
        op.f("ck_task_kind"), "task", f"kind in ({TASK_KINDS},'look_back','review')", schema="handling"
    )
    op.create_check_constraint(
        op.f("ck_report_closed_is_told"), "report", f"state <> 'closed' or ({TOLD})", schema="intake"
    )
    op.create_index(
        "ix_report_replied", "report", ["replied_at"], schema="intake", postgresql_where=sa.text("state = 'replied'")
    )
    op.drop_index("ix_report_reply", "report", schema="intake")
    _index_of_replies("'accepted','verifying','review_requested'")
    rights()
    rows()


def downgrade() -> None:
    op.execute("delete from handling.task where kind in ('look_back','review')")
    op.drop_constraint(op.f("ck_task_kind"), "task", schema="handling", type_="check")
    op.create_check_constraint(op.f("ck_task_kind"), "task", f"kind in ({TASK_KINDS})", schema="handling")
    op.drop_constraint(op.f("ck_report_closed_is_told"), "report", schema="intake", type_="check")
    op.drop_index("ix_report_replied", "report", schema="intake")
    op.drop_index("ix_report_reply", "report", schema="intake")
    _index_of_replies("'accepted','verifying'")
    for column in ("listing_candidate_at", "reopened_at", "reopen_count"):
        op.drop_column("case", column, schema="handling")
    for table in ("reopening", "review", "look_back", "orphan_list", "look_back_draw"):
        op.drop_table(table, schema="handling")
    for table in ("review_request", "reply", "recheck", "recheck_draw"):
        op.drop_table(table, schema="intake")


def _index_of_replies(states: str) -> None:
    op.create_index(
        "ix_report_reply",
        "report",
        ["reply_due_at", "id"],
        schema="intake",
        postgresql_where=sa.text(f"state in ({states}) and outcome is not null"),
    )


def rights() -> None:
    op.execute(
        "grant select, insert, update on intake.reply, intake.review_request to jz_intake, jz_district, jz_worker"
    )
    op.execute("grant select, insert, update on intake.recheck, intake.recheck_draw to jz_district, jz_worker")
    op.execute(
        f"grant select on handling.look_back, handling.review, handling.reopening to {', '.join(HANDLERS)}, jz_discipline"
    )
    op.execute(
        "grant insert, update on handling.look_back, handling.review, handling.reopening to jz_district, jz_worker"
    )
    op.execute("grant update on handling.look_back, handling.review to jz_department")
    op.execute("grant insert on handling.reopening to jz_department")
    op.execute("grant select on handling.look_back_draw, handling.orphan_list to jz_district, jz_discipline, jz_worker")
    op.execute("grant insert on handling.look_back_draw, handling.orphan_list to jz_worker")


def rows() -> None:
    for table, done in (("look_back", "done_at"), ("review", "decided_at"), ("reopening", "reopened_at")):
        mine = f'exists (select from handling."case" c where c.id = {table}.case_id)'
        seen = f"{done} is not null and {mine}"
        own = seen if table == "reopening" else f"org_id = {OFFICE} or ({seen})"
        op.execute(f"alter table handling.{table} enable row level security")
        op.execute(f"create policy jz_town on handling.{table} to jz_town using ({seen})")
        op.execute(f"create policy jz_department on handling.{table} to jz_department using ({own})")
        for role in ("jz_district", "jz_worker"):
            op.execute(f"create policy {role} on handling.{table} to {role} using (true)")
        op.execute(f"create policy jz_discipline on handling.{table} for select to jz_discipline using (true)")


def of_reports() -> None:
    op.create_table(
        "recheck_draw",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("pool", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("drawn", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recheck_draw")),
        sa.UniqueConstraint("period", name=op.f("uq_recheck_draw_period")),
        schema="intake",
    )
    op.create_table(
        "recheck",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("draw_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), server_default="due", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint("state in ('due', 'confirmed', 'overturned')", name=op.f("ck_recheck_state")),
        sa.ForeignKeyConstraint(["draw_id"], ["intake.recheck_draw.id"], name=op.f("fk_recheck_draw_id")),
        sa.ForeignKeyConstraint(["report_id"], ["intake.report.id"], name=op.f("fk_recheck_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recheck")),
        sa.UniqueConstraint("draw_id", "report_id", name=op.f("uq_recheck_draw_id_report_id")),
        schema="intake",
    )
    op.create_table(
        "reply",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column("unreachable", sa.Text(), server_default="", nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("replied_by", sa.Integer(), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("satisfaction", sa.Integer(), nullable=True),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("channel in ('code', 'phone', 'letter', 'visit')", name=op.f("ck_reply_channel")),
        sa.CheckConstraint("reached or unreachable <> ''", name=op.f("ck_reply_unreachable_says_how")),
        sa.CheckConstraint("satisfaction between 1 and 5", name=op.f("ck_reply_satisfaction")),
        sa.ForeignKeyConstraint(["report_id"], ["intake.report.id"], name=op.f("fk_reply_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply")),
        sa.UniqueConstraint("report_id", "number", name=op.f("uq_reply_report_id_number")),
        schema="intake",
    )
    op.create_table(
        "review_request",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("result in ('upheld','dismissed')", name=op.f("ck_review_request_result")),
        sa.ForeignKeyConstraint(["report_id"], ["intake.report.id"], name=op.f("fk_review_request_report_id")),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_review_request")),
        schema="intake",
    )
    op.create_index(
        "ix_recheck_due",
        "recheck",
        ["due_at", "id"],
        unique=False,
        schema="intake",
        postgresql_where=sa.text("state = 'due'"),
    )
    op.create_index("ix_recheck_report_id", "recheck", ["report_id"], unique=False, schema="intake")
    op.create_index("ix_review_request_review_id", "review_request", ["review_id"], unique=False, schema="intake")


def of_cases() -> None:
    op.create_table(
        "look_back_draw",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("pool", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("drawn", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look_back_draw")),
        sa.UniqueConstraint("period", name=op.f("uq_look_back_draw_period")),
        schema="handling",
    )
    op.create_table(
        "orphan_list",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("items", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orphan_list")),
        schema="handling",
    )
    op.create_table(
        "look_back",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), server_default="due", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("draw_id", sa.Uuid(), nullable=True),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_id", sa.Integer(), nullable=True),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("assigned_by", sa.Integer(), nullable=True),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("point", Geometry("POINT", srid=4326, spatial_index=False), nullable=True),
        sa.Column("distance_m", sa.Double(), nullable=True),
        sa.Column("distance_reason", sa.Text(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("findings", sa.Text(), nullable=True),
        sa.CheckConstraint("origin in ('closing','sample')", name=op.f("ck_look_back_origin")),
        sa.CheckConstraint(
            "state in ('due', 'visiting', 'confirmed', 'rebound', 'dropped')", name=op.f("ck_look_back_state")
        ),
        sa.ForeignKeyConstraint(["assigned_by"], ["handling.account.id"], name=op.f("fk_look_back_assigned_by")),
        sa.ForeignKeyConstraint(["assignee_id"], ["handling.account.id"], name=op.f("fk_look_back_assignee_id")),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_look_back_case_id")),
        sa.ForeignKeyConstraint(["draw_id"], ["handling.look_back_draw.id"], name=op.f("fk_look_back_draw_id")),
        sa.ForeignKeyConstraint(["org_id"], ["handling.org.id"], name=op.f("fk_look_back_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look_back")),
        sa.UniqueConstraint("case_id", "round", "step", name=op.f("uq_look_back_case_id_round_step")),
        schema="handling",
    )
    op.create_table(
        "review",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), server_default="requested", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("grounds", sa.Text(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_id", sa.Integer(), nullable=True),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("assigned_by", sa.Integer(), nullable=True),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finding", sa.Text(), nullable=True),
        sa.CheckConstraint("state in ('requested', 'assigned', 'upheld', 'dismissed')", name=op.f("ck_review_state")),
        sa.ForeignKeyConstraint(["assigned_by"], ["handling.account.id"], name=op.f("fk_review_assigned_by")),
        sa.ForeignKeyConstraint(["assignee_id"], ["handling.account.id"], name=op.f("fk_review_assignee_id")),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_review_case_id")),
        sa.ForeignKeyConstraint(["org_id"], ["handling.org.id"], name=op.f("fk_review_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        schema="handling",
    )
    op.create_table(
        "reopening",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("look_back_id", sa.Uuid(), nullable=True),
        sa.Column("review_id", sa.Uuid(), nullable=True),
        sa.Column("other_case_id", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("urgency_before", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("reopened_by", sa.Integer(), nullable=True),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("cause in ('rebound', 'review_upheld', 'new_report')", name=op.f("ck_reopening_cause")),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_reopening_case_id")),
        sa.ForeignKeyConstraint(["look_back_id"], ["handling.look_back.id"], name=op.f("fk_reopening_look_back_id")),
        sa.ForeignKeyConstraint(["other_case_id"], ["handling.case.id"], name=op.f("fk_reopening_other_case_id")),
        sa.ForeignKeyConstraint(["reopened_by"], ["handling.account.id"], name=op.f("fk_reopening_reopened_by")),
        sa.ForeignKeyConstraint(["review_id"], ["handling.review.id"], name=op.f("fk_reopening_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reopening")),
        sa.UniqueConstraint("case_id", "round", name=op.f("uq_reopening_case_id_round")),
        schema="handling",
    )
    op.create_index(
        "ix_look_back_due",
        "look_back",
        ["due_at", "id"],
        unique=False,
        schema="handling",
        postgresql_where=sa.text("state in ('due','visiting')"),
    )
    op.create_index(
        "uq_look_back_visiting",
        "look_back",
        ["case_id"],
        unique=True,
        schema="handling",
        postgresql_where=sa.text("state = 'visiting'"),
    )
    op.create_index("ix_review_case_id", "review", ["case_id"], unique=False, schema="handling")
    op.create_index(
        "ix_review_due",
        "review",
        ["due_at", "id"],
        unique=False,
        schema="handling",
        postgresql_where=sa.text("state in ('requested','assigned')"),
    )
    op.create_index(
        "uq_review_open",
        "review",
        ["case_id"],
        unique=True,
        schema="handling",
        postgresql_where=sa.text("state in ('requested','assigned')"),
    )
    op.add_column(
        "case", sa.Column("reopen_count", sa.Integer(), server_default="0", nullable=False), schema="handling"
    )
    op.add_column("case", sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True), schema="handling")
    op.add_column(
        "case", sa.Column("listing_candidate_at", sa.DateTime(timezone=True), nullable=True), schema="handling"
    )
