"""Work of a phone: signed by us, for one report, in time, once (security.md 3.7, T11)."""

import base64
import json
from datetime import timedelta
from threading import Barrier, Thread
from uuid import uuid4

import altcha
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from cases import triage
from cases.intake import challenge, prove
from cases.intake.work import WorkExpired, WorkInvalid, check
from cases.models.job import Job
from cases.models.report import SLOW_LANE, UNPROVEN, Report, ReportEvent
from kit import clock
from tests import make

EASY = {"minutes": 10, "prefix": "0", "cost": {"anonymous": 2, "device": 1, "named": 1}}


def asked(report_id, *, now=None, rule=EASY):
    return challenge(report_id, rule, standing="anonymous", now=now or clock.now())


def solved(told):
    it = altcha.Challenge.from_dict(told)
    return altcha.Payload(it, altcha.solve_challenge(it)).to_base64()


def opened(payload):
    return json.loads(base64.b64decode(payload))


def closed(it):
    return base64.b64encode(json.dumps(it).encode()).decode()


@pytest.fixture
def report(session, district):
    return make.report(session, waits_for=UNPROVEN)


def how_often(session, report):
    entries = select(func.count()).where(ReportEvent.report_id == report.id, ReportEvent.kind == "work_proven")
    jobs = select(func.count()).where(Job.subject == report.id, Job.step == "let_on")
    return session.scalar(entries), session.scalar(jobs)


def test_a_challenge_costs_what_policy_says_and_ends_in_ten_minutes():
    now, id_ = clock.now(), uuid4()
    rule = {"minutes": 10, "prefix": "00", "cost": {"anonymous": 5000, "device": 3000, "named": 1500}}
    for standing, cost in rule["cost"].items():
        told = challenge(id_, rule, standing=standing, now=now)["parameters"]
        assert (told["algorithm"], told["cost"], told["keyPrefix"]) == ("PBKDF2/SHA-256", cost, "00")
        assert told["data"] == {"report": str(id_)}
        assert 0 <= told["expiresAt"] - now.timestamp() + 1 <= 601


def test_the_work_of_the_shipped_policy_can_be_done_and_is_taken(session, district):
    from cases import policy  # noqa: PLC0415 - beside its one use

    rule, id_ = policy.value(session, "proof_of_work", make.NOW), uuid4()
    check(id_, solved(challenge(id_, rule, standing="named", now=clock.now())), now=clock.now())


def test_it_lets_the_report_go_on_once(session, report):
    work = solved(asked(report.client_id))
    assert [prove(session, report.client_id, work, now=clock.now()) for _ in range(3)] == [True, False, False]
    assert report.waits_for is None
    assert how_often(session, report) == (1, 1)


def test_of_a_report_in_review_the_system_then_decides(session, report):
    triage.judge(session, report.id, now=make.NOW)
    assert (report.state, report.waits_for) == ("in_review", UNPROVEN)
    assert prove(session, report.client_id, solved(asked(report.client_id)), now=clock.now())
    for _ in range(2):
        triage.let_on(session, report.id, now=make.NOW)
    assert (report.state, report.waits_for) == ("accepted", None)


def test_what_else_a_person_must_look_at_still_waits(session, district):
    report = make.report(session, make.NEAR_BORDER, waits_for=UNPROVEN)
    triage.judge(session, report.id, now=make.NOW)
    assert report.waits_for == "border"  # said before what comes in a flood


def test_once_a_person_has_looked_it_is_theirs(session, district, report):
    triage.judge(session, report.id, now=make.NOW)
    triage.mark_seen(session, report, by=district.intake, now=make.NOW)
    assert not prove(session, report.client_id, solved(asked(report.client_id)), now=clock.now())
    triage.let_on(session, report.id, now=make.NOW)
    assert report.state == "in_review"


