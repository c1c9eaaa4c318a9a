"""F18, F85, X29, T8, M50 over HTTP: a major hazard by the list, people safe meanwhile, and an exposure that binds."""

import world
from test_others_accept import done, fire_leader, order, proposed, refused

MAJOR = {"grade": "major", "criterion": {"code": "fire", "clause": "第6.1.1条"}}
EXPOSED = world.CONSEQUENCES | {"expose": {"decided": True, "reason": "社会影响大"}}


def wrong(answer):
    assert answer.status_code == 422, answer.text
    return answer.json()["code"], answer.json()["errors"][0]["pointer"]


def guard(officer, case_id):
    panel = officer.get(f"/cases/{case_id}/guards").json()["guards"]
    return next(each for each in panel if each["code"] == "G-EXP")


def test_a_major_hazard_is_one_by_the_list_and_people_are_safe_until_it_is_put_right(client, work, sign_in):
    case_id = proposed(client, work, sign_in)
    chief = fire_leader(sign_in)
    listed = chief.get("/major-criteria").json()["items"]
    assert {"fire", "town_gas", "chemicals"} <= {each["code"] for each in listed}
    assert order(chief, case_id, grade="major", criterion="很严重").status_code == 422
    unknown = MAJOR["criterion"] | {"code": "serious"}
    assert wrong(order(chief, case_id, grade="major", criterion=unknown)) == ("reason.unknown", "/criterion/code")
    unnumbered = MAJOR["criterion"] | {"clause": "很严重"}
    assert wrong(order(chief, case_id, grade="major", criterion=unnumbered)) == ("case.incomplete", "/criterion/clause")
    bare = world.PLAN | {"due_at": world.future(5), "interim": ""}
    assert wrong(order(chief, case_id, **MAJOR, plan=bare)) == ("case.incomplete", "/plan/interim")
    done(order(chief, case_id, **MAJOR))
    found = chief.get(f"/cases/{case_id}").json()
    (verdict,), (issued,) = found["verdicts"], found["orders"]
    assert (verdict["criterion_code"], verdict["criterion_clause"]) == ("fire", "第6.1.1条")
    assert verdict["criterion"].endswith("第6.1.1条")
    assert issued["interim_measures"] == world.PLAN["interim"]


def test_what_is_to_be_exposed_is_drafted_or_a_lawyer_says_why_not(client, work, sign_in):
    case_id = proposed(client, work, sign_in)
    leader, lawyer, publisher = map(sign_in, ("leader", "lawyer", "publisher"))
    done(order(leader, case_id, consequences=EXPOSED))
    assert any(each["kind"] == "to_expose" for each in publisher.get("/notices").json()["items"])
    shut = guard(leader, case_id)
    assert (shut["holds"], shut["reason"]) == (False, "exposure_not_drafted")
    why = {"reason": "当事人已注销，公开无助于整改"}
    refused(publisher.act(case_id, "exposure-refusals", why), "role.missing")
    assert wrong(lawyer.act(case_id, "exposure-refusals", {"reason": ""}))[1] == "/reason"
    said = done(lawyer.act(case_id, "exposure-refusals", why))["exposure_refusal"]
    assert guard(leader, case_id)["holds"]
    assert leader.get(f"/cases/{case_id}").json()["exposure_refusals"] == [said]
    again = lawyer.act(case_id, "exposure-refusals", why)
    assert (again.status_code, again.json()["code"]) == (409, "exposure.nothing_to_refuse")
