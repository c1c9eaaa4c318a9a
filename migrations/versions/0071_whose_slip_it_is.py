"""A criminal transfer knows who handed it over, and whether the police took it here themselves (F30, M44, X22)."""

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0070"


def upgrade() -> None:
    op.add_column("criminal_transfer", sa.Column("sent_by", sa.Integer(), nullable=True), schema="handling")
    op.create_foreign_key(
        op.f("fk_criminal_transfer_sent_by"), "criminal_transfer", "account", ["sent_by"], ["id"],
        source_schema="handling", referent_schema="handling",
    )  # fmt: skip
    false = sa.text("false")
    op.add_column(
        "criminal_transfer", sa.Column("by_police", sa.Boolean(), server_default=false, nullable=False),
        schema="handling",
    )  # fmt: skip
    op.execute(
        """update handling.criminal_transfer t set by_police = true from handling.case_event e
        where e.case_id = t.case_id and e.kind = 'crime_accepted' and e.body ->> 'id' = t.id::text
        and e.org_id = t.police_org_id and t.police_org_id <> t.org_id"""
    )
    op.execute(
        """update handling.criminal_transfer t set sent_by = a.id from handling.case_event e, handling.account a
        where e.case_id = t.case_id and e.kind = 'crime_sent' and e.body ->> 'id' = t.id::text
        and e.actor = 'officer:' || a.id"""
    )


def downgrade() -> None:
    op.drop_column("criminal_transfer", "by_police", schema="handling")
    op.drop_column("criminal_transfer", "sent_by", schema="handling")
