"""What of a citizen's photo is hidden before a handler sees it: proposed by models, confirmed by a person, burnt in."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0034"
down_revision = "0047"

CONFIRMED = "confirmed, confirmed_by, confirmed_at, confirmation"


def upgrade() -> None:
    op.create_table(
        "masking",
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("width", sa.SmallInteger(), nullable=False),
        sa.Column("height", sa.SmallInteger(), nullable=False),
        sa.Column("proposed", postgresql.JSONB(), nullable=True),
        sa.Column("proposed_by", sa.Text(), nullable=True),
        sa.Column("confirmed", postgresql.JSONB(), nullable=True),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmation", sa.Integer(), server_default="0", nullable=False),
        sa.Column("burnt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("large_key", sa.Text(), nullable=True),
        sa.Column("small_key", sa.Text(), nullable=True),
        sa.CheckConstraint("burnt between 0 and confirmation", name=op.f("ck_masking_burnt")),
        sa.CheckConstraint("(confirmation = 0) = (confirmed is null)", name=op.f("ck_masking_confirmation")),
        sa.CheckConstraint("(confirmation = 0) = (confirmed_by is null)", name=op.f("ck_masking_somebody_confirmed")),
        sa.ForeignKeyConstraint(["photo_id"], ["intake.photo.id"], name=op.f("fk_masking_photo_id")),
        sa.PrimaryKeyConstraint("photo_id", name=op.f("pk_masking")),
        schema="intake",
    )
    op.execute(f"grant select, update ({CONFIRMED}) on intake.masking to jz_district")
    op.execute("grant select, insert, update on intake.masking to jz_worker")
    # Photos that were cleaned before are looked at now, so that they can be released.
    op.execute(
        """insert into handling.job (step, subject, args, created_at, run_after)
        select 'propose_masks', id, '{}', now(), now() from intake.photo where state = 'clean'"""
    )


def downgrade() -> None:
    op.drop_table("masking", schema="intake")
    op.execute("delete from handling.job where step in ('propose_masks', 'burn_masks')")