@pytest.mark.parametrize("waits_for", [SLOW_LANE, "border", "emergency", None])
def test_nothing_else_goes_on_by_work(session, district, waits_for):
    report = make.report(session, waits_for=waits_for)
    assert not prove(session, report.client_id, solved(asked(report.client_id)), now=clock.now())
    assert report.waits_for == waits_for


def test_work_for_another_report_is_none(session, report):
    other = make.report(session, waits_for=UNPROVEN)
    with pytest.raises(WorkInvalid):
        prove(session, report.client_id, solved(asked(other.client_id)), now=clock.now())
    with pytest.raises(WorkInvalid):
        prove(session, uuid4(), solved(asked(report.client_id)), now=clock.now())
    assert report.waits_for == UNPROVEN


def test_work_that_comes_too_late_is_none(session, report):
    now = clock.now()
    work = solved(asked(report.client_id, now=now))
    with pytest.raises(WorkExpired):
        prove(session, report.client_id, work, now=now + timedelta(minutes=10, seconds=1))
    with pytest.raises(WorkExpired):  # by the clock of the machine, too
        check(report.client_id, solved(asked(report.client_id, now=now - timedelta(minutes=11))), now=now)
    assert prove(session, report.client_id, work, now=now + timedelta(minutes=9))


def _changed(what, value):
    def change(it):
        it["challenge"]["parameters"][what] = value

    return change


def _unsigned(it):
    del it["challenge"]["signature"]


def _endless(it):
    del it["challenge"]["parameters"]["expiresAt"]


def _guessed(it):
    it["solution"]["counter"] += 1


@pytest.mark.parametrize("change", [
    _changed("cost", 1), _changed("keyPrefix", ""), _changed("expiresAt", 4_000_000_000), _changed("expiresAt", True),
    _changed("expiresAt", "soon"), _changed("algorithm", "SHA-256"), _changed("nonce", "00"), _changed("data", {}),
    _changed("data", None), _unsigned, _endless, _guessed,
])  # fmt: skip
def test_forged_work_is_none(change):
    id_, now = uuid4(), clock.now()
    it = opened(solved(asked(id_, now=now)))
    change(it)
    with pytest.raises((WorkInvalid, WorkExpired)):
        check(id_, closed(it), now=now)


def test_a_challenge_that_somebody_else_signed_is_none():
    id_, now = uuid4(), clock.now()
    theirs = altcha.create_challenge(
        "PBKDF2/SHA-256", 1, key_prefix="0", data={"report": str(id_)}, expires_at=now + timedelta(minutes=5),
        hmac_secret=b"somebody else's",
    )  # fmt: skip
    with pytest.raises(WorkInvalid):
        check(id_, solved(theirs.to_dict()), now=now)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(
    st.binary(max_size=60)
    | JSON.map(lambda it: json.dumps(it).encode())
    | st.fixed_dictionaries({"challenge": JSON, "solution": JSON}).map(lambda it: json.dumps(it).encode())
    | st.fixed_dictionaries({
        "challenge": st.fixed_dictionaries({"parameters": JSON, "signature": JSON}), "solution": JSON,
    }).map(lambda it: json.dumps(it).encode())
    | st.just(b"[" * 1400)
)  # fmt: skip
def test_nonsense_is_never_more_than_invalid(database_url, content):
    with pytest.raises(WorkInvalid):
        check(uuid4(), base64.b64encode(content).decode(), now=clock.now())


def test_of_two_that_bring_it_at_once_one_lets_it_go_on(committing):
    with committing() as session:
        make.district(session)
        report = make.report(session, waits_for=UNPROVEN)
        client_id, report_id = report.client_id, report.id
    work, together, answers = solved(asked(client_id)), Barrier(4), []

    def bring():
        with committing() as session:
            together.wait()
            answers.append(prove(session, client_id, work, now=clock.now()))

    threads = [Thread(target=bring) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with committing() as session:
        assert sorted(answers) == [False, False, False, True]
        assert how_often(session, session.get_one(Report, report_id)) == (1, 1)
