"""A major hazard can be closed: two people of the safety office decide that it is not listed (G-LIST, ADR 0024)."""

import sqlalchemy as sa
from alembic import op

revision = "0076"
down_revision = "0075"

READS = "nullif(current_setting('jz.org', true), '')::int = any(readers)"
STATES = "'owed', 'proposed', 'confirmed', 'withdrawn', 'not_owed'"
WAITS = "state in ('owed', 'proposed')"
PEOPLE = ("proposed_by", "decided_by", "withdrawn_by")


def upgrade() -> None:
    op.create_table(
        "listing_waiver",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), server_default="owed", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("owed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("provisional", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("overdue_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("basis", sa.Text(), server_default="", nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("readers", sa.ARRAY(sa.Integer()), nullable=False),
        sa.CheckConstraint(f"state in ({STATES})", name=op.f("ck_listing_waiver_state")),
        sa.CheckConstraint(
            "state not in ('confirmed','withdrawn') or (reason <> '' and basis <> '' and decided_by <> proposed_by)",
            name=op.f("ck_listing_waiver_two_people"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_listing_waiver_case_id")),
        *(
            sa.ForeignKeyConstraint([name], ["handling.account.id"], name=op.f(f"fk_listing_waiver_{name}"))
            for name in PEOPLE
        ),
        sa.ForeignKeyConstraint(
            ["case_id", "readers"], ["handling.case.id", "handling.case.readers"],
            name="fk_listing_waiver_readers", onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_waiver")),
        schema="handling",
    )  # fmt: skip
    op.create_index(
        "uq_listing_waiver_waits", "listing_waiver", ["case_id"], unique=True, schema="handling",
        postgresql_where=sa.text(WAITS),
    )  # fmt: skip
    op.create_index("ix_listing_waiver_case_id", "listing_waiver", ["case_id"], schema="handling")
    op.create_index(
        "ix_listing_waiver_due", "listing_waiver", ["due_at", "id"], schema="handling", postgresql_where=sa.text(WAITS)
    )
    op.execute(
        """create trigger readers before insert on handling.listing_waiver
        for each row execute function handling.take_readers()"""
    )
    rights()
    # What is major and open now waits for the office from today. A week is the longest that its working days can last
    # without a holiday.
    op.execute(
        """insert into handling.listing_waiver (case_id, owed_at, due_at)
        select id, now(), now() + interval '7 days' from handling."case"
        where grade = 'major' and state not in ('closed', 'look_back', 'void')"""
    )


def rights() -> None:
    """The safety office decides, the worker says that it is owed; whoever reads the case reads it."""
    op.execute("grant select, insert, update on handling.listing_waiver to jz_district, jz_worker")
    op.execute("grant select on handling.listing_waiver to jz_town, jz_department, jz_discipline")
    op.execute("alter table handling.listing_waiver enable row level security")
    for role in ("jz_town", "jz_department"):
        op.execute(f"create policy {role} on handling.listing_waiver for select to {role} using ({READS})")
    op.execute("create policy jz_discipline on handling.listing_waiver for select to jz_discipline using (true)")
    for role in ("jz_district", "jz_worker"):
        op.execute(f"create policy {role} on handling.listing_waiver to {role} using (true)")


def downgrade() -> None:
    op.drop_table("listing_waiver", schema="handling")
