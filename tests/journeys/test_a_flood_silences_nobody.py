"""A flood from one sender is taken whole and waits for a person; nobody is refused or slowed (security.md 3.7, T11)."""

import base64
import json
import secrets
import time
from datetime import datetime, timedelta
from ipaddress import IPv4Address
from uuid import uuid4

import altcha
import pytest
import world
from sqlalchemy import delete, select, text

from api.mobile import counting
from cases.intake import lane
from cases.models.case import Case
from cases.models.policy import PolicyValue
from cases.models.report import Report
from kit import clock, gauges
from kit.db import OWNER, unit_of_work
from kit.gauges import Gauges
from kit.redis_line import RedisLine

# Cheap work, and small buckets: two reports of an address or a device at once, twenty of a network.
RATES = {
    "address": {"burst": 2, "more": 2, "hours": 1}, "network": {"burst": 20, "more": 20, "hours": 1},
    "device": {"burst": 2, "more": 2, "hours": 1}, "phone": {"burst": 2, "more": 2, "hours": 24},
}  # fmt: skip
NEVER, HALF = 2, 0.5


def cheap(above):
    return {"above": above, "minutes": 10, "prefix": "0", "cost": {"anonymous": 3, "device": 2, "named": 1}}


@pytest.fixture
def in_force(built):
    """Policy of this test alone, in force before the application starts."""

    def _put(**values):
        with unit_of_work(OWNER) as session:
            for key, value in values.items():
                session.add(PolicyValue(key=key, version=1000, effective_at=clock.now(), value=value, note="test"))

    yield _put
    with unit_of_work(OWNER) as session:
        session.execute(text("set local session_replication_role = replica"))
        session.execute(delete(PolicyValue).where(PolicyValue.version == 1000))


@pytest.fixture
def few(in_force, monkeypatch):
    """Small buckets of one process, and no work asked for."""
    monkeypatch.setattr(lane, "COUNTS", Gauges())
    in_force(intake_rates=RATES, proof_of_work=cheap(NEVER))


@pytest.fixture
def asking(in_force, monkeypatch):
    """Small buckets, and work beyond half of one."""
    monkeypatch.setattr(lane, "COUNTS", Gauges())
    in_force(intake_rates=RATES | {"address": {"burst": 4, "more": 4, "hours": 1}}, proof_of_work=cheap(HALF))


@pytest.fixture
def phone(client):
    """A phone somewhere, on the same server."""

    def _phone(host):
        client._transport.client = (host, 50000)
        return client

    return _phone


@pytest.fixture
def somewhere():
    """An address that no other test has sent from: Redis keeps its day."""
    return str(IPv4Address(secrets.randbelow(1 << 24) + (51 << 24)))


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


def solved(told):
    it = altcha.Challenge.from_dict(told)
    return altcha.Payload(it, altcha.solve_challenge(it)).to_base64()


def prove(phone, receipt, payload=None):
    body = {"report_id": receipt["id"], "payload": payload or solved(receipt["work"])}
    return phone.post("/m/v1/works", json=body)


def test_what_is_too_much_is_taken_and_waits_for_a_person(few, client, phone, work, sign_in, somewhere):
    flood = [send(phone(somewhere), number) for number in range(4)]
    other = str(IPv4Address(int(IPv4Address(somewhere)) ^ 1))  # beside it, in the same network
    others = [send(phone(host), 4 + number) for number, host in enumerate((other, "9.9.9.9"))]
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
    day = timedelta(hours=24, seconds=5)
    assert all(datetime.fromisoformat(row["review_due_at"]) < clock.now() + day for row in held)  # and never in silence
    accepted = desk.desk(held[0]["id"], "acceptances", {})
    assert accepted.status_code == 201, accepted.text
    with unit_of_work(OWNER) as session:
        assert len(session.scalars(select(Case.id)).all()) == 5


def test_repeating_oneself_is_no_flood(few, client, phone, work, somewhere):
    """A phone that got no answer sends the same again and again."""
    sent = world.report(place(0))
    statuses = [phone(somewhere).post("/m/v1/reports", json=sent).status_code for _ in range(6)]
    last = send(phone(somewhere), 1)
    work()
    assert statuses == [201] + [200] * 5
    assert why_they_wait()[last["reference"]] is None


