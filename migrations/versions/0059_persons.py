"""One person under several accounts is known for one (C2), and what was done to accounts can be read (M78).

An account keeps a keyed mark of its holder's staff number, never the number. Entries about accounts are read by whoever
runs the district and by the discipline body; nobody changes one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"

READERS = "jz_town, jz_department, jz_district, jz_discipline, jz_worker, jz_vault"
BEFORE = "'suspended', 'restored', 'roles', 'factor_reset', 'password', 'enrolled', 'codes'"


def upgrade() -> None:
    op.add_column("account", sa.Column("person_mark", sa.LargeBinary(), nullable=True), schema="handling")
    op.create_index("ix_account_person_mark", "account", ["person_mark"], schema="handling")
    # By whomever two people must be told apart; a mark tells nothing without the installation's secret.
    op.execute(f"grant select (person_mark) on handling.account to {READERS}")
    _kinds(f"{BEFORE}, 'person'")
    op.create_index("ix_account_entry_by_id", "account_entry", ["by_id", "id"], schema="handling")
    op.execute("grant select on handling.account_entry to jz_district, jz_discipline")


def downgrade() -> None:
    op.execute("revoke select on handling.account_entry from jz_district, jz_discipline")
    op.drop_index("ix_account_entry_by_id", "account_entry", schema="handling")
    _kinds(BEFORE, keeping="not valid")  # what was written down stays
    op.execute(f"revoke select (person_mark) on handling.account from {READERS}")
    op.drop_column("account", "person_mark", schema="handling")


def _kinds(kinds: str, *, keeping: str = "") -> None:
    op.drop_constraint(op.f("ck_account_entry_kind"), "account_entry", schema="handling")
    op.execute(
        f"alter table handling.account_entry add constraint ck_account_entry_kind check (kind in ({kinds})) {keeping}"
    )
