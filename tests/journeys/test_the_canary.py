"""Q6, X38-X40: a canary reporter goes all the way, and nothing of them is where anybody who handles the case can look.

The walk over every page is in test_who_reported.py; here are the tables and files behind the pages: a page that is
built tomorrow can only show what is there.
"""

import io
import re

import pytest
import world
from pypdf import PdfReader
from sqlalchemy import text
from test_a_report_reaches_the_feed import dispatched, handled
from test_a_reward_is_paid import GENERAL, act, claim, rewards
from test_told_satisfied_closed import TEXT, closed

from kit.db import OWNER, unit_of_work

WORDS = "我是三车间的，从我家楼下看得清清楚楚"
CONTACT = {"name": "卡纳丽", "phone": "13912345678"}
FROM = {"lon": 117.3654321, "lat": 31.1512345, "crs": "wgs84", "accuracy_m": 9.0}
HANDLERS = ("jz_town", "jz_department", "jz_public", "jz_discipline")
ID_NUMBER = "99010119900101123X"


@pytest.fixture
def walked(client, work, sign_in):
    """A report with everything in it, handled, told, closed, rewarded; gives what must be nowhere."""
    photo, sha256 = world.photo(noise=b"canary")
    promised = {
        "id": "0d1f7d1e-0d5b-4b5e-9d3c-6f1c7a2b9e01",
        "sha256": sha256,
        "bytes": len(photo),
        "capture": "camera",
    }
    desk = sign_in("desk")
    receipt, report_id, case_id = dispatched(
        client, work, desk, text=WORDS, contact=CONTACT, sent_from=FROM, photos=[promised]
    )
    clerk, leader = handled(sign_in, case_id)
    work()
    assert desk.desk(report_id, "extracts", {"text": "某小区通道被占用"}).status_code == 201
    assert desk.desk(report_id, "replies", {"text": TEXT, "channel": "phone"}).status_code == 201
    work()
    closed(sign_in, work, clerk, leader, case_id)
    (reward,) = rewards(desk, "eligible")
    for username, noun, body in (
        ("desk", "proposal", GENERAL),
        ("lawyer", "review", None),
        ("safety", "approval", None),
    ):
        reward = act(sign_in(username), reward, noun, body).json()
    work()
    assert claim(client, receipt, id_number=ID_NUMBER).status_code == 201
    codes = (receipt["tracking_code"], receipt["claim_secret"])
    secrets = [
        *CONTACT.values(), str(FROM["lon"]), str(FROM["lat"]), WORDS, ID_NUMBER, *codes,
        *(code.replace("-", "") for code in codes), receipt["reference"], receipt["id"], report_id, promised["id"],
    ]  # fmt: skip
    return case_id, leader, secrets


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


@pytest.mark.parametrize("role", HANDLERS)
def test_no_row_that_a_handler_may_read_holds_a_word_of_it(walked, role):
    with unit_of_work(OWNER) as session:
        assert found(session, role, walked[2]) == {}


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
