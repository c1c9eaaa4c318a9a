"""What the desk finds: emergencies under question that are late (R3, X33), and reports that name the same (C3).

Reports under question that are late by this have their turn with the next sweep. What came before names nothing here,
and is proposed by its place alone, as it was: after the days within which cases are merged nobody misses it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0080"
down_revision = "0079"


def upgrade() -> None:
    _index("state in ('in_review','need_more')")
    op.create_table(
        "named",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.CheckConstraint("kind in ('plate','uscc')", name=op.f("ck_named_kind")),
        sa.ForeignKeyConstraint(["report_id"], ["intake.report.id"], name=op.f("fk_named_report_id")),
        sa.PrimaryKeyConstraint("report_id", "kind", "value", name=op.f("pk_named")),
        schema="intake",
    )
    op.create_index("ix_named_value", "named", ["value", "kind"], schema="intake")
    op.execute("grant insert on intake.named to jz_intake")
    op.execute("grant select, insert, delete on intake.named to jz_worker")
    op.execute("grant select on intake.named to jz_district")


def downgrade() -> None:
    op.drop_table("named", schema="intake")
    _index("state = 'in_review'")


def _index(where: str) -> None:
    op.drop_index("ix_report_accept", "report", schema="intake")
    op.create_index("ix_report_accept", "report", ["accept_due_at"], schema="intake", postgresql_where=sa.text(where))
