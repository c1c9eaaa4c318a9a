"""Whom a case is kept from stands in the case (Q10): lists, counts and exports leave it out by a test of one array.

`kept_from` holds the accounts that have declared a relation to what handlers know of the case: the extract, the place,
the parties of orders, measures and penalties, the unit of an exposure. Triggers work it out when a case, a party or a
declaration changes, and whenever anybody else writes there. Cases that are there already get theirs here.
"""

import sqlalchemy as sa
from alembic import op

revision = "0105"
down_revision = "0101"

PARTIES = {
    "rectify_order": "responsible_party", "measure": "party", "penalty": "party", "exposure": "entity_name",
}  # fmt: skip
# As 0059 had it, to go back to.
TIED_BEFORE = r"""with said as (
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
            order by 1)"""


def upgrade() -> None:
    op.add_column(
        "case", sa.Column("kept_from", sa.ARRAY(sa.Integer()), server_default=sa.text("'{}'"), nullable=False),
        schema="handling",
    )  # fmt: skip
    _rules()
    _tied_to(
        'select handling.tied_by_name(c.id, c.extract, c.place_text, officers) from handling."case" c where c.id = asked'
    )
    _triggers()
    op.execute(f'update handling."case" c set kept_from = kept_from where c.id in ({_named("r")})')


def _named(relation: str) -> str:
    """The cases in which a declared name stands, whole tables at a time."""
    said = f"from handling.declared_relation {relation}, " if relation == "r" else "from "
    name, still = f"handling.in_plain({relation}.name)", f"{relation}.ended_at is null"
    return f"""select b.id {said}handling."case" b where {still}
            and (position({name} in handling.in_plain(b.extract)) > 0
                or position({name} in handling.in_plain(b.place_text)) > 0)
        union select p.case_id {said}handling.case_party p where {still}
            and position({name} in handling.in_plain(p.name)) > 0"""


def _rules() -> None:
    op.execute(
        r"""create function handling.in_plain(words text) returns text language sql immutable as
        $$ select regexp_replace(upper(normalize(words, nfkc)), '[ \t·.-]', '', 'g') $$"""
    )
    parties = " union all ".join(
        f"select case_id, {column} as name from handling.{name}" for name, column in PARTIES.items()
    )
    op.execute(f"create view handling.case_party as {parties}")
    # Given the words, since a trigger that comes before the row knows them better than the row.
    op.execute(
        """create function handling.tied_by_name(asked uuid, said text, place text, officers int[])
        returns int[] language sql stable set search_path = '' as $$ select array(
            select distinct r.account_id from handling.declared_relation r
            where r.ended_at is null and (officers is null or r.account_id = any (officers)) and exists (
                select from (
                    select unnest(array[said, place]) as name
                    union all select p.name from handling.case_party p where p.case_id = asked
                ) known where position(handling.in_plain(r.name) in handling.in_plain(known.name)) > 0)
            order by 1) $$"""
    )


def _tied_to(body: str) -> None:
    op.execute(
        f"""create or replace function handling.tied_to(asked uuid, officers int[]) returns int[]
        language sql stable security definer set search_path = '' as $$ {body} $$"""
    )


def _triggers() -> None:
    """As the owner: whoever writes a party or a declaration may not see, nor change, what it ties them to."""
    functions = {
        "keep_from": """new.kept_from := handling.tied_by_name(new.id, new.extract, new.place_text, null);
            return new;""",
        "tell_party": """update handling."case" c set kept_from = kept_from where c.id in (new.case_id, old.case_id)
            and kept_from <> handling.tied_by_name(c.id, c.extract, c.place_text, null); return null;""",
        # In the order of their ids, so that two who declare at once wait for one another and never in a ring.
        "tell_relation": f"""update handling."case" c set kept_from = kept_from from (
                select d.id from handling."case" d
                where old.account_id = any (d.kept_from) or d.id in ({_named("new")})
                order by d.id for no key update
            ) picked where c.id = picked.id; return null;""",
    }
    for name, body in functions.items():
        op.execute(
            f"""create function handling.{name}() returns trigger language plpgsql
            security definer set search_path = '' as $$ begin {body} end $$"""
        )
    for name in (*(f"{name}()" for name in functions), "in_plain(text)", "tied_by_name(uuid, text, text, int[])"):
        op.execute(f"revoke all on function handling.{name} from public")
    op.execute(
        """create trigger kept_from before insert or update of extract, place_text, kept_from on handling."case"
        for each row execute function handling.keep_from()"""
    )
    for table, column in PARTIES.items():
        op.execute(
            f"""create trigger kept_from_told after insert or delete or update of {column}, case_id
            on handling.{table} for each row execute function handling.tell_party()"""
        )
    op.execute(
        """create trigger kept_from_told after insert or delete or update of name, account_id, ended_at
        on handling.declared_relation for each row execute function handling.tell_relation()"""
    )


def downgrade() -> None:
    for table in (*PARTIES, "declared_relation"):
        op.execute(f"drop trigger kept_from_told on handling.{table}")
    op.execute('drop trigger kept_from on handling."case"')
    for name in ("keep_from", "tell_party", "tell_relation"):
        op.execute(f"drop function handling.{name}()")
    _tied_to(TIED_BEFORE)
    op.execute("drop function handling.tied_by_name(uuid, text, text, int[])")
    op.execute("drop view handling.case_party")
    op.execute("drop function handling.in_plain(text)")
    op.drop_column("case", "kept_from", schema="handling")
