"""Joint meetings (M09): minutes that do not change, the bodies that were present, and the tasks that came of them.

Whoever handles a case sees its action items; who had a part in a meeting is asked in the domain.
"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"

MINUTES = ("joint_meeting", "joint_meeting_body")
HANDLERS = ("jz_town", "jz_department", "jz_district")


def upgrade() -> None:
    op.create_table(
        "joint_meeting",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("org_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("decisions", sa.Text(), nullable=False),
        sa.Column("minutes_hash", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["handling.org.id"], name=op.f("fk_joint_meeting_org_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["handling.account.id"], name=op.f("fk_joint_meeting_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joint_meeting")),
        schema="handling",
    )
    op.create_index("ix_joint_meeting_held", "joint_meeting", ["recorded_at", "id"], schema="handling")
    op.create_table(
        "joint_meeting_body",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Integer(), nullable=False),
        sa.Column("signed_by", sa.Integer(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["handling.joint_meeting.id"], name=op.f("fk_joint_meeting_body_meeting_id")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["handling.org.id"], name=op.f("fk_joint_meeting_body_org_id")),
        sa.ForeignKeyConstraint(["signed_by"], ["handling.account.id"], name=op.f("fk_joint_meeting_body_signed_by")),
        sa.PrimaryKeyConstraint("meeting_id", "org_id", name=op.f("pk_joint_meeting_body")),
        schema="handling",
    )
    op.create_index("ix_joint_meeting_body_org_id", "joint_meeting_body", ["org_id"], schema="handling")
    op.create_table(
        "joint_meeting_item",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["handling.task.id"], name=op.f("fk_joint_meeting_item_task_id")),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["handling.joint_meeting.id"], name=op.f("fk_joint_meeting_item_meeting_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_joint_meeting_item_case_id")),
        sa.ForeignKeyConstraint(["org_id"], ["handling.org.id"], name=op.f("fk_joint_meeting_item_org_id")),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_joint_meeting_item")),
        sa.UniqueConstraint("meeting_id", "position", name=op.f("uq_joint_meeting_item_meeting_id_position")),
        schema="handling",
    )
    op.create_index("ix_joint_meeting_item_case_id", "joint_meeting_item", ["case_id"], schema="handling")
    op.create_index("ix_joint_meeting_item_org_id", "joint_meeting_item", ["org_id"], schema="handling")
    rights()


def rights() -> None:
    """Minutes are written once; a body that was present signs in its own row."""
    everybody, tables = ", ".join(HANDLERS), ", ".join(f"handling.{name}" for name in (*MINUTES, "joint_meeting_item"))
    op.execute(f"grant select, insert on {tables} to {everybody}")
    op.execute(f"grant update (signed_by, signed_at) on handling.joint_meeting_body to {everybody}")
    op.execute(f"grant select on {tables} to jz_discipline, jz_worker")
    op.execute("alter table handling.joint_meeting_item enable row level security")
    mine = 'exists (select from handling."case" c where c.id = joint_meeting_item.case_id)'
    for role in ("jz_town", "jz_department"):
        op.execute(f"create policy {role} on handling.joint_meeting_item to {role} using ({mine})")
    op.execute("create policy jz_district on handling.joint_meeting_item to jz_district using (true)")
    for role in ("jz_discipline", "jz_worker"):
        op.execute(f"create policy {role} on handling.joint_meeting_item for select to {role} using (true)")


def downgrade() -> None:
    for table in ("joint_meeting_item", "joint_meeting_body", "joint_meeting"):
        op.drop_table(table, schema="handling")
