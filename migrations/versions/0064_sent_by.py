"""Which application has sent a report, so that it may ask how that stands; an e-mail address may be released."""

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0067"


def upgrade() -> None:
    op.add_column("report", sa.Column("sent_by", sa.Uuid(), nullable=True), schema="intake")
    op.create_index(
        "ix_report_sent_by", "report", ["sent_by", "received_at"], schema="intake",
        postgresql_where=sa.text("sent_by is not null"),
    )  # fmt: skip
    _fields("'name','phone','email','position','photos'")


def downgrade() -> None:
    # What was asked for with an address keeps its other fields; the constraint does not look at what is there already.
    _fields("'name','phone','position','photos'", more=" not valid")
    op.drop_index("ix_report_sent_by", table_name="report", schema="intake")
    op.drop_column("report", "sent_by", schema="intake")


def _fields(names: str, more: str = "") -> None:
    op.execute("alter table intake.release drop constraint ck_release_fields")
    op.execute(
        "alter table intake.release add constraint ck_release_fields"
        f" check (fields <@ array[{names}] and cardinality(fields) > 0){more}"
    )
