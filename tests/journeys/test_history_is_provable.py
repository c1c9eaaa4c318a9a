"""A reporter proves what was received, an outsider that the log has only grown (promise 8), over public data alone."""

import html
import json
import re
from datetime import timedelta

import pytest
import typer
import world
from lxml import etree
from sqlalchemy import text
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.app import create_app
from api.public.formats import atom
from api.public.raw_feed import RawFeed
from cases import history
from cli.verify_receipt import verify_receipt
from kit import merkle
from kit.clock import now
from kit.db import OWNER, unit_of_work
from kit.signed_note import public_key

APP = typer.Typer()
APP.command()(verify_receipt)


def grow():
    with unit_of_work("jz_worker") as session:
        return history.put_in(session, now=now())


def send(client, **changes):
    sent = world.report(**changes)
    answer = client.post("/m/v1/reports", json=sent)
    assert answer.status_code == 201, answer.text
    return sent, answer.json()


def entry_of(receipt):
    return receipt["proof"]["note"].splitlines()[4]


@pytest.fixture
def kept(client, tmp_path):
    """What a careful reporter keeps, as files."""
    sent, receipt = send(client)
    grow()
    entry = entry_of(receipt)
    files = {
        "receipt": json.dumps(receipt), "report": json.dumps(sent), "head": client.get("/log/head").text,
        "proof": client.get("/log/proof", params={"entry": entry}).text, "key": client.get("/log/key").text,
    }  # fmt: skip
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path


def verify(kept, *without):
    options = [f"--{name}={kept / name}" for name in ("report", "proof", "head") if name not in without]
    key = (kept / "key").read_text(encoding="utf-8")
    return CliRunner().invoke(APP, [str(kept / "receipt"), f"--key={key}", *options])


def test_a_receipt_leads_to_the_signed_log(kept):
    told = verify(kept)
    assert told.exit_code == 0, told.output
    assert "for this report, word for word" in told.stdout
    assert "The entry is in the log that this head signs." in told.stdout
    assert verify(kept, "report", "proof", "head").exit_code == 0


@pytest.mark.parametrize(
    ("name", "was", "becomes", "says"),
    [
        ("receipt", r'"salt": ?"\w', '"salt":"g', "proves nothing"),
        ("receipt", r'"content": ?"\w{4}', '"content":"0000', "proves nothing"),
        ("receipt", r'("note": ?"[^\\]+\\n)\w', r"\g<1>x", "proves nothing"),
        ("report", r'"text": ?"', '"text": "另外', "another content"),
        ("proof", r'"index": ?\d+', '"index": 7', "does not lead"),
        ("proof", r'"size": ?\d', '"size": 9', "does not lead"),
        ("proof", r"^.*$", "[]", "no proof"),
        ("head", r"\n(\d+)\n", r"\n1\1\n", "no head under this key"),
        ("report", r"^.*$", "{}", "no report as phones send it"),
        ("key", r"^.*$", "nothing", "proves nothing"),
    ],
)
def test_what_was_changed_proves_nothing(kept, name, was, becomes, says):
    path = kept / name
    changed = re.sub(was, becomes, path.read_text(encoding="utf-8"), count=1, flags=re.DOTALL)
    assert changed != path.read_text(encoding="utf-8")
    path.write_text(changed, encoding="utf-8")
    told = verify(kept)
    assert told.exit_code == 1
    assert re.search(says, str(told.exception)), told.exception


def test_a_proof_and_its_head_go_together(kept):
    assert "together" in str(verify(kept, "head").exception)
    assert "cannot be read" in str(CliRunner().invoke(APP, [str(kept / "nothing")]).exception)


def test_a_retry_gets_the_same_receipt(client):
    sent, receipt = send(client)
    again = client.post("/m/v1/reports", json=sent)
    assert (again.status_code, again.json()["replay"]) == (200, True)
    assert again.json()["proof"] == receipt["proof"]


def test_the_log_has_only_grown(client):
    key = public_key(client.get("/log/key").text)[1]
    tops = []
    for _ in range(3):
        send(client)
        grow()
        tops.append(history.read_head(client.get("/log/head").text, key))
    for old, new in ((tops[0], tops[1]), (tops[0], tops[2]), (tops[2], tops[2])):
        told = client.get("/log/consistency", params={"from": old.size, "to": new.size}).json()
        path = [bytes.fromhex(step) for step in told["path"]]
        assert merkle.is_consistent(old.size, new.size, old.root, new.root, path)


def test_every_entry_of_a_whole_journey_is_in_the_log(client, work):
    """Report and case, chained and proved; what was recorded verifies."""
    send(client)
    work()
    while grow():
        pass
    with unit_of_work(OWNER) as session:
        raw = session.connection().connection.driver_connection
        found = history.audit(history.as_dumped(raw), history.signer().public)
        kinds = session.execute(text("select count(*) from handling.case_event")).scalar()
    assert (found.first, found.waiting) == (None, 0)
    assert found.entries == found.size > kinds > 0


def test_every_feed_carries_the_day_s_head(client):
    """Whoever keeps a feed keeps a witness; all readers of a day get the same one."""
    send(client)
    with unit_of_work("jz_worker") as session:
        history.put_in(session, now=now() - timedelta(days=1))
    yesterday = client.get("/log/head").text
    send(client)
    grow()
    assert client.get("/log/head").text != yesterday
    listed = client.get("/open/exposures").json()
    assert listed["log_head"] == yesterday
    with unit_of_work("jz_api", role="jz_public") as session:
        head = history.of_the_day(session, now=now())
    feed = etree.fromstring(atom.document([], base_url="https://a.example", now=now(), log_head=head.note))
    (told,) = feed.iter("{tag:jingzhong,2026:feed}log-head")
    assert history.read_head(told.text, public_key(client.get("/log/key").text)[1]).size == 1
    with TestClient(RawFeed(create_app())) as fresh:  # made at its start
        assert yesterday in html.unescape(fresh.get("/feeds/exposures.atom").text)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/log/proof?entry=" + "0" * 64, 404, "log.entry_unknown"),
        ("/log/proof?entry=zz", 422, None),
        ("/log/proof?entry=" + "A" * 64, 422, None),
        ("/log/proof", 422, None),
        ("/log/proof?size=0&entry=" + "0" * 64, 422, None),
        ("/log/proof?size=99999999999999999999&entry=" + "0" * 64, 422, None),
        ("/log/consistency?from=0&to=1", 422, "log.sizes"),
        ("/log/consistency?from=2&to=1", 422, "log.sizes"),
        ("/log/consistency?from=1&to=99999999999999999999999", 422, "log.sizes"),
        ("/log/consistency?from=x&to=1", 422, None),
    ],
)
def test_what_cannot_be_proved_is_a_problem_with_a_code(client, path, status, code):
    answer = client.get(path)
    assert answer.status_code == status
    assert code in (None, answer.json()["code"])
    assert answer.json()["code"]


def test_an_empty_log_has_no_head(client):
    with unit_of_work(OWNER) as session:
        session.execute(text("set local session_replication_role = replica"))
        session.execute(text("delete from record.log_head"))
        session.execute(text("delete from record.log_node"))
    answer = client.get("/log/head")
    assert (answer.status_code, answer.json()["code"]) == (404, "log.empty")
