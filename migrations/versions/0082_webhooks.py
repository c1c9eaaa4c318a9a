"""Webhooks of newsrooms: where each wants to be told of the public record, and what was sent there (T19).

A newsroom reads and writes its own rows under a role of its own, which sees nothing else of the house.
"""

import sqlalchemy as sa
from alembic import op

revision = "0082"
down_revision = "0081"

TABLES = ("webhook", "webhook_delivery")
MINE = "client_id = nullif(current_setting('jz.client', true), '')::uuid"
NEW_JOB = "step, subject, args, created_at, run_after"
OF_A_KEY = "id, client_id, scopes, expires_at, revoked_at"


def upgrade() -> None:
    _create_role()
    _create_webhook()
    _create_delivery()
    op.execute("grant usage on schema handling to jz_newsroom")
    op.execute(f"grant insert ({NEW_JOB}) on handling.job to jz_newsroom")
    op.execute(f"grant select ({OF_A_KEY}) on handling.media_key to jz_worker")
    op.execute("grant select (id, name) on handling.media_client to jz_worker")
    for table in TABLES:
        op.execute(f"grant select, insert, update on handling.{table} to jz_newsroom, jz_district, jz_worker")
        op.execute(f"alter table handling.{table} enable row level security")
        op.execute(f"create policy jz_newsroom on handling.{table} to jz_newsroom using ({MINE})")
        for role in ("jz_district", "jz_worker"):
            op.execute(f"create policy {role} on handling.{table} to {role} using (true)")
    op.execute("grant delete on handling.webhook_delivery to jz_worker")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table, schema="handling")
    op.execute("revoke select (id, name) on handling.media_client from jz_worker")
    op.execute(f"revoke select ({OF_A_KEY}) on handling.media_key from jz_worker")
    op.execute(f"revoke insert ({NEW_JOB}) on handling.job from jz_newsroom")
    op.execute("revoke usage on schema handling from jz_newsroom")


def _create_role() -> None:
    op.execute(
        """do $$ begin
            create role jz_newsroom nologin nosuperuser nocreatedb nocreaterole nobypassrls;
        exception when duplicate_object or unique_violation then null;
        end $$"""
    )
    op.execute("grant jz_newsroom to jz_api")


def _create_webhook() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("kinds", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("old_secret", sa.LargeBinary(), nullable=True),
        sa.Column("old_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_change", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("told_head", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("quiet_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_by", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.CheckConstraint("cardinality(kinds) > 0", name=op.f("ck_webhook_wants_something")),
        sa.CheckConstraint("paused_by in ('newsroom', 'office', 'failures')", name=op.f("ck_webhook_paused_by")),
        sa.CheckConstraint("(paused_at is null) = (paused_by is null)", name=op.f("ck_webhook_paused")),
        sa.CheckConstraint("ended_by in ('newsroom', 'office', 'receiver')", name=op.f("ck_webhook_ended_by")),
        sa.CheckConstraint("(ended_at is null) = (ended_by is null)", name=op.f("ck_webhook_ended")),
        sa.ForeignKeyConstraint(["client_id"], ["handling.media_client.id"], name=op.f("fk_webhook_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
        schema="handling",
    )
    op.create_index(
        "uq_webhook_address", "webhook", ["client_id", "url"], unique=True, schema="handling",
        postgresql_where=sa.text("ended_at is null"),
    )  # fmt: skip


def _create_delivery() -> None:
    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("number", sa.Integer(), sa.Identity(), nullable=False),
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["webhook_id"], ["handling.webhook.id"], name=op.f("fk_webhook_delivery_webhook_id")),
        sa.ForeignKeyConstraint(
            ["client_id"], ["handling.media_client.id"], name=op.f("fk_webhook_delivery_client_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_delivery")),
        sa.UniqueConstraint("webhook_id", "subject", name=op.f("uq_webhook_delivery_webhook_id_subject")),
        schema="handling",
    )
    op.create_index("ix_webhook_delivery_number", "webhook_delivery", ["webhook_id", "number"], schema="handling")
    op.create_index(
        "ix_webhook_delivery_due", "webhook_delivery", ["webhook_id", "next_at"], schema="handling",
        postgresql_where=sa.text("next_at is not null"),
    )  # fmt: skip
