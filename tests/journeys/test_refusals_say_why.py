"""What is refused over HTTP says why, in both languages: the guard that shut, the field at fault, the unknown word."""

import base64

import pytest
import world
from test_a_report_reaches_the_feed import dispatched
from test_denied_and_looked_at_again import begun, done


def test_a_guard_that_refused_is_named_with_its_rule(client, work, sign_in):
    """T7, C2: the problem has the guard, the rule, and a title in the language that was asked for."""
    case_id = begun(client, work, sign_in)
    officer = sign_in("officer")
    done(officer.act(case_id, "verdicts", {"outcome": "substantiated", "summary": "属实"}))
    plan = world.PLAN | {"due_at": world.future(9), "funding": " "}

    shut = sign_in("leader").act(
        case_id, "orders", {"text": "整改", "plan": plan, "consequences": world.CONSEQUENCES}
    ).json()  # fmt: skip

    assert (shut["code"], shut["guard"], shut["rule"]) == ("case.incomplete", "five_items", "T8")
    assert (shut["title"], shut["missing"]) == ("材料或内容不齐全", ["funding"])
    assert [fault["pointer"] for fault in shut["errors"]] == ["/plan"]
    english = client.post(
        f"/o/v1/cases/{case_id}/closures", json={"note": "办结"},
        headers=officer.headers | {"Accept-Language": "en", "If-Match": f'"{shut_version(officer, case_id)}"'},
    ).json()  # fmt: skip
    assert (english["code"], english["title"]) == ("role.missing", "None of your roles may do this")


def shut_version(officer, case_id):
    return officer.get(f"/cases/{case_id}").json()["version"]


def test_a_reason_outside_its_list_names_its_field(client, work, sign_in):
    """C3, T20: `reason.unknown` points at the field that held it."""
    _receipt, _report_id, case_id = dispatched(client, work, sign_in("desk"))

    refused = sign_in("desk").act(case_id, "voidings", {"reason": "whatever", "text": "重复录入"})

    assert (refused.status_code, refused.json()["code"]) == (422, "reason.unknown")
    assert [(each["pointer"], each["code"]) for each in refused.json()["errors"]] == [("/reason", "reason.unknown")]


@pytest.mark.parametrize(
    ("query", "code", "pointer"),
    [
        ("state=nonsense", "body.invalid", "?state"),
        ("urgency=HIGH", "body.invalid", "?urgency"),
        ("category=ZZZ-99", "category.unknown", "?category"),
        ("category=%00", "body.invalid", "?category"),
        ("due_before=tomorrow", "body.invalid", "?due_before"),
        ("categroy=FIR-01", "query.unknown", "?categroy"),
        ("state=signed&colour=red", "query.unknown", "?colour"),
        ("after=" + "A" * 301, "body.invalid", "?after"),
        ("x" * 3000 + "=1", "query.unknown", "?" + "x" * 64),
        ("&".join(f"state=signed&a{i}=1" for i in range(15)), "query.unknown", "?a0"),
    ],
)
def test_the_queue_knows_its_filters(sign_in, query, code, pointer):
    refused = sign_in("clerk").get(f"/queue?{query}")

    assert (refused.status_code, refused.json()["code"]) == (422, code), refused.text
    assert refused.json()["errors"][0]["pointer"] == pointer


def test_a_page_is_the_same_through_the_door_and_through_the_framework(client, work, sign_in):
    """The plain page goes past the framework (api/doors.py); what it does not know goes on to the same function."""
    for step in range(3):
        dispatched(client, work, sign_in("desk"), place=(world.CENTRE[0] + step / 100, world.CENTRE[1]))
    clerk = sign_in("clerk")
    first = clerk.get("/queue?limit=2")
    after = first.json()["next"]

    assert first.headers["content-type"] == "application/json"
    assert len(first.json()["items"]) == 2
    assert clerk.get("/queue?limit=02").json() == first.json()
    assert clerk.get(f"/queue?limit=2&after={after}").json() == clerk.get(f"/queue?after={after}&limit=2").json()
    assert len(clerk.get(f"/queue?after={after}").json()["items"]) == len(clerk.get("/queue?").json()["items"]) - 2
    for query in ("limit=2", "limit=02"):
        for headers in ({}, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer nobody"}):
            refused = client.get(f"/o/v1/queue?{query}", headers=headers)
            assert (refused.status_code, refused.json()["code"]) == (401, "sign_in.required"), (query, headers)
    for query in ("limit=0", "limit=101", "limit=1e1", "limit=%31&limit=x"):
        refused = clerk.get(f"/queue?{query}")
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "?limit"), query


def test_every_list_of_officers_refuses_a_word_that_it_does_not_know(client, sign_in):
    """A mistyped filter must not show everything."""
    safety = sign_in("safety")
    paths = ("/me", "/extensions", "/urge-orders", "/voidings", "/second-looks", "/operations", "/exposures")

    told = {path: safety.get(f"{path}?stat=x").json()["code"] for path in paths}

    assert told == dict.fromkeys(paths, "query.unknown")


def test_a_cursor_is_of_its_filters_and_of_its_office(client, work, sign_in):
    """A page goes on where it ended, for those who read it, as they asked; anything else begins anew."""
    for step in range(3):  # far enough from each other to be no repetition
        dispatched(client, work, sign_in("desk"), place=(world.CENTRE[0] + step / 100, world.CENTRE[1]))
    clerk, desk = sign_in("clerk"), sign_in("desk")
    page = clerk.get("/queue?limit=1&urgency=urgent&urgency=urgent").json()
    first = clerk.get("/queue?limit=1").json()
    cursor = first["next"]
    forged = base64.urlsafe_b64encode(b"0" * 12 + b'["2026-01-01T00:00:00+00:00","x"]').decode()

    seen = [first["items"][0]["task_id"]]
    while first["next"]:
        first = clerk.get(f"/queue?limit=1&after={first['next']}").json()
        seen += [row["task_id"] for row in first["items"]]

    assert len(seen) == len(set(seen)) == 3
    assert page["items"] == [] or page["next"] != cursor
    for who, query in ((clerk, "&state=dispatched"), (clerk, "&category=FIR-01"), (desk, "")):
        refused = who.get(f"/queue?limit=1&after={cursor}{query}")
        assert (refused.status_code, refused.json()["code"]) == (422, "page.cursor_invalid"), refused.text
    for wrong in (forged, "A", "*", "", cursor[:-2], cursor + "AAAA"):
        assert clerk.get(f"/queue?after={wrong}").json()["code"] == "page.cursor_invalid", wrong


def test_a_cursor_of_one_list_of_the_desk_is_none_of_another_nor_anybody_else_s(client, work, sign_in, second):
    """One that went on elsewhere would leave out what it has never shown."""
    for _ in range(2):
        client.post("/m/v1/reports", json=world.report(place=world.OUTSIDE))
    work()
    desk = sign_in("desk")
    cursor = desk.get("/desk/reports?limit=1").json()["next"]
    assert len(desk.get(f"/desk/reports?limit=1&after={cursor}").json()["items"]) == 1
    elsewhere = [(desk, f"/desk/reports?which={which}&") for which in ("to_confirm", "to_reply", "dissatisfied")]
    elsewhere += [(desk, "/desk/refusals?"), (desk, "/desk/review-requests?"), (second, "/desk/reports?")]
    for who, path in elsewhere:
        refused = who.get(f"{path}after={cursor}")
        assert (refused.status_code, refused.json()["code"]) == (422, "page.cursor_invalid"), path
