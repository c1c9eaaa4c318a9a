"""Relay and beat sign in as themselves, and may do what they are for: pass on what is due, write what the hour asks.

Until now both were the worker, which reads every report.
"""

from alembic import op

revision = "0028"
down_revision = "0027"

DUE = "id, step, run_after, done_at, failed_at, lease_until, sends"
NEW_JOB = "step, subject, args, created_at, run_after"


def upgrade() -> None:
    for role in ("jz_relay", "jz_beat"):
        op.execute(
            f"""do $$ begin
                create role {role} login noinherit nosuperuser nocreatedb nocreaterole nobypassrls;
            exception when duplicate_object or unique_violation then null;
            end $$"""
        )
    op.execute("grant usage on schema handling to jz_relay, jz_beat")
    op.execute(f"grant select ({DUE}), update (lease_until, sends) on handling.job to jz_relay")
    op.execute(f"grant insert ({NEW_JOB}) on handling.job to jz_beat")
    op.execute("grant select, insert, delete on handling.slot to jz_beat")
    op.execute("revoke insert, update, delete on handling.slot from jz_worker")
    # What the relay counts for the metrics: numbers of rows, and of which kind.
    op.execute("grant select (slot_at) on handling.slot to jz_relay")
    op.execute("grant select (stopped_at, due_at) on handling.clock to jz_relay")
    op.execute("grant select (channel, sent_at, dropped_at, tries) on handling.delivery to jz_relay")
    op.execute("create policy jz_relay on handling.clock for select to jz_relay using (true)")


def downgrade() -> None:
    op.execute("drop policy jz_relay on handling.clock")
    op.execute("revoke select (channel, sent_at, dropped_at, tries) on handling.delivery from jz_relay")
    op.execute("revoke select (stopped_at, due_at) on handling.clock from jz_relay")
    op.execute("revoke select (slot_at) on handling.slot from jz_relay")
    op.execute("grant insert, update, delete on handling.slot to jz_worker")
    op.execute("revoke all on handling.slot from jz_beat")
    op.execute(f"revoke insert ({NEW_JOB}) on handling.job from jz_beat")
    op.execute(f"revoke select ({DUE}), update (lease_until, sends) on handling.job from jz_relay")
    op.execute("revoke usage on schema handling from jz_relay, jz_beat")
