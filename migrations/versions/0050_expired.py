"""What has been shown for its time is expired, which is no withdrawal (E7, E9)."""

from alembic import op

revision = "0050"
down_revision = "0034"

EMPTY = "coalesce(title, body, entity_name) is null and point is null"


def upgrade() -> None:
    _drop("status", "withdrawn_is_empty")
    _create("status", "status in ('usable','corrected','withdrawn','expired')")
    op.execute("update record.exposure set status = 'expired' where withdraw_reason = '展示期满'")
    _create("gone_is_empty", f"status not in ('withdrawn', 'expired') or {EMPTY}")


def downgrade() -> None:
    _drop("status", "gone_is_empty")
    op.execute("update record.exposure set status = 'withdrawn' where status = 'expired'")
    _create("status", "status in ('usable','corrected','withdrawn')")
    _create("withdrawn_is_empty", f"status <> 'withdrawn' or {EMPTY}")


def _drop(*names: str) -> None:
    for name in names:
        op.drop_constraint(op.f(f"ck_exposure_{name}"), "exposure", schema="record")


def _create(name: str, rule: str) -> None:
    op.create_check_constraint(op.f(f"ck_exposure_{name}"), "exposure", rule, schema="record")
