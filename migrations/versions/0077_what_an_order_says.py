"""By which criterion a hazard is major, what keeps people safe meanwhile, and that to expose it binds (T8, X29, M50)."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0077"
down_revision = "0076"

READS = "nullif(current_setting('jz.org', true), '')::int = any(readers)"
# What was printed stays as it is: which criterion it was is known of newer ones alone.
CITED: dict[str, sa.types.TypeEngine[Any]] = {
    "criterion_code": sa.Text(), "criterion_version": sa.Integer(), "criterion_clause": sa.Text(),
}  # fmt: skip


def upgrade() -> None:
    for name, kind in CITED.items():
        op.add_column("verdict", sa.Column(name, kind, nullable=True), schema="handling")
    op.add_column(
        "rectify_order", sa.Column("interim_measures", sa.Text(), server_default="", nullable=False), schema="handling"
    )
    refusals()


def refusals() -> None:
    """Why something is not exposed: a lawyer of the district writes it, and whoever reads the case reads it."""
    op.create_table(
        "exposure_refusal",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("verdict_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("refused_by", sa.Integer(), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("readers", sa.ARRAY(sa.Integer()), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_exposure_refusal_has_reason")),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_exposure_refusal_case_id")),
        sa.ForeignKeyConstraint(["verdict_id"], ["handling.verdict.id"], name=op.f("fk_exposure_refusal_verdict_id")),
        sa.ForeignKeyConstraint(["refused_by"], ["handling.account.id"], name=op.f("fk_exposure_refusal_refused_by")),
        sa.ForeignKeyConstraint(
            ["case_id", "readers"], ["handling.case.id", "handling.case.readers"],
            name="fk_exposure_refusal_readers", onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exposure_refusal")),
        sa.UniqueConstraint("verdict_id", name=op.f("uq_exposure_refusal_verdict_id")),
        schema="handling",
    )  # fmt: skip
    op.create_index("ix_exposure_refusal_case_id", "exposure_refusal", ["case_id"], schema="handling")
    op.execute(
        """create trigger readers before insert on handling.exposure_refusal
        for each row execute function handling.take_readers()"""
    )
    op.execute("grant select, insert on handling.exposure_refusal to jz_district")
    op.execute("grant select on handling.exposure_refusal to jz_town, jz_department, jz_discipline, jz_worker")
    op.execute("alter table handling.exposure_refusal enable row level security")
    op.execute("create policy jz_district on handling.exposure_refusal to jz_district using (true)")
    for role in ("jz_town", "jz_department"):
        op.execute(f"create policy {role} on handling.exposure_refusal for select to {role} using ({READS})")
    for role in ("jz_discipline", "jz_worker"):
        op.execute(f"create policy {role} on handling.exposure_refusal for select to {role} using (true)")


def downgrade() -> None:
    op.drop_table("exposure_refusal", schema="handling")
    op.drop_column("rectify_order", "interim_measures", schema="handling")
    for name in CITED:
        op.drop_column("verdict", name, schema="handling")
