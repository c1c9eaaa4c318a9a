"""Bulk acts and exports over HTTP: previewed, done once, answered case by case; asked for, allowed, sent once."""

import csv
import hashlib
import io
import uuid

import pytest
import world
from test_a_report_reaches_the_feed import dispatched
from test_denied_and_looked_at_again import done

from cases.models.policy import PolicyValue
from kit.db import OWNER, unit_of_work

PRIVATE = "我家楼下王大妈看见的"


@pytest.fixture
def three(client, work, sign_in):
    """Three cases of the western town, told in words that give the reporter away."""
    west, desk = world.CENTRE, sign_in("desk")
    places = [(west[0] + step / 100, west[1]) for step in range(3)]
    return [dispatched(client, work, desk, place=place, text=f"{PRIVATE}，消防通道堵了")[2] for place in places]


@pytest.fixture
def small_limits(built):
    """A district that allows two rows unasked, and five at all."""
    with unit_of_work(OWNER) as session:
        row = PolicyValue(
            key="export_rows", version=99, effective_at=world.clock.now(), value={"free": 2, "most": 5}, note="tests"
        )  # fmt: skip
        session.add(row)
    yield
    with unit_of_work(OWNER) as session:
        session.delete(session.get_one(PolicyValue, ("export_rows", 99)))


def chosen(officer, ids):
    return [{"id": case_id, "version": officer.get(f"/cases/{case_id}").json()["version"]} for case_id in ids]


def test_t3_many_are_signed_for_at_once_and_each_answers(sign_in, three):
    clerk, officer = sign_in("clerk"), sign_in("officer")
    done(clerk.act(three[0], "signatures", {"person_id": officer.me["account_id"]}))
    body = {
        "act": {"kind": "sign", "person_id": officer.me["account_id"]},
        "cases": [*chosen(clerk, three[:2]), {"id": three[2], "version": 99}, {"id": str(uuid.uuid4()), "version": 1}],
    }  # fmt: skip

    tried = done(clerk.post("/bulk-acts/previews", body), 200)
    assert clerk.get(f"/cases/{three[1]}").json()["state"] == "dispatched"
    sent = {"id": str(uuid.uuid4()), **body}
    real = done(clerk.post("/bulk-acts", sent))

    assert [row["done"] for row in real["results"]] == [False, True, False, False]
    problems = [row["problem"] for row in real["results"] if not row["done"]]
    assert [problem["code"] for problem in problems] == ["case.not_in_state", "case.changed", "case.unknown"]
    assert problems[0]["title"] == "案件当前状态下不能进行此操作"
    assert problems[1]["current"]["id"] == three[2]
    assert tried == {name: value for name, value in real.items() if name != "id"}
    assert done(clerk.post("/bulk-acts", sent), 200) == real  # sent again: not done again
    assert clerk.get(f"/cases/{three[1]}").json()["state"] == "signed"
    other = clerk.post("/bulk-acts", sent | {"cases": sent["cases"][:1]})
    assert (other.status_code, other.json()["code"]) == (409, "bulk.id_reused")


def test_m74_many_are_urged_at_once_by_the_safety_office_alone(sign_in, three):
    safety, clerk = sign_in("safety"), sign_in("clerk")
    body = {
        "id": str(uuid.uuid4()), "act": {"kind": "urge", "level": "reminder", "text": "请尽快签收"},
        "cases": chosen(safety, three),
    }  # fmt: skip

    refused = done(clerk.post("/bulk-acts", body))
    assert {row["problem"]["code"] for row in refused["results"]} == {"not_allowed"}
    assert done(safety.post("/bulk-acts", body))["done"] == 3
    assert len(clerk.get("/urge-orders").json()["items"]) == 3


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"act": {"kind": "close", "note": "x"}}, "body.invalid", "/act"),
        ({"act": {"kind": "void"}}, "body.invalid", "/act"),
        ({"cases": []}, "body.invalid", "/cases"),
        ({"cases": [{"id": "x", "version": 1}]}, "body.invalid", "/cases/0/id"),
        ({"cases": [{"id": str(uuid.UUID(int=n)), "version": 1} for n in range(501)]}, "body.invalid", "/cases"),
        ({"cases": [{"id": str(uuid.UUID(int=n)), "version": 1} for n in range(200)]}, "bulk.too_many", "/cases"),
        ({"cases": [{"id": str(uuid.UUID(int=1)), "version": 1}] * 2}, "bulk.repeated", "/cases"),
        ({"id": "x"}, "body.invalid", "/id"),
        ({"act": {"kind": "urge", "level": "reminder", "text": "a\u0000"}}, "body.invalid", "/act/urge/text"),
    ],
)
def test_what_is_no_bulk_act_is_refused_whole(sign_in, change, code, pointer):
    """X54: there is no word for closing in bulk."""
    body = {"id": str(uuid.uuid4()), "act": {"kind": "sign", "person_id": 1},
            "cases": [{"id": str(uuid.uuid4()), "version": 1}]}  # fmt: skip

    refused = sign_in("clerk").post("/bulk-acts", body | change)

    assert (refused.status_code, refused.json()["code"]) == (422, code), refused.text
    assert refused.json()["errors"][0]["pointer"] == pointer


def ask(officer, **filter_):
    return officer.post("/exports", {"filter": filter_, "reason": "月度分析"})


