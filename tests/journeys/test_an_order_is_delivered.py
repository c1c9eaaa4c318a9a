"""送达回证 over HTTP: an order is refused, left before witnesses, and its paper says so (M39, F10)."""

import uuid

import pytest
import world
from test_a_report_reaches_the_feed import dispatched, handled


@pytest.fixture
def case_id(client, work, sign_in):
    """A case with an order."""
    _, _, case_id = dispatched(client, work, sign_in("desk"))
    handled(sign_in, case_id)
    work()
    return case_id


def test_f10_an_order_that_was_refused_is_left_before_witnesses(work, sign_in, case_id):
    officer, safety, stranger = map(sign_in, ("officer", "safety", "east-clerk"))
    (order,) = officer.get(f"/cases/{case_id}").json()["orders"]
    noun = f"orders/{order['id']}/delivery"
    said = {"how": "left", "delivered_at": world.future(0), "recipient": "王某", "note": "拒绝签收，留置于前台"}
    alone = officer.act(case_id, noun, said)
    assert (alone.status_code, alone.json()["code"], alone.json()["missing"]) == (422, "case.incomplete", ["witnesses"])
    whole = said | {"witnesses": ["社区工作人员李某"]}
    for wrong in ({"how": "mail"}, {"filmed": "yes"}, {"delivered_at": "2026-01-01T00:00:00"}, {"more": 1},
                  {"witnesses": ["x"] * 11}, {"recipient": ""}, {"note": "\u202e"}):  # fmt: skip
        assert officer.act(case_id, noun, whole | wrong).status_code == 422, wrong
    early = officer.act(case_id, noun, whole | {"delivered_at": "2020-01-01T00:00:00+08:00"})
    assert early.json()["code"] == "order.delivery_out_of_time"
    unknown = officer.act(case_id, f"orders/{uuid.uuid4()}/delivery", whole)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "order.unknown")
    assert safety.act(case_id, noun, whole).status_code == 403
    assert stranger.post(f"/cases/{case_id}/{noun}", whole, seen=1).status_code == 404
    assert officer.post(f"/cases/{case_id}/{noun}", whole).status_code == 428

    told = officer.act(case_id, noun, whole)
    assert told.status_code == 201, told.text
    assert told.json()["delivery"]["witnesses"] == ["社区工作人员李某"]
    again = officer.act(case_id, noun, whole)
    assert (again.status_code, again.json()["code"]) == (409, "order.delivered")
    seen = officer.get(f"/cases/{case_id}").json()
    assert [(row["order_id"], row["how"]) for row in seen["deliveries"]] == [(order["id"], "left")]
    assert "order_delivered" in [entry["kind"] for entry in seen["trail"]]
    assert officer.act(case_id, "papers", {"kind": "order", "subject_id": order["id"]}).status_code == 201
