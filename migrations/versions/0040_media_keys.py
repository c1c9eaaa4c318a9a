"""Keys of the media: who holds them, what they open and until when; of the secret only a hash is kept (X49)."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    op.create_table(
        "media_client",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["entered_by"], ["handling.account.id"], name=op.f("fk_media_client_entered_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_client")),
        sa.UniqueConstraint("name", name=op.f("uq_media_client_name")),
        schema="handling",
    )
    op.create_table(
        "media_key",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_by", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_on", sa.Date(), nullable=True),
        sa.CheckConstraint("cardinality(scopes) > 0", name=op.f("ck_media_key_opens_something")),
        sa.CheckConstraint("expires_at <= made_at + interval '365 days'", name=op.f("ck_media_key_ends")),
        sa.ForeignKeyConstraint(["client_id"], ["handling.media_client.id"], name=op.f("fk_media_key_client_id")),
        sa.ForeignKeyConstraint(["made_by"], ["handling.account.id"], name=op.f("fk_media_key_made_by")),
        sa.ForeignKeyConstraint(["revoked_by"], ["handling.account.id"], name=op.f("fk_media_key_revoked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_key")),
        schema="handling",
    )
    op.create_index("ix_media_key_client_id", "media_key", ["client_id"], schema="handling")
    op.execute("grant select, insert, update on handling.media_client, handling.media_key to jz_district")
    op.execute("grant select on handling.media_client, handling.media_key to jz_api")
    op.execute("grant update (used_on) on handling.media_key to jz_api")


def downgrade() -> None:
    op.drop_table("media_key", schema="handling")
    op.drop_table("media_client", schema="handling")