def fetch(officer, export):
    return officer.post(f"/exports/{export['id']}/downloads", seen=export["version"])


def test_x38_a_small_export_is_sent_once_and_holds_nothing_of_a_reporter(sign_in, three):
    clerk = sign_in("clerk")
    export = done(ask(clerk, sort="number"))
    assert (export["state"], export["counted"]) == ("approved", 3)

    answer = fetch(clerk, export)

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert PRIVATE not in answer.text
    header, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert (len(rows), header[0], len(header)) == (3, "案件编号", len(rows[0]))
    logged = clerk.get(f"/exports/{export['id']}").json()
    assert (logged["state"], logged["rows"]) == ("downloaded", 3)
    assert logged["sha256"] == hashlib.sha256(answer.content).hexdigest()
    assert logged["mark"] in answer.headers["content-disposition"]
    again = fetch(clerk, logged)
    assert (again.status_code, again.json()["code"]) == (409, "case.not_in_state")
    assert fetch(clerk, export).status_code == 412

    discipline = sign_in("discipline")
    found = discipline.get(f"/exports/traces?number={rows[1][0]}&mark={rows[1][-1]}").json()
    assert found["id"] == export["id"]
    assert discipline.get(f"/exports/traces?number={rows[0][0]}&mark={rows[1][-1]}").status_code == 404
    assert clerk.get(f"/exports/traces?number={rows[1][0]}&mark={rows[1][-1]}").status_code == 403
    leaked = {"text": f"据悉{rows[1][5]}有隐患未整改"}
    assert [each["id"] for each in discipline.post("/exports/traces", leaked).json()["items"]] == [found["id"]]
    assert clerk.post("/exports/traces", leaked).status_code == 403
    assert sign_in("east-clerk").get(f"/exports/{export['id']}").json()["code"] == "export.unknown"


def test_q5_a_large_export_waits_for_another_person(sign_in, three, small_limits):
    clerk, safety = sign_in("clerk"), sign_in("safety")
    export = done(ask(clerk))
    assert export["state"] == "requested"
    early = fetch(clerk, export)
    assert (early.status_code, early.json()["code"]) == (409, "case.not_in_state")
    path = f"/exports/{export['id']}"
    assert clerk.post(f"{path}/approvals", {"comment": "x"}, seen=1).json()["code"] == "role.missing"
    assert [row["id"] for row in safety.get("/exports").json()["items"]] == [export["id"]]
    own = done(ask(safety))
    refused = safety.post(f"/exports/{own['id']}/approvals", {"comment": "自批"}, seen=1).json()
    assert (refused["code"], refused["guard"]) == ("case.same_person", "by_another")
    assert any(n["kind"] == "export_requested" for n in safety.get("/notices").json()["items"])

    allowed = done(safety.post(f"{path}/approvals", {"comment": "同意"}, seen=1))

    assert fetch(safety, allowed).json()["guard"] == "by_the_asker"
    assert fetch(clerk, allowed).status_code == 200
    no = done(ask(clerk))
    assert done(safety.post(f"/exports/{no['id']}/refusals", {"comment": "用途不明"}, seen=1))["state"] == "refused"
    assert fetch(clerk, no | {"version": 2}).json()["code"] == "case.not_in_state"
    assert sign_in("officer").post("/exports", {"filter": {}, "reason": "x"}).json()["code"] == "role.missing"
    assert sign_in("discipline").post("/exports", {"filter": {}, "reason": "x"}).json()["code"] == "role.missing"


def test_a_list_that_has_grown_is_not_sent(client, work, sign_in, three, small_limits):
    """What was allowed was so many rows; more of them is another export."""
    clerk, safety, desk = sign_in("clerk"), sign_in("safety"), sign_in("desk")
    export = done(ask(clerk))
    allowed = done(safety.post(f"/exports/{export['id']}/approvals", {"comment": "同意"}, seen=1))
    dispatched(client, work, desk, place=(world.CENTRE[0] - 0.02, world.CENTRE[1]))

    refused = fetch(clerk, allowed)

    assert (refused.status_code, refused.json()["code"]) == (409, "export.has_grown")
    assert clerk.get(f"/exports/{export['id']}").json()["state"] == "approved"
    for step in (3, 4):
        dispatched(client, work, desk, place=(world.CENTRE[0] - step / 100, world.CENTRE[1]))
    many = ask(clerk)
    assert (many.status_code, many.json()["code"]) == (422, "export.too_many_rows")


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"filter": {}, "reason": ""}, "body.invalid", "/reason"),
        ({"filter": {}}, "body.invalid", "/reason"),
        ({"filter": {"fields": ["report"]}, "reason": "x"}, "body.invalid", "/filter/fields"),
        ({"filter": {"tag": ["nope"]}, "reason": "x"}, "tag.unknown", "/filter/tag"),
        ({"filter": {}, "reason": "a\u0000"}, "body.invalid", "/reason"),
    ],
)
def test_an_export_of_nonsense_is_refused_with_the_field(sign_in, body, code, pointer):
    refused = sign_in("clerk").post("/exports", body)

    assert (refused.status_code, refused.json()["code"]) == (422, code), refused.text
    assert refused.json()["errors"][0]["pointer"] == pointer
