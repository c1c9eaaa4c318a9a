"""M18, X41 over HTTP: who scans a posted notice reports as anybody does; a number says so, and nobody else."""

import secrets

import pytest
import world
from sqlalchemy import select
from test_a_report_reaches_the_feed import dispatched

from cases.models.case import Case
from cases.models.paper import Paper
from cases.models.report import Report
from kit import clock
from kit.db import OWNER, unit_of_work
from people.models import Account


@pytest.fixture
def notice(client, work, sign_in):
    """The code of a notice that was printed for a case."""
    _, _, case_id = dispatched(client, work, sign_in("desk"))
    code = secrets.token_hex(8)
    with unit_of_work(OWNER) as session:
        officer = session.scalars(select(Account.id).where(Account.username == "walk-officer")).one()
        session.add(
            Paper(
                case_id=session.get_one(Case, case_id).id, kind="notice", edition=1, state="asked", content={},
                content_sha256=code.encode(), code=code, asked_by=officer, asked_at=clock.now(),
            )
        )  # fmt: skip
    return code


def brought(sign_in, code):
    items = sign_in("safety").get("/posted-notices").json()["items"]
    return next((item["brought"] for item in items if item["code"] == code), None)


def test_m18_the_code_goes_from_the_notice_to_the_report_and_is_counted(client, work, sign_in, notice):
    assert brought(sign_in, notice) == 0
    sent = world.report(text="车间里的安全出口被货物堵住了", source=f"notice:{notice}")
    receipt = client.post("/m/v1/reports", json=sent)
    assert receipt.status_code == 201, receipt.text
    again = client.post("/m/v1/reports", json={name: value for name, value in sent.items() if name != "source"})
    assert (again.status_code, again.json()["replay"]) == (200, True)
    assert brought(sign_in, notice) == 1
    work()
    with unit_of_work(OWNER) as session:
        report_id = session.scalars(select(Report.id).where(Report.notice_code == notice)).one()
    assert notice not in sign_in("desk").get(f"/desk/reports/{report_id}").text
    for who in ("desk", "clerk", "officer", "leader", "fire", "discipline"):
        assert sign_in(who).get("/posted-notices").status_code == 403
        for item in sign_in(who).get("/cases?limit=100").json().get("items", []):
            assert notice not in sign_in(who).get(f"/cases/{item['id']}").text
    told = client.post("/m/v1/tracking", json={"tracking_code": receipt.json()["tracking_code"]})
    assert notice not in told.text


@pytest.mark.parametrize("source", ["notice:ffffffffffffffff", "notice:unknown", "poster_7"])
def test_x41_a_code_that_nobody_knows_refuses_no_report_and_counts_nowhere(client, sign_in, notice, source):
    answer = client.post("/m/v1/reports", json=world.report(source=source))
    assert answer.status_code == 201, answer.text
    assert brought(sign_in, notice) == 0
