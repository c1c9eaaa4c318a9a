"""Q6, X38-X40: a canary reporter goes all the way, and nothing of them is where anybody who handles the case can look.

The walk over every page is in test_who_reported.py; here are the tables and files behind the pages: a page that is
built tomorrow can only show what is there.
"""

import io
import re

import pytest
from canary import CONTACT, FROM, ID_NUMBER, WORDS, walk
from pypdf import PdfReader
from sqlalchemy import text

from kit.db import OWNER, unit_of_work

HANDLERS = ("jz_town", "jz_department", "jz_public", "jz_discipline")


@pytest.fixture
def walked(client, work, sign_in):
    """A report with everything in it, handled, told, closed, rewarded; gives what must be nowhere."""
    case_id, secrets = walk(client, work, sign_in)
    return case_id, sign_in("leader"), list(secrets.values())


def readable(session, role):
    """Every table with the columns of it that a role may read."""
    rows = session.execute(
        text(
            """select n.nspname, c.relname, array_agg(quote_ident(a.attname)) from pg_class c
            join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
            where c.relkind in ('r','p','v','m') and a.attnum > 0 and not a.attisdropped
              and n.nspname in ('handling','intake','record','vault')
              and has_schema_privilege(:role, n.oid, 'usage')
              and has_column_privilege(:role, c.oid, a.attnum, 'select')
            group by 1, 2"""
        ),
        {"role": role},
    )
    return {f'{schema}."{table}"': columns for schema, table, columns in rows}


def found(session, role, secrets):
    """Which secrets stand in any row of any table that a role may read, whatever row-level security lets through."""
    held = {}
    for table, columns in readable(session, role).items():
        rows = "\n".join(
            session.scalars(text(f"select to_jsonb(t)::text from (select {', '.join(columns)} from {table}) t"))  # noqa: S608
        )
        held |= {secret: table for secret in secrets if secret in rows}
    return held


def test_no_row_that_a_handler_may_read_holds_a_word_of_it(walked):
    with unit_of_work(OWNER) as session:
        for role in HANDLERS:
            assert found(session, role, walked[2]) == {}, role


def test_the_desk_has_the_report_and_not_who_sent_it(walked):
    """Also shows that what is looked for would be found."""
    with unit_of_work(OWNER) as session:
        held = found(session, "jz_district", walked[2])
    assert WORDS in held
    assert not {*CONTACT.values(), str(FROM["lon"]), str(FROM["lat"]), ID_NUMBER} & held.keys()


def test_no_paper_and_no_export_holds_a_word_of_it(walked, work):
    case_id, leader, secrets = walked
    export = leader.post("/exports", {"filter": {}, "reason": "月度核对"}).json()
    sheet = leader.post(f"/exports/{export['id']}/downloads", seen=export["version"]).content.decode("utf-8-sig")
    number = leader.get(f"/cases/{case_id}").json()["number"]
    asked = leader.act(case_id, "papers", {"kind": "closing"})
    assert asked.status_code == 201, asked.text
    work()
    printed = leader.get(f"/papers/{asked.json()['id']}/pdf").content
    words = re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(printed)).pages))
    assert number in sheet
    assert number in words
    for secret in secrets:
        assert secret not in sheet
        assert secret not in words
        assert secret.encode() not in printed
