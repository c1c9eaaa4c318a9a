"""Whoever is exposed is told beforehand and may object (E6, F70).

What is approved and names its party is not published before a notice; what is published stays.
"""

import sqlalchemy as sa
from alembic import op

revision = "0095"
down_revision = "0094"

TIMES = ("told_at", "object_until", "written_at")


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "exposure_notice",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("exposure_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        *(sa.Column(name, moment, nullable=False) for name in TIMES),
        sa.Column("told_by", sa.Integer(), nullable=False),
        sa.Column("heard_at", moment, nullable=True),
        sa.Column("objection", sa.Text(), nullable=True),
        sa.Column("answer_due_at", moment, nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", moment, nullable=True),
        sa.CheckConstraint(
            "state in ('told', 'agreed', 'objected', 'dismissed', 'upheld')", name=op.f("ck_exposure_notice_state")
        ),
        sa.CheckConstraint(
            "how in ('direct', 'left', 'post', 'electronic', 'public')", name=op.f("ck_exposure_notice_how")
        ),
        sa.CheckConstraint(
            "(state in ('told','agreed')) = (objection is null)", name=op.f("ck_exposure_notice_objection")
        ),
        sa.CheckConstraint(
            "(state in ('dismissed','upheld')) = (answer is not null)", name=op.f("ck_exposure_notice_answer")
        ),
        sa.ForeignKeyConstraint(["exposure_id"], ["handling.exposure.id"], name=op.f("fk_exposure_notice_exposure_id")),
        sa.ForeignKeyConstraint(["told_by"], ["handling.account.id"], name=op.f("fk_exposure_notice_told_by")),
        sa.ForeignKeyConstraint(["answered_by"], ["handling.account.id"], name=op.f("fk_exposure_notice_answered_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exposure_notice")),
        schema="handling",
    )
    op.create_index("ix_exposure_notice_exposure_id", "exposure_notice", ["exposure_id"], schema="handling")
    op.execute("grant select, insert, update on handling.exposure_notice to jz_district")


def downgrade() -> None:
    op.drop_table("exposure_notice", schema="handling")
