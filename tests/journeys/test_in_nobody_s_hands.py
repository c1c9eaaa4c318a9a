"""M67 over HTTP: the night's list of what nobody has in hand, made by the worker, read by the safety office."""

import pytest
from sqlalchemy import text
from test_a_report_reaches_the_feed import dispatched

from cases import aftercare
from kit import clock
from kit.db import OWNER, unit_of_work


def tonight():
    with unit_of_work("jz_worker") as session:
        aftercare.find_orphans(session, now=clock.now())


@pytest.fixture(autouse=True)
def _lists_end_here(client):
    yield
    with unit_of_work(OWNER) as session:
        session.execute(text("delete from handling.orphan_list"))


def test_m67_the_worker_finds_it_and_the_safety_office_reads_it(client, work, sign_in):
    _, _, case_id = dispatched(client, work, sign_in("desk"))
    tonight()
    with unit_of_work(OWNER) as session:
        session.execute(text("update handling.clock set stopped_at = now()"))
        session.execute(text("update handling.\"case\" set opened_at = opened_at - interval '2 hours'"))
    tonight()
    safety = sign_in("safety")
    page = safety.get("/orphan-lists?limit=1").json()
    assert [(each["kind"], each["case_id"]) for each in page["items"][0]["items"]] == [("no_deadline", case_id)]
    rest = safety.get(f"/orphan-lists?limit=1&after={page['next']}").json()
    assert rest["items"][0]["items"] == []
    assert sign_in("discipline").get("/orphan-lists").status_code == 200
    for stranger in ("leader", "fire", "desk"):
        refused = sign_in(stranger).get("/orphan-lists")
        assert (refused.status_code, refused.json()["code"]) == (403, "role.missing")
    for bad in ("after=x", f"after={page['next']}x", "limit=0", "which=all"):
        assert safety.get(f"/orphan-lists?{bad}").status_code == 422
