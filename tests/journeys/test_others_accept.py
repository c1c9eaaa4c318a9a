"""M64, C2, X20, T8, T14, T15 over HTTP: others accept, of a body that has a task, and they have been at the place."""

import world
from sqlalchemy import select, update
from test_a_report_reaches_the_feed import dispatched

from cases.models.case import Task
from kit.db import OWNER, unit_of_work
from people import sign_in as signing
from people.models import Account, Org
from people.roles import Role

FAILED = {"result": "fail", "note": "未清理", "findings": ["通道仍堵"]}


def refused(answer, code):
    assert answer.status_code == 403, answer.text
    assert answer.json()["code"] == code, answer.text


def done(answer):
    assert answer.status_code == 201, answer.text
    return answer.json()


def proposed(client, work, sign_in):
    """A blocked exit that was found."""
    case_id = dispatched(client, work, sign_in("desk"))[2]
    clerk, officer = sign_in("clerk"), sign_in("officer")
    done(clerk.act(case_id, "signatures", {"person_id": officer.me["account_id"]}))
    lon, lat = world.CENTRE
    done(officer.act(case_id, "visits", {"position": {"lon": lon, "lat": lat, "crs": "wgs84"}}))
    done(officer.write_record(case_id, world.RECORD))
    for role in ("near", "far"):
        done(officer.take_picture(case_id, role))
    done(officer.act(case_id, "verdicts", {"outcome": "substantiated", "summary": "属实"}))
    return case_id


def order(officer, case_id, **changes):
    plan = world.PLAN | {"due_at": world.future(5)}
    return officer.act(
        case_id, "orders", {"text": "限期整改", "plan": plan, "consequences": world.CONSEQUENCES} | changes
    )


def completed(sign_in, case_id):
    officer = sign_in("officer")
    done(officer.take_picture(case_id, "after"))
    done(officer.act(case_id, "completions", {"statement": "已清理完毕"}))


def fire_leader(sign_in):
    with unit_of_work(OWNER) as session:
        if session.scalars(select(Account).where(Account.username == "walk-fire-leader")).one_or_none() is None:
            org = session.scalars(select(Org).where(Org.code == "F")).one()
            signing.create_officer(
                session, org=org, username="walk-fire-leader", name="fire-leader", password=world.PASSWORD,
                roles=[Role.DEPT_LEADER],
            )  # fmt: skip
    return sign_in("fire-leader")


def task_of_fire(case_id, state):
    """Take the department's task away, or give it back."""
    with unit_of_work(OWNER) as session:
        fire = select(Org.id).where(Org.code == "F").scalar_subquery()
        session.execute(update(Task).where(Task.case_id == case_id, Task.org_id == fire).values(state=state))


def test_m64_c2_whoever_ordered_does_not_accept_nor_does_a_body_that_lost_its_task(client, work, sign_in):
    case_id = proposed(client, work, sign_in)
    leader, second, fire = map(sign_in, ("leader", "second", "fire"))
    done(order(leader, case_id))
    completed(sign_in, case_id)
    refused(leader.accept_all(case_id), "case.same_person")
    refused(leader.act(case_id, "acceptances", FAILED), "case.same_person")
    task_of_fire(case_id, "cancelled")
    refused(fire.accept_all(case_id), "case.not_your_body")
    refused(fire.act(case_id, "acceptances", FAILED), "case.not_your_body")
    assert done(second.accept_all(case_id))["state"] == "closure_review"


def test_t8_t15_f18_a_major_hazard_is_ordered_and_accepted_by_the_department_that_leads(client, work, sign_in):
    case_id = proposed(client, work, sign_in)
    chief, fire, second = fire_leader(sign_in), sign_in("fire"), sign_in("second")
    major = {"grade": "major", "criterion": {"code": "fire", "clause": "第6.1.1条"}}
    task_of_fire(case_id, "cancelled")
    refused(order(chief, case_id, **major), "case.not_your_body")
    task_of_fire(case_id, "open")
    assert done(order(chief, case_id, **major))["grade"] == "major"
    completed(sign_in, case_id)
    refused(second.accept_all(case_id), "acceptance.by_another_body")
    refused(chief.accept_all(case_id), "case.same_person")
    assert done(fire.accept_all(case_id))["state"] == "closure_review"


def missing(answer):
    assert (answer.status_code, answer.json()["code"]) == (422, "case.incomplete"), answer.text
    return answer.json()["missing"]


def test_x20_t14_t15_whoever_accepts_has_been_there_and_shows_it(client, work, sign_in):
    case_id = proposed(client, work, sign_in)
    leader, officer, second = map(sign_in, ("leader", "officer", "second"))
    done(order(leader, case_id))
    completed(sign_in, case_id)
    assert missing(second.act(case_id, "acceptances", FAILED)) == ["arrival"]
    lon, lat = world.CENTRE
    here = {"position": {"lon": lon, "lat": lat, "crs": "wgs84"}}
    refused(officer.act(case_id, "acceptance-arrivals", here), "case.same_person")
    far = second.act(case_id, "acceptance-arrivals", {"position": here["position"] | {"lon": lon + 0.03}})
    assert (far.status_code, far.json()["errors"][0]["pointer"]) == (422, "/distance_reason")
    arrived = done(second.act(case_id, "acceptance-arrivals", here))
    assert (arrived["state"], arrived["arrival"]["distance_m"]) == ("acceptance", 0)
    done(officer.take_picture(case_id, "after"))
    assert missing(second.act(case_id, "acceptances", FAILED)) == ["photo_after"]
    done(second.take_picture(case_id, "after"))
    assert done(second.act(case_id, "acceptances", FAILED))["state"] == "rectifying"
    completed(sign_in, case_id)
    findings = second.get(f"/cases/{case_id}").json()["findings"]
    passed = {
        "result": "pass",
        "note": "合格",
        "checks": [{"finding_id": each["id"], "result": "pass"} for each in findings],
    }
    assert missing(second.act(case_id, "acceptances", passed)) == ["arrival"]
    second.be_there(case_id)
    assert done(second.act(case_id, "acceptances", passed))["state"] == "closure_review"
    seen = second.get(f"/cases/{case_id}").json()
    assert [each["arrival_id"] for each in seen["acceptances"]] == [each["id"] for each in seen["arrivals"]]
