"""How near and fresh a photo is, as grades, what it looks like, and which photos of other reports look the same."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0033"
down_revision = "0032"

GRADES = {
    "place_grade": "place_grade in ('under_100m','under_1km','far','none')",
    "time_grade": "time_grade in ('under_1h','under_1d','over_1d','none')",
}


def upgrade() -> None:
    for grade, words in GRADES.items():
        op.add_column("photo", sa.Column(grade, sa.Text(), nullable=True), schema="intake")
        op.create_check_constraint(op.f(f"ck_photo_{grade}"), "photo", words, schema="intake")
    op.add_column("photo", sa.Column("likeness", postgresql.BIT(256), nullable=True), schema="intake")
    op.add_column("picture", sa.Column("likeness", postgresql.BIT(256), nullable=True), schema="handling")
    op.add_column(
        "picture", sa.Column("alike", sa.Boolean(), server_default=sa.text("false"), nullable=False), schema="handling"
    )
    op.create_table(
        "lookalike",
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("bits_apart", sa.SmallInteger(), nullable=False),
        sa.Column("mirrored", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["photo_id"], ["intake.photo.id"], name=op.f("fk_lookalike_photo_id")),
        sa.ForeignKeyConstraint(["other_id"], ["intake.photo.id"], name=op.f("fk_lookalike_other_id")),
        sa.PrimaryKeyConstraint("photo_id", "other_id", name=op.f("pk_lookalike")),
        schema="intake",
    )
    op.create_index("ix_lookalike_other_id", "lookalike", ["other_id"], schema="intake")
    op.execute("grant select on intake.lookalike to jz_district")
    op.execute("grant select, insert, delete on intake.lookalike to jz_worker")


def downgrade() -> None:
    op.drop_table("lookalike", schema="intake")
    for column in ("alike", "likeness"):
        op.drop_column("picture", column, schema="handling")
    op.drop_column("photo", "likeness", schema="intake")
    for grade in GRADES:
        op.drop_constraint(op.f(f"ck_photo_{grade}"), "photo", schema="intake", type_="check")
        op.drop_column("photo", grade, schema="intake")
