"""A flood from one place is taken whole and waits for a person; nobody is refused, told or slowed (security.md 3.7)."""

from uuid import uuid4

import pytest
import world
from sqlalchemy import select

from cases.intake import lane
from cases.models.case import Case
from cases.models.report import Report
from kit.buckets import Bucket
from kit.db import OWNER, unit_of_work

FLOODER, NEIGHBOUR, STRANGER = "1.2.3.4", "1.2.3.5", "9.9.9.9"


@pytest.fixture
def few(monkeypatch):
    """Two reports from one address, and twenty from a network."""
    monkeypatch.setattr(lane, "REPORTS", Bucket(f"test-{uuid4()}", burst=2, per_hour=2))


@pytest.fixture
def phone(client):
    """A phone somewhere, on the same server."""

    def _phone(host):
        client._transport.client = (host, 50000)
        return client

    return _phone


def place(number):
    """Far enough from each other to be no duplicates."""
    return (117.305 + number * 0.004, 31.12)


def send(phone, number, **more):
    answer = phone.post("/m/v1/reports", json=world.report(place(number), **more))
    assert answer.status_code == 201, answer.text
    return answer.json()


def why_they_wait():
    with unit_of_work(OWNER) as session:
        return dict(session.execute(select(Report.reference, Report.waits_for)).all())


def test_what_is_too_much_is_taken_and_waits_for_a_person(client, few, phone, work, sign_in):
    flood = [send(phone(FLOODER), number) for number in range(4)]
    others = [send(phone(host), 4 + number) for number, host in enumerate((NEIGHBOUR, STRANGER))]
    work()

    told = [set(receipt) for receipt in flood]
    assert all(each == told[0] for each in told)  # they are told the same as anybody
    waits = why_they_wait()
    assert [waits[receipt["reference"]] for receipt in flood] == [None, None, "slow_lane", "slow_lane"]
    assert [waits[receipt["reference"]] for receipt in others] == [None, None]
    desk = sign_in("desk")
    rows = desk.get("/desk/reports?which=waiting&limit=100").json()["items"]
    held = [row for row in rows if row["waits_for"] == "slow_lane"]
    assert len(held) == 2
    assert all(row["review_due_at"] for row in held)  # and never expires in silence
    accepted = desk.desk(held[0]["id"], "acceptances", {})
    assert accepted.status_code == 201, accepted.text
    with unit_of_work(OWNER) as session:
        assert len(session.scalars(select(Case.id)).all()) == 5


def test_repeating_oneself_is_no_flood(client, few, phone, work):
    """A phone that got no answer sends the same again and again."""
    sent = world.report(place(0))
    statuses = [phone(FLOODER).post("/m/v1/reports", json=sent).status_code for _ in range(6)]
    last = send(phone(FLOODER), 1)
    work()
    assert statuses == [201] + [200] * 5
    assert why_they_wait()[last["reference"]] is None


def test_an_emergency_in_a_flood_is_alarmed_as_one(client, few, phone, work, sign_in):
    """M115, X33: who floods may be right once."""
    for number in range(2):
        send(phone(FLOODER), number)
    receipt = send(phone(FLOODER), 2, emergency={"answer": "trapped"})
    work()
    assert why_they_wait()[receipt["reference"]] == "emergency"
    assert "emergency" in [notice["kind"] for notice in sign_in("desk").get("/notices?limit=100").json()["items"]]


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.8", "192.168.1.9", "fd00::1", "testclient"])
def test_an_address_of_the_house_tells_nobody_from_another(client, few, phone, work, host):
    """Behind a proxy that is not named as trusted all citizens have one address: none of them is a flood."""
    receipts = [send(phone(host), number) for number in range(4)]
    work()
    assert {why_they_wait()[receipt["reference"]] for receipt in receipts} == {None}
