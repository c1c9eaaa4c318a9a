"""The ladder and what stands on its rungs; absences, handovers, named leaders; notices for a person, and their delivery.

Whoever handles a case sees its supervision as with every other table of a case. The address of a
group's robot carries a token: the district enters it, and no town or department can read it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"

OF_A_CASE = (
    "escalation", "urge_order", "urge_reply", "interview", "bulletin_entry", "listing_candidate",
)  # fmt: skip
HANDLERS = ("jz_town", "jz_department", "jz_district")
READERS = (*HANDLERS, "jz_discipline")


def upgrade() -> None:
    op.create_table(
        "absence",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("org_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("substitute_id", sa.Integer(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("substitute_id <> account_id", name=op.f("ck_absence_somebody_else")),
        sa.CheckConstraint("to_at > from_at", name=op.f("ck_absence_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["account_id"], ["handling.account.id"], name=op.f("fk_absence_account_id")),
        sa.ForeignKeyConstraint(["cancelled_by"], ["handling.account.id"], name=op.f("fk_absence_cancelled_by")),
        sa.ForeignKeyConstraint(["entered_by"], ["handling.account.id"], name=op.f("fk_absence_entered_by")),
        sa.ForeignKeyConstraint(["org_id"], ["handling.org.id"], name=op.f("fk_absence_org_id")),
        sa.ForeignKeyConstraint(["substitute_id"], ["handling.account.id"], name=op.f("fk_absence_substitute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
        schema="handling",
    )
    op.create_index(
        "ix_absence_account_id",
        "absence",
        ["account_id", "from_at"],
        unique=False,
        schema="handling",
        postgresql_where=sa.text("cancelled_at is null"),
    )
    op.create_index(op.f("ix_absence_org_id"), "absence", ["org_id"], unique=False, schema="handling")
    op.create_table(
        "bulletin",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("issued_by", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["issued_by"], ["handling.account.id"], name=op.f("fk_bulletin_issued_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletin")),
        sa.UniqueConstraint("number", name=op.f("uq_bulletin_number")),
        schema="handling",
    )
    op.create_table(
        "group_bot",
        sa.Column("org_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('dingtalk','wecom')", name=op.f("ck_group_bot_kind")),
        sa.ForeignKeyConstraint(["entered_by"], ["handling.account.id"], name=op.f("fk_group_bot_entered_by")),
        sa.ForeignKeyConstraint(["org_id"], ["handling.org.id"], name=op.f("fk_group_bot_org_id")),
        sa.PrimaryKeyConstraint("org_id", name=op.f("pk_group_bot")),
        schema="handling",
    )
    op.create_table(
        "handover",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("org_id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("tasks", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("to_id <> from_id", name=op.f("ck_handover_somebody_else")),
        sa.ForeignKeyConstraint(["from_id"], ["handling.account.id"], name=op.f("fk_handover_from_id")),
        sa.ForeignKeyConstraint(["made_by"], ["handling.account.id"], name=op.f("fk_handover_made_by")),
        sa.ForeignKeyConstraint(["org_id"], ["handling.org.id"], name=op.f("fk_handover_org_id")),
        sa.ForeignKeyConstraint(["to_id"], ["handling.account.id"], name=op.f("fk_handover_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
        schema="handling",
    )
    op.create_index(op.f("ix_handover_org_id"), "handover", ["org_id"], unique=False, schema="handling")
    op.create_table(
        "leader_assignment",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("org_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("portfolio", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("line in ('party','government')", name=op.f("ck_leader_assignment_line")),
        sa.CheckConstraint("to_on is null or to_on >= from_on", name=op.f("ck_leader_assignment_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["account_id"], ["handling.account.id"], name=op.f("fk_leader_assignment_account_id")),
        sa.ForeignKeyConstraint(["ended_by"], ["handling.account.id"], name=op.f("fk_leader_assignment_ended_by")),
        sa.ForeignKeyConstraint(["entered_by"], ["handling.account.id"], name=op.f("fk_leader_assignment_entered_by")),
        sa.ForeignKeyConstraint(["org_id"], ["handling.org.id"], name=op.f("fk_leader_assignment_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leader_assignment")),
        schema="handling",
    )
    op.create_index(
        "uq_leader_assignment_current",
        "leader_assignment",
        ["org_id", "portfolio"],
        unique=True,
        schema="handling",
        postgresql_where=sa.text("to_on is null"),
    )
    op.create_table(
        "mail_address",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["handling.account.id"], name=op.f("fk_mail_address_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_mail_address")),
        schema="handling",
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("channel in ('email','bot','push')", name=op.f("ck_delivery_channel")),
        sa.ForeignKeyConstraint(["notice_id"], ["handling.notice.id"], name=op.f("fk_delivery_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("notice_id", "channel", name=op.f("uq_delivery_notice_id_channel")),
        schema="handling",
    )
    op.create_table(
        "bulletin_entry",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Integer(), nullable=False),
        sa.Column("clock_id", sa.Integer(), nullable=True),
        sa.Column("leaders", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("bulletin_id", sa.Uuid(), nullable=True),
        sa.Column("struck_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("struck_by", sa.Integer(), nullable=True),
        sa.Column("struck_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(struck_at is null) or bulletin_id is null", name=op.f("ck_bulletin_entry_struck_is_not_issued")
        ),
        sa.ForeignKeyConstraint(["bulletin_id"], ["handling.bulletin.id"], name=op.f("fk_bulletin_entry_bulletin_id")),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_bulletin_entry_case_id")),
        sa.ForeignKeyConstraint(["clock_id"], ["handling.clock.id"], name=op.f("fk_bulletin_entry_clock_id")),
        sa.ForeignKeyConstraint(["org_id"], ["handling.org.id"], name=op.f("fk_bulletin_entry_org_id")),
        sa.ForeignKeyConstraint(["struck_by"], ["handling.account.id"], name=op.f("fk_bulletin_entry_struck_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletin_entry")),
        schema="handling",
    )
    op.create_index(
        "uq_bulletin_entry_open",
        "bulletin_entry",
        ["case_id", "org_id"],
        unique=True,
        schema="handling",
        postgresql_where=sa.text("bulletin_id is null and struck_at is null"),
    )
    op.create_table(
        "escalation",
        sa.Column("clock_id", sa.Integer(), nullable=False),
        sa.Column("rung", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fired_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leaders", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_escalation_case_id")),
        sa.ForeignKeyConstraint(["clock_id"], ["handling.clock.id"], name=op.f("fk_escalation_clock_id")),
        sa.PrimaryKeyConstraint("clock_id", "rung", name=op.f("pk_escalation")),
        schema="handling",
    )
    op.create_index("ix_escalation_case_id", "escalation", ["case_id"], unique=False, schema="handling")
    op.create_table(
        "listing_candidate",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("clock_id", sa.Integer(), nullable=True),
        sa.Column("leaders", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.CheckConstraint("state in ('open','taken','dropped')", name=op.f("ck_listing_candidate_state")),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_listing_candidate_case_id")),
        sa.ForeignKeyConstraint(["clock_id"], ["handling.clock.id"], name=op.f("fk_listing_candidate_clock_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_candidate")),
        schema="handling",
    )
    op.create_index(
        "uq_listing_candidate_open",
        "listing_candidate",
        ["case_id"],
        unique=True,
        schema="handling",
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "urge_order",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("clock_id", sa.Integer(), nullable=True),
        sa.Column("org_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="issued", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("issued_by", sa.Integer(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reply_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("overdue_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "level in ('reminder', 'urge_order', 'interview', 'notify_all')", name=op.f("ck_urge_order_level")
        ),
        sa.CheckConstraint(
            "state in ('issued', 'replied', 'accepted', 'rejected', 'withdrawn')", name=op.f("ck_urge_order_state")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_urge_order_case_id")),
        sa.ForeignKeyConstraint(["clock_id"], ["handling.clock.id"], name=op.f("fk_urge_order_clock_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["handling.account.id"], name=op.f("fk_urge_order_decided_by")),
        sa.ForeignKeyConstraint(["issued_by"], ["handling.account.id"], name=op.f("fk_urge_order_issued_by")),
        sa.ForeignKeyConstraint(["org_id"], ["handling.org.id"], name=op.f("fk_urge_order_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_urge_order")),
        sa.UniqueConstraint("number", name=op.f("uq_urge_order_number")),
        schema="handling",
    )
    op.create_index("ix_urge_order_case_id", "urge_order", ["case_id"], unique=False, schema="handling")
    op.create_index(
        "ix_urge_order_open",
        "urge_order",
        ["org_id", "reply_due_at"],
        unique=False,
        schema="handling",
        postgresql_where=sa.text("state = 'issued'"),
    )
    op.create_table(
        "interview",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("org_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="planned", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("planned_by", sa.Integer(), nullable=True),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_by", sa.Integer(), nullable=True),
        sa.Column("attendees", sa.Text(), server_default="", nullable=False),
        sa.Column("commitments", sa.Text(), server_default="", nullable=False),
        sa.Column("commitments_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind in ('talk','interview')", name=op.f("ck_interview_kind")),
        sa.CheckConstraint(
            "state <> 'held' or (attendees <> '' and commitments <> '')", name=op.f("ck_interview_held_has_record")
        ),
        sa.CheckConstraint("state in ('planned','held','dropped')", name=op.f("ck_interview_state")),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_interview_case_id")),
        sa.ForeignKeyConstraint(["held_by"], ["handling.account.id"], name=op.f("fk_interview_held_by")),
        sa.ForeignKeyConstraint(["order_id"], ["handling.urge_order.id"], name=op.f("fk_interview_order_id")),
        sa.ForeignKeyConstraint(["org_id"], ["handling.org.id"], name=op.f("fk_interview_org_id")),
        sa.ForeignKeyConstraint(["planned_by"], ["handling.account.id"], name=op.f("fk_interview_planned_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview")),
        schema="handling",
    )
    op.create_index("ix_interview_case_id", "interview", ["case_id"], unique=False, schema="handling")
    op.create_table(
        "urge_reply",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("replied_by", sa.Integer(), nullable=False),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_urge_reply_case_id")),
        sa.ForeignKeyConstraint(["order_id"], ["handling.urge_order.id"], name=op.f("fk_urge_reply_order_id")),
        sa.ForeignKeyConstraint(["replied_by"], ["handling.account.id"], name=op.f("fk_urge_reply_replied_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_urge_reply")),
        sa.UniqueConstraint("order_id", name=op.f("uq_urge_reply_order_id")),
        schema="handling",
    )
    op.create_index("ix_urge_reply_case_id", "urge_reply", ["case_id"], unique=False, schema="handling")
    op.add_column("clock", sa.Column("ladder_at", sa.DateTime(timezone=True), nullable=True), schema="handling")
    op.create_index(
        "ix_clock_ladder",
        "clock",
        ["ladder_at"],
        unique=False,
        schema="handling",
        postgresql_where=sa.text("stopped_at is null"),
    )
    op.add_column("notice", sa.Column("account_id", sa.Integer(), nullable=True), schema="handling")
    op.create_index(op.f("ix_notice_case_id"), "notice", ["case_id"], unique=False, schema="handling")
    op.create_foreign_key(
        op.f("fk_notice_account_id"),
        "notice",
        "account",
        ["account_id"],
        ["id"],
        source_schema="handling",
        referent_schema="handling",
    )
    op.add_column("task", sa.Column("yellow_at", sa.DateTime(timezone=True), nullable=True), schema="handling")

    rights()
    _look_again_when_a_deadline_moves()


def rights() -> None:
    every, readers = ", ".join(HANDLERS), ", ".join(READERS)
    tables = ", ".join(f"handling.{name}" for name in OF_A_CASE)
    op.execute(f"grant select, insert, update on {tables} to {every}, jz_worker")
    op.execute(f"grant select on {tables}, handling.notice to jz_discipline")
    op.execute(f"grant select, insert, update on handling.absence, handling.handover to {every}, jz_worker")
    op.execute("grant select on handling.absence, handling.handover to jz_discipline")
    op.execute(f"grant select on handling.leader_assignment, handling.bulletin to {readers}, jz_worker")
    op.execute("grant insert, update on handling.leader_assignment, handling.bulletin to jz_district")
    op.execute("grant select, insert, update on handling.mail_address to jz_worker")
    op.execute(f"grant select, insert, update on handling.mail_address to {every}")
    op.execute("grant select, insert, update on handling.group_bot to jz_district, jz_worker")
    op.execute("grant select, insert, update on handling.delivery to jz_worker")
    op.execute("grant select on handling.delivery to jz_district, jz_discipline")
    op.execute("grant select on handling.account_role to jz_worker")
    op.execute(f"grant usage on all sequences in schema handling to {every}, jz_worker")
    for table in OF_A_CASE:
        _policies(table)


def _policies(table: str) -> None:
    mine = f'exists (select from handling."case" c where c.id = {table}.case_id)'
    op.execute(f"alter table handling.{table} enable row level security")
    for role in ("jz_town", "jz_department"):
        op.execute(f"create policy {role} on handling.{table} to {role} using ({mine})")
    for role in ("jz_district", "jz_worker"):
        op.execute(f"create policy {role} on handling.{table} to {role} using (true)")
    op.execute(f"create policy jz_discipline on handling.{table} for select to jz_discipline using (true)")


def _look_again_when_a_deadline_moves() -> None:
    """Whoever moves a deadline (an extension, a hold, a new calendar) need not remember the ladder."""
    op.execute(
        """create function handling.look_again() returns trigger language plpgsql as
        $$ begin new.ladder_at := null; return new; end $$"""
    )
    op.execute(
        """create trigger clock_moved before update of due_at on handling.clock for each row
        when (old.due_at is distinct from new.due_at) execute function handling.look_again()"""
    )


def downgrade() -> None:
    op.execute("drop trigger clock_moved on handling.clock")
    op.execute("drop function handling.look_again()")
    op.execute("revoke select on handling.account_role from jz_worker")
    op.drop_column("task", "yellow_at", schema="handling")
    op.drop_constraint(op.f("fk_notice_account_id"), "notice", schema="handling", type_="foreignkey")
    op.drop_index(op.f("ix_notice_case_id"), table_name="notice", schema="handling")
    op.drop_column("notice", "account_id", schema="handling")
    op.drop_index(
        "ix_clock_ladder", table_name="clock", schema="handling", postgresql_where=sa.text("stopped_at is null")
    )
    op.drop_column("clock", "ladder_at", schema="handling")
    op.drop_index("ix_urge_reply_case_id", table_name="urge_reply", schema="handling")
    op.drop_table("urge_reply", schema="handling")
    op.drop_index("ix_interview_case_id", table_name="interview", schema="handling")
    op.drop_table("interview", schema="handling")
    op.drop_index(
        "ix_urge_order_open", table_name="urge_order", schema="handling", postgresql_where=sa.text("state = 'issued'")
    )
    op.drop_index("ix_urge_order_case_id", table_name="urge_order", schema="handling")
    op.drop_table("urge_order", schema="handling")
    op.drop_index(
        "uq_listing_candidate_open",
        table_name="listing_candidate",
        schema="handling",
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_table("listing_candidate", schema="handling")
    op.drop_index("ix_escalation_case_id", table_name="escalation", schema="handling")
    op.drop_table("escalation", schema="handling")
    op.drop_index(
        "uq_bulletin_entry_open",
        table_name="bulletin_entry",
        schema="handling",
        postgresql_where=sa.text("bulletin_id is null and struck_at is null"),
    )
    op.drop_table("bulletin_entry", schema="handling")
    op.drop_table("delivery", schema="handling")
    op.drop_table("mail_address", schema="handling")
    op.drop_index(
        "uq_leader_assignment_current",
        table_name="leader_assignment",
        schema="handling",
        postgresql_where=sa.text("to_on is null"),
    )
    op.drop_table("leader_assignment", schema="handling")
    op.drop_index(op.f("ix_handover_org_id"), table_name="handover", schema="handling")
    op.drop_table("handover", schema="handling")
    op.drop_table("group_bot", schema="handling")
    op.drop_table("bulletin", schema="handling")
    op.drop_index(op.f("ix_absence_org_id"), table_name="absence", schema="handling")
    op.drop_index(
        "ix_absence_account_id",
        table_name="absence",
        schema="handling",
        postgresql_where=sa.text("cancelled_at is null"),
    )
    op.drop_table("absence", schema="handling")