def test_an_emergency_in_a_flood_is_alarmed_as_one(asking, client, phone, work, sign_in, somewhere):
    """M115, X33, X60: who floods may be right once. It is asked for no work."""
    for number in range(4):
        send(phone(somewhere), number)
    receipt = send(phone(somewhere), 4, emergency={"answer": "trapped"})
    work()
    assert receipt["work"] is None
    assert why_they_wait()[receipt["reference"]] == "emergency"
    assert "emergency" in [notice["kind"] for notice in sign_in("desk").get("/notices?limit=100").json()["items"]]


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.8", "192.168.1.9", "fd00::1", "testclient"])
def test_an_address_of_the_house_tells_nobody_from_another(few, client, phone, work, host):
    """Behind a proxy that is not named as trusted all citizens have one address: none of them is a flood."""
    receipts = [send(phone(host), number) for number in range(4)]
    work()
    assert {why_they_wait()[receipt["reference"]] for receipt in receipts} == {None}


@pytest.mark.parametrize("who", ["device", "contact"])
def test_one_device_or_one_number_is_counted_wherever_it_sends_from(few, client, phone, work, who):
    """Also behind an address that tells nobody from another, and with +86 or without."""
    device, number = secrets.token_urlsafe(24), f"139{secrets.randbelow(10**8):08}"

    def sender(turn):
        if who == "device":
            return {"device": device}
        return {"contact": {"phone": number if turn % 2 else f"+86 {number}"}}

    receipts = [send(phone("10.0.0.8"), turn, **sender(turn)) for turn in range(4)]
    stranger = send(phone("10.0.0.8"), 5, device=secrets.token_urlsafe(24))
    work()
    waits = why_they_wait()
    assert [waits[receipt["reference"]] for receipt in receipts] == [None, None, "slow_lane", "slow_lane"]
    assert waits[stranger["reference"]] is None


def test_nothing_of_a_device_is_kept_but_a_mark_of_the_day(few, client, phone, work):
    """security.md 3.1.5, C12: not in the database, not in Redis."""
    device = secrets.token_urlsafe(24)
    send(phone("10.0.0.8"), 0, device=device)
    work()
    with unit_of_work(OWNER) as session:
        tables = session.scalars(
            text("select format('%I.%I', schemaname, tablename) from pg_tables "
                 "where schemaname in ('intake', 'handling', 'record', 'vault')")
        ).all()  # fmt: skip
        found = [
            name for name in tables
            if session.scalar(text(f"select count(*) from {name} as t where t::text like :what"),  # noqa: S608 - names of our tables
                              {"what": f"%{device}%"})
        ]  # fmt: skip
        assert found == []
        assert session.scalar(text("select count(device_mark) from intake.origin")) == 1


# --- work


def shared(phone, host, numbers):
    """Some reports, after which Redis has been told."""
    receipts = [send(phone(host), number) for number in numbers]
    deadline = time.monotonic() + 10
    while lane.COUNTS.owes or not lane.COUNTS.shared:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return receipts


def test_beyond_half_a_phone_does_some_work_and_its_report_goes_on(asking, client, phone, work, somewhere):
    easy = shared(phone, somewhere, (0, 1))
    third, fourth, fifth = (send(phone(somewhere), number) for number in (2, 3, 4))
    work()
    waits = why_they_wait()
    assert [receipt["work"] for receipt in (*easy, fifth)] == [None] * 3
    assert [waits[r["reference"]] for r in (*easy, third, fourth, fifth)] == [
        None, None, "unproven", "unproven", "slow_lane",
    ]  # fmt: skip
    assert third["work"]["parameters"]["cost"] == 3

    answers = [prove(phone(somewhere), third) for _ in range(2)]
    work()
    assert [answer.json() for answer in answers] == [
        {"report_id": third["id"], "replay": False}, {"report_id": third["id"], "replay": True},
    ]  # fmt: skip
    waits = why_they_wait()
    # Who cannot or will not do it waits for a person: nobody is silenced.
    assert (waits[third["reference"]], waits[fourth["reference"]]) == (None, "unproven")


