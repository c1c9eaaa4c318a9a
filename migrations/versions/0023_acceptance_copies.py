"""The record of an acceptance goes out in four copies as a visit's does, and can be printed (T15, M47, F10)."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

PAPERS = "'visit_record', 'order', 'transfer', 'closing', 'notice'"
SCANS = f"{PAPERS}, 'other'"
NEW = ("people_present", "signature", "signature_note")


def upgrade() -> None:
    for name in NEW:
        op.add_column("acceptance", sa.Column(name, sa.Text(), nullable=True), schema="handling")
    op.add_column("acceptance", sa.Column("record_hash", sa.LargeBinary(), nullable=True), schema="handling")
    op.create_check_constraint(
        op.f("ck_acceptance_signature"), "acceptance", "signature in ('signed','refused')", schema="handling"
    )
    op.alter_column("record_copy", "visit_id", nullable=True, schema="handling")
    op.add_column("record_copy", sa.Column("acceptance_id", sa.Uuid(), nullable=True), schema="handling")
    op.create_foreign_key(
        op.f("fk_record_copy_acceptance_id"), "record_copy", "acceptance", ["acceptance_id"], ["id"],
        source_schema="handling", referent_schema="handling",
    )  # fmt: skip
    op.create_unique_constraint(
        op.f("uq_record_copy_acceptance_id_recipient"), "record_copy", ["acceptance_id", "recipient"],
        schema="handling",
    )  # fmt: skip
    op.create_check_constraint(
        op.f("ck_record_copy_of_one_record"), "record_copy", "num_nonnulls(visit_id, acceptance_id) = 1",
        schema="handling",
    )  # fmt: skip
    op.create_check_constraint(
        op.f("ck_record_copy_recipient"), "record_copy",
        "recipient in ('inspected_unit', 'local_government', 'lead_department', 'safety_office')", schema="handling",
    )  # fmt: skip
    _kinds(f"'acceptance', {PAPERS}", f"'acceptance', {SCANS}")


def downgrade() -> None:
    op.execute("delete from handling.record_copy where acceptance_id is not null")
    op.execute("delete from handling.paper where kind = 'acceptance'")
    op.execute("update handling.scan set kind = 'other' where kind = 'acceptance'")
    _kinds(PAPERS, SCANS)
    op.drop_constraint(op.f("ck_record_copy_recipient"), "record_copy", schema="handling")
    op.drop_constraint(op.f("ck_record_copy_of_one_record"), "record_copy", schema="handling")
    op.drop_column("record_copy", "acceptance_id", schema="handling")
    op.alter_column("record_copy", "visit_id", nullable=False, schema="handling")
    for name in (*NEW, "record_hash"):
        op.drop_column("acceptance", name, schema="handling")


def _kinds(papers: str, scans: str) -> None:
    for table, words in (("paper", papers), ("scan", scans)):
        op.drop_constraint(op.f(f"ck_{table}_kind"), table, schema="handling")
        op.create_check_constraint(op.f(f"ck_{table}_kind"), table, f"kind in ({words})", schema="handling")
