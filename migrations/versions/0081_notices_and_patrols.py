"""Which posted notice brought a report (M18), and what officers find on patrol until it is a case (T1, M22).

What came before says of no notice, and whatever towns found was a report until now, and stays one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0081"
down_revision = "0080"

STATES = "state in ('sent', 'waiting', 'opened', 'dismissed')"
OWN = "org_id = nullif(current_setting('jz.org', true), '')::int"


def upgrade() -> None:
    op.add_column("report", sa.Column("notice_code", sa.Text(), nullable=True), schema="intake")
    op.create_index(
        "ix_report_notice_code", "report", ["notice_code"], schema="intake",
        postgresql_where=sa.text("notice_code is not null"),
    )  # fmt: skip
    _findings()
    op.create_index("ix_patrol_finding_org", "patrol_finding", ["org_id", "found_at", "id"], schema="handling")
    op.create_index(
        "ix_patrol_finding_waiting", "patrol_finding", ["found_at", "id"], schema="handling",
        postgresql_where=sa.text("state = 'waiting'"),
    )  # fmt: skip
    op.execute("grant select, insert on handling.patrol_finding to jz_town")
    op.execute("grant select, update on handling.patrol_finding to jz_district, jz_worker")
    op.execute("grant select on handling.patrol_finding to jz_discipline")
    op.execute("alter table handling.patrol_finding enable row level security")
    op.execute(f"create policy jz_town on handling.patrol_finding to jz_town using ({OWN})")
    for role in ("jz_district", "jz_worker"):
        op.execute(f"create policy {role} on handling.patrol_finding to {role} using (true)")
    op.execute("create policy jz_discipline on handling.patrol_finding for select to jz_discipline using (true)")


def _findings() -> None:
    op.create_table(
        "patrol_finding",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("org_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("category_code", sa.Text(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("crs", sa.Text(), nullable=False),
        sa.Column("accuracy_m", sa.Float(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("apart", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), server_default="sent", nullable=False),
        sa.Column("waits_for", sa.Text(), nullable=True),
        sa.Column("opened_case_id", sa.Uuid(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(STATES, name=op.f("ck_patrol_finding_state")),
        sa.CheckConstraint("(state = 'opened') = (opened_case_id is not null)", name=op.f("ck_patrol_finding_opened")),
        sa.CheckConstraint(
            "state <> 'dismissed' or (decided_by is not null and note <> '')", name=op.f("ck_patrol_finding_dismissed")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["handling.org.id"], name=op.f("fk_patrol_finding_org_id")),
        sa.ForeignKeyConstraint(["account_id"], ["handling.account.id"], name=op.f("fk_patrol_finding_account_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["handling.account.id"], name=op.f("fk_patrol_finding_decided_by")),
        sa.ForeignKeyConstraint(
            ["category_code"], ["handling.category.code"], name=op.f("fk_patrol_finding_category_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patrol_finding")),
        sa.UniqueConstraint("account_id", "client_id", name=op.f("uq_patrol_finding_account_id_client_id")),
        schema="handling",
    )


def downgrade() -> None:
    # What still waits for the desk has no form in the older one: whoever goes back decides it before.
    op.drop_table("patrol_finding", schema="handling")
    op.drop_column("report", "notice_code", schema="intake")