def test_a_receipt_that_was_lost_asks_for_the_work_again(asking, client, phone, work, somewhere):
    shared(phone, somewhere, (0, 1))
    sent = world.report(place(2))
    first, again = (phone(somewhere).post("/m/v1/reports", json=sent) for _ in range(2))
    work()
    later = phone(somewhere).post("/m/v1/reports", json=sent)
    assert [each.status_code for each in (first, again, later)] == [201, 200, 200]
    receipts = [each.json() for each in (first, again, later)]
    assert all(receipt["work"] for receipt in receipts)
    assert len({receipt["tracking_code"] for receipt in receipts}) == 1
    assert prove(phone(somewhere), receipts[0]).json()["replay"] is False
    assert prove(phone(somewhere), receipts[1]).json()["replay"] is True
    assert phone(somewhere).post("/m/v1/reports", json=sent).json()["work"] is None


def test_beyond_the_bucket_no_later_replay_buys_a_place(asking, client, phone, work, somewhere, monkeypatch):
    """What was too much is read by a person, also once the bucket has filled again."""
    shared(phone, somewhere, range(4))
    sent = world.report(place(5))
    assert phone(somewhere).post("/m/v1/reports", json=sent).json()["work"] is None
    monkeypatch.setattr(lane, "COUNTS", Gauges())
    again = phone(somewhere).post("/m/v1/reports", json=sent).json()
    assert (again["replay"], again["work"]) == (True, None)


def test_work_for_one_report_is_none_for_another(asking, client, phone, work, somewhere):
    shared(phone, somewhere, (0, 1))
    third, fourth = (send(phone(somewhere), number) for number in (2, 3))
    foreign = prove(phone(somewhere), fourth, solved(third["work"]))
    assert (foreign.status_code, foreign.json()["code"], foreign.json()["retryable"]) == (422, "work.invalid", False)
    unknown = prove(phone(somewhere), {"id": str(uuid4())}, solved(third["work"]))
    assert unknown.json()["code"] == "work.invalid"
    told = json.loads(base64.b64decode(solved(third["work"])))
    told["challenge"]["parameters"]["cost"] = 1
    forged = prove(phone(somewhere), third, base64.b64encode(json.dumps(told).encode()).decode())
    assert forged.json()["code"] == "work.invalid"


def test_who_is_known_by_a_device_or_a_name_works_less(asking, client, phone, work, somewhere):
    shared(phone, somewhere, (0, 1))
    costs = [
        send(phone(somewhere), 2, device=secrets.token_urlsafe(24))["work"]["parameters"]["cost"],
        send(phone(somewhere), 3, contact={"phone": f"138{secrets.randbelow(10**8):08}"})["work"]["parameters"]["cost"],
    ]
    assert costs == [2, 1]


def test_while_redis_is_away_nobody_is_asked_and_floods_wait(asking, client, phone, work, somewhere, monkeypatch):
    """Intake opens: this process counts alone, and what is beyond its own bucket is read by a person."""
    monkeypatch.setattr(gauges, "_line", lambda: RedisLine("redis+socket:///nowhere/redis.sock", timeout_s=0.1))
    receipts = [send(phone(somewhere), number) for number in range(3)]
    counting.settle()
    receipts += [send(phone(somewhere), number) for number in (3, 4)]
    work()
    waits = why_they_wait()
    assert [receipt["work"] for receipt in receipts] == [None] * 5
    assert [waits[receipt["reference"]] for receipt in receipts] == [None] * 4 + ["slow_lane"]


def test_what_another_process_has_taken_is_felt_here(asking, client, phone, work, somewhere):
    """Two processes of the API: each tells Redis beside its requests, and hears what the other has counted."""
    other = Gauges()
    values = {"intake_rates": RATES | {"address": {"burst": 4, "more": 4, "hours": 1}}}
    now = clock.now()
    for name, mark in lane.sender(somewhere, device=None, phone=None, now=now).marks:
        for _ in range(4):
            other.take(mark, lane.size(values["intake_rates"][name]), now=now)
    assert other.settle(now=now)
    shared(phone, somewhere, (0,))
    late = send(phone(somewhere), 1)
    work()
    assert why_they_wait()[late["reference"]] == "slow_lane"
