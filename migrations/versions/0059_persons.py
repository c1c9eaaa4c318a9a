"""One person under several accounts is one (C2), who is tied to a case (Q10), and what was done to accounts (M78).

An account keeps a keyed mark of its holder's staff number, never the number. Entries about accounts are read by whoever
runs the district and by the discipline body; nobody changes one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"

READERS = "jz_town, jz_department, jz_district, jz_discipline, jz_worker, jz_vault"
ASKERS = "jz_town, jz_department, jz_district, jz_worker, jz_discipline"
BEFORE = "'suspended', 'restored', 'roles', 'factor_reset', 'password', 'enrolled', 'codes'"


def upgrade() -> None:
    op.add_column("account", sa.Column("person_mark", sa.LargeBinary(), nullable=True), schema="handling")
    op.create_index("ix_account_person_mark", "account", ["person_mark"], schema="handling")
    # By whomever two people must be told apart; a mark tells nothing without the installation's secret.
    op.execute(f"grant select (person_mark) on handling.account to {READERS}")
    _kinds(f"{BEFORE}, 'person'")
    op.create_index("ix_account_entry_by_id", "account_entry", ["by_id", "id"], schema="handling")
    _ties()


def _ties() -> None:
    """As the owner: an office must not read what others have declared, only whom of its own that keeps from a case."""
    op.execute(
        r"""create function handling.tied_to(asked uuid, officers int[]) returns int[]
        language sql stable security definer set search_path = '' as $$
        with said as (
            select upper(normalize(concat_ws(E'\n', c.extract, c.place_text,
                (select string_agg(o.responsible_party, E'\n') from handling.rectify_order o where o.case_id = c.id),
                (select string_agg(m.party, E'\n') from handling.measure m where m.case_id = c.id),
                (select string_agg(p.party, E'\n') from handling.penalty p where p.case_id = c.id),
                (select string_agg(x.entity_name, E'\n') from handling.exposure x where x.case_id = c.id)
            ), nfkc)) as words from handling."case" c where c.id = asked
        )
        select array(
            select distinct r.account_id from handling.declared_relation r, said s
            where r.account_id = any (officers) and r.ended_at is null and position(
                regexp_replace(upper(normalize(r.name, nfkc)), '[\s·.-]', '', 'g')
                in regexp_replace(s.words, '[ \t·.-]', '', 'g')) > 0
            order by 1) $$"""
    )
    op.execute("revoke all on function handling.tied_to(uuid, int[]) from public")
    op.execute(f"grant execute on function handling.tied_to(uuid, int[]) to {ASKERS}")


def downgrade() -> None:
    op.execute("drop function handling.tied_to(uuid, int[])")
    op.drop_index("ix_account_entry_by_id", "account_entry", schema="handling")
    _kinds(BEFORE, keeping="not valid")  # what was written down stays
    op.execute(f"revoke select (person_mark) on handling.account from {READERS}")
    op.drop_column("account", "person_mark", schema="handling")


def _kinds(kinds: str, *, keeping: str = "") -> None:
    op.drop_constraint(op.f("ck_account_entry_kind"), "account_entry", schema="handling")
    op.execute(
        f"alter table handling.account_entry add constraint ck_account_entry_kind check (kind in ({kinds})) {keeping}"
    )
