"""Exposures that appear together (M83), under one title and number. What was published before was in no batch."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0094"
down_revision = "0093"


def upgrade() -> None:
    op.create_table(
        "exposure_batch",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("issue_no", sa.Text(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state in ('published', 'called_back')", name=op.f("ck_exposure_batch_state")),
        sa.ForeignKeyConstraint(["published_by"], ["handling.account.id"], name=op.f("fk_exposure_batch_published_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exposure_batch")),
        sa.UniqueConstraint("issue_no", name=op.f("uq_exposure_batch_issue_no")),
        schema="handling",
    )
    op.execute("grant select, insert, update on handling.exposure_batch to jz_district")
    op.execute("grant select on handling.exposure_batch to jz_worker")
    op.add_column("exposure", sa.Column("batch_id", sa.Uuid(), nullable=True), schema="handling")
    op.create_foreign_key(
        op.f("fk_exposure_batch_id"), "exposure", "exposure_batch", ["batch_id"], ["id"],
        source_schema="handling", referent_schema="handling",
    )  # fmt: skip
    op.create_index(
        "ix_exposure_batch_id", "exposure", ["batch_id"], schema="handling",
        postgresql_where=sa.text("batch_id is not null"),
    )  # fmt: skip
    op.add_column("exposure", sa.Column("batch", postgresql.JSONB(), nullable=True), schema="record")


def downgrade() -> None:
    op.drop_column("exposure", "batch", schema="record")
    op.drop_column("exposure", "batch_id", schema="handling")
    op.drop_table("exposure_batch", schema="handling")
