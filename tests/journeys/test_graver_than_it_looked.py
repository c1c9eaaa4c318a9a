"""Over HTTP: the desk reads a circumstance from a report, an officer learns one, and the place is made safe ((d))."""

import pytest
import world


def done(answer):
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


def accepted(client, work, sign_in, category, *circumstances):
    """A report of a category that the desk has accepted under circumstances; gives the case."""
    sent = world.report(category=category, emergency={"answer": "happening"})
    done(client.post("/m/v1/reports", json=sent))
    work()
    desk = sign_in("desk")
    (waiting,) = desk.get("/desk/reports").json()["items"]
    shown = desk.get(f"/desk/reports/{waiting['id']}").json()["circumstances"]
    assert set(circumstances) <= {each["when"] for each in shown}
    case = done(desk.desk(waiting["id"], "acceptances", {"circumstances": list(circumstances)}))["case"]
    work()
    return case["id"]


def test_a_manhole_is_open_and_the_cordon_is_shown(client, work, sign_in):
    case_id = accepted(client, work, sign_in, "PUB-01", "no_operator")
    clerk, officer, discipline = map(sign_in, ("clerk", "officer", "discipline"))
    found = officer.get(f"/cases/{case_id}").json()
    assert (found["circumstances"], found["urgency"]) == (["no_operator"], "immediate")
    assert {"cordon", "first_arrival"} <= {each["kind"] for each in found["clocks"]}
    mine = clerk.get("/notices").json()["items"]
    assert any(found["number"] in each["text"] and "【特急】" in each["text"] for each in mine)

    body = {"kind": "cordon", "note": "已设锥筒和警戒带"}
    refused = officer.act(case_id, "safeguards", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "case.incomplete")
    assert officer.act(case_id, "safeguards", body | {"kind": "prayer"}).status_code == 422
    picture = done(officer.take_picture(case_id, "near"))["id"]
    assert officer.post(f"/cases/{case_id}/safeguards", body | {"picture_id": picture}).status_code == 428
    done(officer.act(case_id, "safeguards", body | {"picture_id": picture}))
    again = officer.act(case_id, "safeguards", body | {"picture_id": picture})
    assert (again.status_code, again.json()["code"]) == (409, "safeguard.not_asked_for")
    assert "cordon" not in {each["kind"] for each in officer.get(f"/cases/{case_id}").json()["clocks"]}
    assert discipline.act(case_id, "safeguards", body).status_code == 403
    assert sign_in("east-clerk").get(f"/cases/{case_id}/circumstances").status_code == 404


def test_a_unit_refuses_and_a_penalty_is_mandatory_from_then_on(client, work, sign_in):
    case_id = accepted(client, work, sign_in, "FIR-01")
    officer = sign_in("officer")
    (known,) = officer.get(f"/cases/{case_id}/circumstances").json()["items"]
    assert (known["when"], known["holds"], known["desk_only"]) == ("unit_refuses", False, False)
    facts = {"when": "unit_refuses", "facts": "物业拒绝清理通道"}
    noted = done(officer.act(case_id, "circumstances", facts))
    assert (noted["penalty_policy"], noted["circumstances"]) == ("mandatory", ["unit_refuses"])
    for body, status, code in (
        (facts, 409, "circumstance.known"),
        (facts | {"when": "leak"}, 422, "circumstance.unknown"),
        (facts | {"when": ""}, 422, None),
        (facts | {"facts": "\x00"}, 422, None),
    ):
        refused = officer.act(case_id, "circumstances", body)
        assert refused.status_code == status, refused.text
        assert code in {None, refused.json()["code"]}


@pytest.mark.parametrize("circumstances", [["leak"], ["no_such"], ["x"] * 11, "leak"])
def test_the_desk_names_only_what_the_category_knows(client, work, sign_in, circumstances):
    done(client.post("/m/v1/reports", json=world.report(emergency={"answer": "happening"})))
    work()
    desk = sign_in("desk")
    (waiting,) = desk.get("/desk/reports").json()["items"]
    refused = desk.desk(waiting["id"], "acceptances", {"circumstances": circumstances})
    assert refused.status_code == 422
    assert desk.get(f"/desk/reports/{waiting['id']}").json()["state"] == "in_review"
