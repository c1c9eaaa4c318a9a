"""A report is refused by two, drawn when the month is over, found to be refused wrongly, and accepted (R6, M52)."""

from datetime import datetime, timedelta

import pytest
import world
from sqlalchemy import select, update

from cases.models.decisions import Refusal
from cases.models.policy import PolicyValue
from cases.models.report import ReportEvent
from cases.triage import draw_rechecks
from kit import clock
from kit.clock import LOCAL_ZONE
from kit.db import OWNER, unit_of_work
from people.models import Account
from tests import make

NOTE = {"note": "照片可见通道被堵，应当受理"}


@pytest.fixture
def refused(client, work, sign_in, second):
    """The receipt of a report that two people of the desk refused last month."""
    desk = sign_in("desk")
    receipt = client.post("/m/v1/reports", json=world.report(place=world.BORDER)).json()
    work()
    items = desk.get("/desk/reports?limit=100").json()["items"]
    report_id = next(item["id"] for item in items if item["reference"] == receipt["reference"])
    body = {"reason": "not_safety", "text": "属于邻里纠纷", "evidence": "只有花盆"}
    refusal_id = desk.desk(report_id, "refusals", body).json()["refusal"]["id"]
    assert second.desk(report_id, f"refusals/{refusal_id}/confirmation", {}).status_code == 201
    last_month = clock.now().astimezone(LOCAL_ZONE).replace(day=1) - timedelta(days=1)
    with unit_of_work(OWNER) as session:
        session.execute(update(Refusal).where(Refusal.id == refusal_id).values(decided_at=last_month))
        make.value(session, "return_resample_share", 1)
    yield receipt
    with unit_of_work(OWNER) as session:
        session.delete(session.scalars(select(PolicyValue).where(PolicyValue.note == "tests")).one())


@pytest.fixture
def drawn(refused, sign_in):
    """Its receipt with the re-check that waits for the safety office."""
    with unit_of_work(OWNER) as session:
        draw_rechecks(session, now=clock.now())
    (item,) = sign_in("safety").get("/rechecks").json()["items"]
    return refused, item


def tracked(client, receipt):
    return client.post("/m/v1/tracking", json={"tracking_code": receipt["tracking_code"]}).json()


def test_r6_what_was_refused_wrongly_is_accepted_and_its_reporter_reads_so(client, sign_in, drawn, work):
    receipt, item = drawn
    safety, desk = sign_in("safety"), sign_in("desk")
    assert (item["state"], item["why"], item["category"]) == ("due", "sample", "FIR-01")
    seen = safety.get(f"/rechecks/{item['id']}")
    assert seen.headers["cache-control"] == "no-store"
    read = seen.json()
    assert read["refusal"]["evidence"] == "只有花盆"
    assert read["report"]["text"] == "消防通道被电动车堵死了，出不去"
    assert not {"client_id", "point", "accuracy_m", "tracking_code"} & set(read["report"])

    done = safety.post(f"/rechecks/{item['id']}/overturning", NOTE, seen=read["version"])

    assert (done.status_code, done.json()["state"]) == (201, "overturned"), done.text
    told = tracked(client, receipt)
    assert (told["state"], told["not_accepted"]) == ("in_review", None)
    assert told["next"]["due_at"] is not None
    assert [line["text"] for line in told["timeline"]][-2:] == [
        "不予受理，已告知理由",
        "经复查，您的举报重新进入受理审核",
    ]
    assert NOTE["note"] not in str(told)
    waiting = desk.get("/desk/reports?limit=100").json()["items"]
    (back,) = [each for each in waiting if each["reference"] == receipt["reference"]]
    assert back["waits_for"] == "overturned"
    assert desk.desk(back["id"], "acceptances", {}).status_code == 201
    assert tracked(client, receipt)["state"] == "accepted"
    assert safety.get("/rechecks").json()["items"] == []


def test_r6_upheld_it_stays_refused(client, sign_in, drawn):
    receipt, item = drawn
    done = sign_in("safety").post(f"/rechecks/{item['id']}/confirmation", {"note": "确属纠纷"}, seen=item["version"])
    assert (done.status_code, done.json()["state"]) == (201, "confirmed"), done.text
    assert tracked(client, receipt)["state"] == "not_accepted"
    again = sign_in("safety").post(f"/rechecks/{item['id']}/overturning", NOTE, seen=done.json()["version"])
    assert (again.status_code, again.json()["code"]) == (409, "case.not_in_state")


def test_m52_the_draw_is_there_to_be_drawn_again(sign_in, drawn):
    month = (clock.now().astimezone(LOCAL_ZONE).replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    (found,) = sign_in("safety").get(f"/rechecks/draws?month={month}").json()["items"]
    assert len(found["seed"]) == 32
    assert found["pool"] == found["drawn"] != []
    assert datetime.fromisoformat(found["drawn_at"])


def test_c12_f57_nobody_else_reads_it_and_who_does_is_written_down(sign_in, drawn):
    _, item = drawn
    for name in ("desk", "leader", "fire", "discipline", "clerk"):
        for path in ("/rechecks", f"/rechecks/{item['id']}", "/rechecks/draws?month=2026-01"):
            answer = sign_in(name).get(path)
            assert (answer.status_code, answer.json()["code"]) == (403, "role.missing")
        answer = sign_in(name).post(f"/rechecks/{item['id']}/overturning", NOTE, seen=item["version"])
        assert (answer.status_code, answer.json()["code"]) == (403, "role.missing")
    sign_in("safety").get(f"/rechecks/{item['id']}")
    with unit_of_work(OWNER) as session:
        read = session.scalars(select(ReportEvent).where(ReportEvent.kind == "recheck_read")).all()
        who = session.scalars(select(Account.id).where(Account.username == "walk-safety")).one()
        assert [each.actor for each in read] == [f"officer:{who}"]


@pytest.mark.parametrize(
    ("body", "seen", "status"),
    [
        ({"note": ""}, 1, 422),
        ({"note": "\x00"}, 1, 422),
        ({"note": "x", "state": "overturned"}, 1, 422),
        ({}, 1, 422),
        (NOTE, None, 428),
        (NOTE, 7, 412),
    ],
)
def test_what_is_not_understood_changes_nothing(sign_in, drawn, body, seen, status):
    _, item = drawn
    answer = sign_in("safety").post(f"/rechecks/{item['id']}/overturning", body, seen=seen)
    assert answer.status_code == status, answer.text
    assert sign_in("safety").get("/rechecks").json()["items"] == [item]
