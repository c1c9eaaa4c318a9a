"""G-LIST over HTTP: the order makes the safety office owe a decision; one proposes not to list it, another agrees."""

from test_others_accept import done, fire_leader, order, proposed, refused

from people.roles import Role

MAJOR = {"grade": "major", "criterion": {"code": "fire", "clause": "第6.1.1条"}}
WHY = {"reason": "限期内可以整改到位", "basis": "安委办会议纪要"}


def guard(officer, case_id):
    panel = officer.get(f"/cases/{case_id}/guards").json()["guards"]
    return next(each for each in panel if each["code"] == "G-LIST")


def test_two_people_of_the_office_decide_that_it_is_not_listed(client, work, sign_in, person):
    case_id = proposed(client, work, sign_in)
    done(order(fire_leader(sign_in), case_id, **MAJOR))
    work()
    safety, leader, discipline = map(sign_in, ("safety", "leader", "discipline"))
    (owed,) = safety.get("/listing-waivers").json()["items"]
    assert (owed["id"], owed["listing_waiver"]["state"]) == (case_id, "owed")
    assert discipline.get("/listing-waivers?state=proposed").json()["items"] == []
    assert any(owed["number"] in each["text"] for each in safety.get("/notices").json()["items"])
    assert leader.get("/listing-waivers").status_code == 403
    refused(leader.act(case_id, "listing-waivers", WHY), "role.missing")

    assert safety.act(case_id, "listing-waivers", {"reason": "x"}).status_code == 422
    waiver = done(safety.act(case_id, "listing-waivers", WHY))["listing_waiver"]
    shut = guard(leader, case_id)
    assert (shut["holds"], shut["link"]) == (False, f"/cases/{case_id}#/listing_waivers")
    path = f"listing-waivers/{waiver['id']}"
    refused(safety.act(case_id, f"{path}/confirmation", {}), "case.same_person")
    another = sign_in(person(Role.SAFETY_OFFICE)[0].removeprefix("walk-"))
    agreed = done(another.act(case_id, f"{path}/confirmation", {}))["listing_waiver"]
    assert guard(leader, case_id)["holds"]
    assert leader.get(f"/cases/{case_id}").json()["listing_waivers"] == [agreed]

    again = another.act(case_id, "listing-waivers", WHY)
    assert (again.status_code, again.json()["code"]) == (409, "listing_waiver.not_owed")
    unknown = another.act(case_id, f"listing-waivers/{case_id}/withdrawal", {"comment": "x"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "listing_waiver.unknown")
    done(safety.act(case_id, f"{path}/withdrawal", {"comment": "已有社会影响"}))
    assert guard(leader, case_id)["reason"] == "listing_undecided"
    (anew,) = safety.get("/listing-waivers?state=owed").json()["items"]
    assert anew["listing_waiver"]["id"] != waiver["id"]
    last = done(safety.act(case_id, "listing-waivers", WHY))["listing_waiver"]
    no = another.act(case_id, f"listing-waivers/{last['id']}/rejection", {"comment": "依据不足"})
    assert done(no)["listing_waiver"]["state"] == "owed"
