"""A release may let a report's photos be read as they came; the vault looks up by itself which those are."""

from alembic import op

revision = "0052"
down_revision = "0051"

PHOTO = "id, report_client_id, named, storage_key, bytes"


def upgrade() -> None:
    _fields("'name','phone','position','photos'")
    op.execute("grant select (client_id) on intake.report to jz_vault")
    op.execute(f"grant select ({PHOTO}) on intake.photo to jz_vault")


def downgrade() -> None:
    op.execute(f"revoke select ({PHOTO}) on intake.photo from jz_vault")
    op.execute("revoke select (client_id) on intake.report from jz_vault")
    # What was asked for with photos keeps its other fields; the constraint does not look at what is there already.
    _fields("'name','phone','position'", more=" not valid")


def _fields(names: str, more: str = "") -> None:
    op.execute("alter table intake.release drop constraint ck_release_fields")
    op.execute(
        "alter table intake.release add constraint ck_release_fields"
        f" check (fields <@ array[{names}] and cardinality(fields) > 0){more}"
    )
