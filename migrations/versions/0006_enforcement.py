"""Measures, penalties, delegations, referrals, criminal transfers, joint operations, tags; clocks of things beside a case.

Whoever handles a case sees its rows as with every other table of a case. The register of delegations and the catalogue
of powers are read by everybody inside; who takes part in an operation is asked in the domain.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"

OF_A_CASE = (
    "measure", "measure_review", "penalty", "referral", "criminal_transfer", "operation_case", "case_tag",
)  # fmt: skip
OF_OPERATIONS = ("operation", "operation_member", "operation_record")
HANDLERS = ("jz_town", "jz_department", "jz_district")


def upgrade() -> None:
    op.create_table(
        "measure_type",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("nature", sa.Text(), nullable=False),
        sa.Column("organ_kinds", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("delegable", sa.Boolean(), nullable=False),
        sa.Column("term_amount", sa.Integer(), nullable=True),
        sa.Column("term_unit", sa.Text(), nullable=True),
        sa.Column("renewal", sa.Text(), nullable=False),
        sa.Column("needs_acceptance", sa.Boolean(), nullable=False),
        sa.Column("needs_decision", sa.Boolean(), nullable=False),
        sa.Column("stops_business", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.CheckConstraint("nature in ('measure','penalty','both')", name=op.f("ck_measure_type_nature")),
        sa.CheckConstraint("renewal in ('no','once','while_hazard')", name=op.f("ck_measure_type_renewal")),
        sa.CheckConstraint(
            "term_unit in ('clock_min', 'clock_h', 'work_h', 'work_d', 'cal_d')", name=op.f("ck_measure_type_term_unit")
        ),
        sa.CheckConstraint(
            "(term_amount is null) = (term_unit is null) and term_amount > 0", name=op.f("ck_measure_type_term")
        ),
        sa.CheckConstraint("version > 0", name=op.f("ck_measure_type_version")),
        sa.PrimaryKeyConstraint("code", "version", name=op.f("pk_measure_type")),
        schema="handling",
    )
    op.create_table(
        "case_tag",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("tagged_by", sa.Integer(), nullable=False),
        sa.Column("tagged_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_case_tag_case_id")),
        sa.ForeignKeyConstraint(["tagged_by"], ["handling.account.id"], name=op.f("fk_case_tag_tagged_by")),
        sa.PrimaryKeyConstraint("case_id", "code", name=op.f("pk_case_tag")),
        schema="handling",
    )
    op.create_table(
        "criminal_transfer",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("suspicion", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("officer_ids", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reported_by", sa.Integer(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=True),
        sa.Column("police_org_id", sa.Integer(), nullable=True),
        sa.Column(
            "materials", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("slip", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state <> 'accepted' or slip is not null", name=op.f("ck_criminal_transfer_has_slip")),
        sa.CheckConstraint(
            "state in ('reported', 'approved', 'rejected', 'sent', 'accepted', 'not_filed')",
            name=op.f("ck_criminal_transfer_state"),
        ),
        sa.CheckConstraint("decided_by <> reported_by", name=op.f("ck_criminal_transfer_two_people")),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_criminal_transfer_case_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["handling.account.id"], name=op.f("fk_criminal_transfer_decided_by")),
        sa.ForeignKeyConstraint(["org_id"], ["handling.org.id"], name=op.f("fk_criminal_transfer_org_id")),
        sa.ForeignKeyConstraint(
            ["police_org_id"], ["handling.org.id"], name=op.f("fk_criminal_transfer_police_org_id")
        ),
        sa.ForeignKeyConstraint(
            ["reported_by"], ["handling.account.id"], name=op.f("fk_criminal_transfer_reported_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criminal_transfer")),
        schema="handling",
    )
    op.create_index("ix_criminal_transfer_case_id", "criminal_transfer", ["case_id"], unique=False, schema="handling")
    op.create_table(
        "delegation",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("from_org_id", sa.Integer(), nullable=False),
        sa.Column("to_org_id", sa.Integer(), nullable=False),
        sa.Column("items", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("published", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("registered_by", sa.Integer(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("kind in ('conferred','entrusted')", name=op.f("ck_delegation_kind")),
        sa.CheckConstraint("cardinality(items) > 0", name=op.f("ck_delegation_has_items")),
        sa.CheckConstraint("from_org_id <> to_org_id", name=op.f("ck_delegation_two_bodies")),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_delegation_term")),
        sa.ForeignKeyConstraint(["ended_by"], ["handling.account.id"], name=op.f("fk_delegation_ended_by")),
        sa.ForeignKeyConstraint(["from_org_id"], ["handling.org.id"], name=op.f("fk_delegation_from_org_id")),
        sa.ForeignKeyConstraint(["registered_by"], ["handling.account.id"], name=op.f("fk_delegation_registered_by")),
        sa.ForeignKeyConstraint(["to_org_id"], ["handling.org.id"], name=op.f("fk_delegation_to_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
        schema="handling",
    )
    op.create_index("ix_delegation_to", "delegation", ["to_org_id", "valid_to"], unique=False, schema="handling")
    op.create_table(
        "operation",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("lead_org_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("planned_by", sa.Integer(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.CheckConstraint("state in ('planned', 'running', 'closed')", name=op.f("ck_operation_state")),
        sa.CheckConstraint("ends_on >= begins_on", name=op.f("ck_operation_days")),
        sa.ForeignKeyConstraint(["lead_org_id"], ["handling.org.id"], name=op.f("fk_operation_lead_org_id")),
        sa.ForeignKeyConstraint(["planned_by"], ["handling.account.id"], name=op.f("fk_operation_planned_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operation")),
        schema="handling",
    )
    op.create_table(
        "measure",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Integer(), nullable=False),
        sa.Column("delegation_id", sa.Uuid(), nullable=True),
        sa.Column("type_code", sa.Text(), nullable=False),
        sa.Column("type_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("reasoning", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("decision_ref", sa.Text(), nullable=True),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approval_note", sa.Text(), nullable=True),
        sa.Column(
            "officer_ids",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("original_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extensions", sa.Integer(), server_default="0", nullable=False),
        sa.Column("breached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lift_requested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lift_request", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("end_note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state in ('proposed', 'approved', 'in_force', 'extended', 'lift_requested', 'lifted', 'expired', 'replaced', 'dropped')",
            name=op.f("ck_measure_state"),
        ),
        sa.CheckConstraint(
            "state not in ('in_force', 'extended', 'lift_requested') or (owner_id is not null and begins_at is not null)",
            name=op.f("ck_measure_owned"),
        ),
        sa.ForeignKeyConstraint(["approved_by"], ["handling.account.id"], name=op.f("fk_measure_approved_by")),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_measure_case_id")),
        sa.ForeignKeyConstraint(["delegation_id"], ["handling.delegation.id"], name=op.f("fk_measure_delegation_id")),
        sa.ForeignKeyConstraint(["ended_by"], ["handling.account.id"], name=op.f("fk_measure_ended_by")),
        sa.ForeignKeyConstraint(["org_id"], ["handling.org.id"], name=op.f("fk_measure_org_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["handling.account.id"], name=op.f("fk_measure_owner_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["handling.account.id"], name=op.f("fk_measure_proposed_by")),
        sa.ForeignKeyConstraint(["replaces_id"], ["handling.measure.id"], name=op.f("fk_measure_replaces_id")),
        sa.ForeignKeyConstraint(
            ["type_code", "type_version"],
            ["handling.measure_type.code", "handling.measure_type.version"],
            name=op.f("fk_measure_type_code_type_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure")),
        schema="handling",
    )
    op.create_index("ix_measure_case_id", "measure", ["case_id"], unique=False, schema="handling")
    op.create_index(
        "ix_measure_ends",
        "measure",
        ["ends_at"],
        unique=False,
        schema="handling",
        postgresql_where=sa.text("state in ('in_force','extended')"),
    )
    op.create_table(
        "operation_case",
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["handling.account.id"], name=op.f("fk_operation_case_added_by")),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_operation_case_case_id")),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["handling.operation.id"], name=op.f("fk_operation_case_operation_id")
        ),
        sa.PrimaryKeyConstraint("operation_id", "case_id", name=op.f("pk_operation_case")),
        schema="handling",
    )
    op.create_index("ix_operation_case_case_id", "operation_case", ["case_id"], unique=False, schema="handling")
    op.create_table(
        "operation_member",
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Integer(), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.Integer(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("result_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["acknowledged_by"], ["handling.account.id"], name=op.f("fk_operation_member_acknowledged_by")
        ),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["handling.operation.id"], name=op.f("fk_operation_member_operation_id")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["handling.org.id"], name=op.f("fk_operation_member_org_id")),
        sa.ForeignKeyConstraint(["result_by"], ["handling.account.id"], name=op.f("fk_operation_member_result_by")),
        sa.PrimaryKeyConstraint("operation_id", "org_id", name=op.f("pk_operation_member")),
        schema="handling",
    )
    op.create_index("ix_operation_member_org", "operation_member", ["org_id"], unique=False, schema="handling")
    op.create_table(
        "operation_record",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["handling.operation.id"], name=op.f("fk_operation_record_operation_id")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["handling.org.id"], name=op.f("fk_operation_record_org_id")),
        sa.ForeignKeyConstraint(["written_by"], ["handling.account.id"], name=op.f("fk_operation_record_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operation_record")),
        schema="handling",
    )
    op.create_index(
        "ix_operation_record_operation", "operation_record", ["operation_id", "id"], unique=False, schema="handling"
    )
    op.create_table(
        "penalty",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Integer(), nullable=False),
        sa.Column("delegation_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("party_kind", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("officer_ids", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("filed_by", sa.Integer(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("findings", sa.Text(), nullable=True),
        sa.Column("qualification", sa.Text(), nullable=True),
        sa.Column("investigated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notice", sa.Text(), nullable=True),
        sa.Column("notified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("defence", sa.Text(), nullable=True),
        sa.Column("hearing_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hearing_record", sa.Text(), nullable=True),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("kinds", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False),
        sa.Column("fine_fen", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("confiscated_fen", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_where", sa.Text(), nullable=True),
        sa.Column("served_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("served_how", sa.Text(), nullable=True),
        sa.Column("executed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("execution", sa.Text(), nullable=True),
        sa.Column("waiver_reason", sa.Text(), nullable=True),
        sa.Column("waiver_conditions", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("waiver_text", sa.Text(), nullable=True),
        sa.Column("education", sa.Text(), nullable=True),
        sa.Column("waived_by", sa.Integer(), nullable=True),
        sa.Column("waived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_note", sa.Text(), nullable=True),
        sa.Column("revoked_by", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoke_reason", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("party_kind in ('unit','person')", name=op.f("ck_penalty_party_kind")),
        sa.CheckConstraint(
            "state in ('filed', 'investigated', 'notified', 'hearing', 'decided', 'served', 'executed', 'not_penalised', 'revoked')",
            name=op.f("ck_penalty_state"),
        ),
        sa.CheckConstraint(
            "state not in ('decided', 'served', 'executed') or (number is not null and decided_at is not null and cardinality(kinds) > 0)",
            name=op.f("ck_penalty_decision_is_whole"),
        ),
        sa.CheckConstraint("fine_fen >= 0 and confiscated_fen >= 0", name=op.f("ck_penalty_money")),
        sa.CheckConstraint("reviewed_by <> waived_by", name=op.f("ck_penalty_two_people")),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_penalty_case_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["handling.account.id"], name=op.f("fk_penalty_decided_by")),
        sa.ForeignKeyConstraint(["delegation_id"], ["handling.delegation.id"], name=op.f("fk_penalty_delegation_id")),
        sa.ForeignKeyConstraint(["filed_by"], ["handling.account.id"], name=op.f("fk_penalty_filed_by")),
        sa.ForeignKeyConstraint(["org_id"], ["handling.org.id"], name=op.f("fk_penalty_org_id")),
        sa.ForeignKeyConstraint(["reviewed_by"], ["handling.account.id"], name=op.f("fk_penalty_reviewed_by")),
        sa.ForeignKeyConstraint(["revoked_by"], ["handling.account.id"], name=op.f("fk_penalty_revoked_by")),
        sa.ForeignKeyConstraint(["waived_by"], ["handling.account.id"], name=op.f("fk_penalty_waived_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_penalty")),
        sa.UniqueConstraint("org_id", "number", name=op.f("uq_penalty_org_id_number")),
        schema="handling",
    )
    op.create_index("ix_penalty_case_id", "penalty", ["case_id"], unique=False, schema="handling")
    op.create_table(
        "referral",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("from_org_id", sa.Integer(), nullable=False),
        sa.Column("to_org_id", sa.Integer(), nullable=True),
        sa.Column("to_external", sa.Text(), nullable=True),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("from_state", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("materials", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sent_by", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by", sa.Integer(), nullable=True),
        sa.Column("slip", sa.Text(), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settlement", sa.Text(), nullable=True),
        sa.Column("tracked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("result_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("scope in ('case','penalty')", name=op.f("ck_referral_scope")),
        sa.CheckConstraint(
            "state in ('sent', 'accepted', 'refused', 'answered', 'returned', 'external')",
            name=op.f("ck_referral_state"),
        ),
        sa.CheckConstraint("(to_org_id is null) <> (to_external is null)", name=op.f("ck_referral_one_receiver")),
        sa.CheckConstraint("jsonb_array_length(materials) > 0", name=op.f("ck_referral_has_materials")),
        sa.ForeignKeyConstraint(["accepted_by"], ["handling.account.id"], name=op.f("fk_referral_accepted_by")),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_referral_case_id")),
        sa.ForeignKeyConstraint(["from_org_id"], ["handling.org.id"], name=op.f("fk_referral_from_org_id")),
        sa.ForeignKeyConstraint(["sent_by"], ["handling.account.id"], name=op.f("fk_referral_sent_by")),
        sa.ForeignKeyConstraint(["task_id"], ["handling.task.id"], name=op.f("fk_referral_task_id")),
        sa.ForeignKeyConstraint(["to_org_id"], ["handling.org.id"], name=op.f("fk_referral_to_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
        sa.UniqueConstraint("number", name=op.f("uq_referral_number")),
        schema="handling",
    )
    op.create_index(
        "ix_referral_awaited",
        "referral",
        ["from_org_id"],
        unique=False,
        schema="handling",
        postgresql_where=sa.text("state in ('sent', 'accepted', 'refused', 'external')"),
    )
    op.create_index("ix_referral_case_id", "referral", ["case_id"], unique=False, schema="handling")
    op.create_table(
        "measure_review",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("measure_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Integer(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("findings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("signed_by", sa.Integer(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("result in ('pass','fail')", name=op.f("ck_measure_review_result")),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_measure_review_case_id")),
        sa.ForeignKeyConstraint(["measure_id"], ["handling.measure.id"], name=op.f("fk_measure_review_measure_id")),
        sa.ForeignKeyConstraint(["org_id"], ["handling.org.id"], name=op.f("fk_measure_review_org_id")),
        sa.ForeignKeyConstraint(["signed_by"], ["handling.account.id"], name=op.f("fk_measure_review_signed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_review")),
        schema="handling",
    )
    op.create_index("ix_measure_review_case_id", "measure_review", ["case_id"], unique=False, schema="handling")
    op.add_column("clock", sa.Column("about_id", sa.Uuid(), nullable=True), schema="handling")
    op.add_column("clock", sa.Column("org_id", sa.Integer(), nullable=True), schema="handling")
    op.drop_index(
        op.f("uq_clock_running"),
        table_name="clock",
        schema="handling",
        postgresql_where="(stopped_at IS NULL)",
        postgresql_nulls_not_distinct=True,
    )
    op.create_index(
        "uq_clock_running",
        "clock",
        ["case_id", "kind", "task_id", "about_id"],
        unique=True,
        schema="handling",
        postgresql_where=sa.text("stopped_at is null"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_foreign_key(
        op.f("fk_clock_org_id"),
        "clock",
        "org",
        ["org_id"],
        ["id"],
        source_schema="handling",
        referent_schema="handling",
    )
    rights()


def rights() -> None:
    handlers = ", ".join(HANDLERS)
    tables = ", ".join(f"handling.{name}" for name in (*OF_A_CASE, *OF_OPERATIONS))
    op.execute(f"grant select, insert, update on {tables} to {handlers}, jz_worker")
    op.execute(f"grant select on {tables} to jz_discipline")
    op.execute(f"grant select on handling.measure_type, handling.delegation to {handlers}, jz_discipline, jz_worker")
    op.execute("grant insert, update on handling.delegation to jz_district")
    op.execute(f"grant usage on all sequences in schema handling to {handlers}, jz_worker")
    for table in OF_A_CASE:
        mine = f'exists (select from handling."case" c where c.id = {table}.case_id)'
        op.execute(f"alter table handling.{table} enable row level security")
        for role in ("jz_town", "jz_department"):
            op.execute(f"create policy {role} on handling.{table} to {role} using ({mine})")
        for role in ("jz_district", "jz_worker"):
            op.execute(f"create policy {role} on handling.{table} to {role} using (true)")
        op.execute(f"create policy jz_discipline on handling.{table} for select to jz_discipline using (true)")


def downgrade() -> None:
    # A narrower index can be made only over the clocks of the cases themselves.
    op.execute("update handling.clock set stopped_at = coalesce(stopped_at, started_at) where about_id is not null")
    op.drop_constraint(op.f("fk_clock_org_id"), "clock", schema="handling", type_="foreignkey")
    op.drop_index(
        "uq_clock_running",
        table_name="clock",
        schema="handling",
        postgresql_where=sa.text("stopped_at is null"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_index(
        op.f("uq_clock_running"),
        "clock",
        ["case_id", "kind", "task_id"],
        unique=True,
        schema="handling",
        postgresql_where="(stopped_at IS NULL)",
        postgresql_nulls_not_distinct=True,
    )
    op.drop_column("clock", "org_id", schema="handling")
    op.drop_column("clock", "about_id", schema="handling")
    op.drop_index("ix_measure_review_case_id", table_name="measure_review", schema="handling")
    op.drop_table("measure_review", schema="handling")
    op.drop_index("ix_referral_case_id", table_name="referral", schema="handling")
    op.drop_index(
        "ix_referral_awaited",
        table_name="referral",
        schema="handling",
        postgresql_where=sa.text("state in ('sent', 'accepted', 'refused', 'external')"),
    )
    op.drop_table("referral", schema="handling")
    op.drop_index("ix_penalty_case_id", table_name="penalty", schema="handling")
    op.drop_table("penalty", schema="handling")
    op.drop_index("ix_operation_record_operation", table_name="operation_record", schema="handling")
    op.drop_table("operation_record", schema="handling")
    op.drop_index("ix_operation_member_org", table_name="operation_member", schema="handling")
    op.drop_table("operation_member", schema="handling")
    op.drop_index("ix_operation_case_case_id", table_name="operation_case", schema="handling")
    op.drop_table("operation_case", schema="handling")
    op.drop_index(
        "ix_measure_ends",
        table_name="measure",
        schema="handling",
        postgresql_where=sa.text("state in ('in_force','extended')"),
    )
    op.drop_index("ix_measure_case_id", table_name="measure", schema="handling")
    op.drop_table("measure", schema="handling")
    op.drop_table("operation", schema="handling")
    op.drop_index("ix_delegation_to", table_name="delegation", schema="handling")
    op.drop_table("delegation", schema="handling")
    op.drop_index("ix_criminal_transfer_case_id", table_name="criminal_transfer", schema="handling")
    op.drop_table("criminal_transfer", schema="handling")
    op.drop_table("case_tag", schema="handling")
    op.drop_table("measure_type", schema="handling")
