"""Corrections of what is published (E9): proposed by one person, made by another, told with a public note.

What was published before has been corrected by nobody.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0092"
down_revision = "0091"

EMPTY = "status not in ('withdrawn', 'expired') or coalesce(title, body, entity_name) is null and "


def upgrade() -> None:
    op.create_table(
        "exposure_correction",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("exposure_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("after", postgresql.JSONB(), nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review", postgresql.JSONB(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state in ('proposed', 'made', 'refused', 'dropped', 'lapsed')", name=op.f("ck_exposure_correction_state")
        ),
        sa.CheckConstraint("reason <> '' and note <> ''", name=op.f("ck_exposure_correction_says_why")),
        sa.CheckConstraint(
            "state not in ('made','refused') or (decided_by is not null and decided_by <> proposed_by)",
            name=op.f("ck_exposure_correction_two_people"),
        ),
        sa.CheckConstraint(
            "(state = 'made') = (before is not null)", name=op.f("ck_exposure_correction_keeps_what_was")
        ),
        sa.ForeignKeyConstraint(
            ["exposure_id"], ["handling.exposure.id"], name=op.f("fk_exposure_correction_exposure_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["handling.account.id"], name=op.f("fk_exposure_correction_proposed_by")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["handling.account.id"], name=op.f("fk_exposure_correction_decided_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exposure_correction")),
        schema="handling",
    )
    op.create_index("ix_exposure_correction_exposure_id", "exposure_correction", ["exposure_id"], schema="handling")
    op.create_index(
        "uq_exposure_correction_waits", "exposure_correction", ["exposure_id"], unique=True, schema="handling",
        postgresql_where=sa.text("state = 'proposed'"),
    )  # fmt: skip
    # Editors alone work with them; the worker ends those whose exposure has expired.
    op.execute("grant select, insert, update on handling.exposure_correction to jz_district")
    op.execute("grant select, update on handling.exposure_correction to jz_worker")
    op.add_column("exposure", sa.Column("corrections", postgresql.JSONB(), nullable=True), schema="record")
    _gone_is_empty(EMPTY + "num_nonnulls(point, corrections) = 0")


def downgrade() -> None:
    _gone_is_empty(EMPTY + "point is null")
    op.drop_column("exposure", "corrections", schema="record")
    op.drop_table("exposure_correction", schema="handling")


def _gone_is_empty(rule: str) -> None:
    name = op.f("ck_exposure_gone_is_empty")
    op.drop_constraint(name, "exposure", schema="record")
    op.create_check_constraint(name, "exposure", rule, schema="record")
