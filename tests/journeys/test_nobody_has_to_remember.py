"""D8, M15, M74 over HTTP on a fake clock: a missed deadline climbs by beat and workers alone, and tells who it must."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from test_a_report_reaches_the_feed import dispatched
from test_denied_and_looked_at_again import done

from cases import clocks
from cases.models.case import Case
from kit.clock import LOCAL_ZONE
from kit.db import OWNER, unit_of_work
from people.models import Account
from people.roles import Role

A_SECOND, A_MINUTE, AN_HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
RUNGS = ["yellow", "alert", "reminder", "urge_order", "interview", "listing_candidate"]
# What each rung leaves in whose notices; nobody has the task yet, so that yellow is for the whole office.
TOLD = {
    "yellow": {("due_soon", None)},
    "alert": {("overdue", "leader")},
    "reminder": {("reminder", "leader"), ("reminder", "safety")},
    "urge_order": {("urge_order", "leader"), ("urge_order", "safety")},
    "interview": {("interview", "leader"), ("interview", "safety")},
    "listing_candidate": {("listing_candidate", "leader"), ("listing_candidate", "safety")},
}
NOT_HELD = {("overdue", "safety")}  # the interview, whose three working days are over before the last rung of days


def local(day, at):
    return datetime.fromisoformat(f"2026-{day}T{at}").replace(tzinfo=LOCAL_ZONE)


START = local("11-24", "10:00")  # a Tuesday
# How long each urgency has to sign for a case (C5), and when what follows is due after it (D8).
CLIMBS = {
    "immediate": ["10:22:30", "10:30", "11:30", "12:30", "14:30", "18:30"],
    "urgent": ["11:30", "12:00", "11-26", "11-28", "12-02", "12-09"],
    "normal": ["14:30", "16:00", "11-26", "11-28", "12-02", "12-09"],
}  # fmt: skip


def instants(urgency):
    """24:00 of a day is the midnight that begins the next."""
    return [local("11-24", said) if ":" in said else local(said, "00:00") for said in CLIMBS[urgency]]


@pytest.fixture
def unsigned(client, work, sign_in, time):
    """A dispatched case of any urgency of which nothing runs but the time to sign for it."""

    def _unsigned(urgency):
        _receipt, _report_id, case_id = dispatched(client, work, sign_in("desk"))
        with unit_of_work(OWNER) as session:
            case = session.get_one(Case, case_id, with_for_update=True)
            clocks.stop_all(session, case, now=time.now)
            case.urgency = urgency
            clocks.start(session, case, "sign", now=time.now)
        return case_id

    return _unsigned


@pytest.fixture
def names(client):
    with unit_of_work(OWNER) as session:
        return {id_: name.removeprefix("walk-") for id_, name in session.execute(select(Account.id, Account.username))}


def rungs(sign_in, case_id):
    return [row["rung"] for row in sign_in("safety").get(f"/cases/{case_id}/escalations").json()["items"]]


def told(sign_in, names, case_id):
    rows = sign_in("safety").get(f"/cases/{case_id}/notices").json()["items"]
    return [(row["kind"], names.get(row["account_id"])) for row in rows if row["kind"] != "dispatched"]


@pytest.mark.parametrize("urgency", CLIMBS)
def test_d8_each_rung_comes_at_its_instant_once_and_tells_whom_it_must(sign_in, pass_to, unsigned, names, urgency):
    case_id = unsigned(urgency)
    heard = []
    for number, moment in enumerate(instants(urgency)):
        pass_to(moment - A_SECOND)
        assert rungs(sign_in, case_id) == RUNGS[:number], f"before {RUNGS[number]}"
        for later in (A_MINUTE, 2 * A_MINUTE):  # beat looks once a minute
            pass_to(moment + later)
            assert rungs(sign_in, case_id) == RUNGS[: number + 1], RUNGS[number]
        new = told(sign_in, names, case_id)[len(heard) :]
        heard += new
        owed = NOT_HELD if urgency != "immediate" and RUNGS[number] == "listing_candidate" else set()
        assert {each for each in new if each[0] != "urge_unanswered"} == TOLD[RUNGS[number]] | owed, RUNGS[number]
        assert len(new) == len(set(new)), "told twice"
    safety = sign_in("safety")
    levels = [row["level"] for row in safety.get(f"/urge-orders?case_id={case_id}").json()["items"]]
    assert sorted(levels) == ["interview", "reminder", "urge_order"]
    assert [row["state"] for row in safety.get(f"/interviews?case_id={case_id}").json()["items"]] == ["planned"]
    assert [row["case_id"] for row in safety.get("/bulletin-entries").json()["items"]] == [case_id]
    assert [row["case_id"] for row in safety.get("/listing-candidates").json()["items"]] == [case_id]


def test_signing_in_time_is_the_end_of_it(sign_in, pass_to, unsigned, names):
    case_id = unsigned("urgent")
    pass_to(instants("urgent")[0])
    done(sign_in("clerk").act(case_id, "signatures", {"person_id": sign_in("officer").me["account_id"]}))
    pass_to(instants("urgent")[-1] + 30 * 24 * AN_HOUR)
    assert rungs(sign_in, case_id) == ["yellow"]
    assert told(sign_in, names, case_id) == [("due_soon", None)]


def test_a_beat_that_was_dead_for_two_weeks_makes_up_for_every_rung_once(sign_in, pass_to, unsigned, names):
    case_id = unsigned("normal")
    back = instants("normal")[-1] + 3 * AN_HOUR
    for later in range(3):
        pass_to(back + later * A_MINUTE)
    assert rungs(sign_in, case_id) == RUNGS
    heard = [each for each in told(sign_in, names, case_id) if each[0] != "urge_unanswered"]
    assert "due_soon" not in dict(heard)  # there is no sense in it any more
    assert sorted(heard, key=str) == sorted((each for rung in RUNGS[1:] for each in TOLD[rung]), key=str)


def test_a_clock_that_jumps_ahead_and_back_takes_nothing_back_and_repeats_nothing(sign_in, pass_to, unsigned, names):
    case_id = unsigned("immediate")
    moments = instants("immediate")
    pass_to(moments[2] + A_MINUTE)  # the machine runs an hour ahead
    ahead = (rungs(sign_in, case_id), told(sign_in, names, case_id))
    assert ahead[0] == RUNGS[:3]
    for moment in (START + A_MINUTE, moments[1], moments[2]):  # it is set right, and the same times come again
        pass_to(moment)
        assert (rungs(sign_in, case_id), told(sign_in, names, case_id)) == ahead
    for number in (3, 4, 5):
        pass_to(moments[number])
        assert rungs(sign_in, case_id) == RUNGS[: number + 1]


# --- nobody who is away


def whose(sign_in, names):
    rows = sign_in("clerk").get("/workload").json()["items"]
    return [names[row["account_id"]] for row in rows if row["live"]]


def test_m15_a_leader_leaves_once_a_deputy_may_decide_who_then_hears_all_of_it(
    sign_in, time, pass_to, unsigned, names, person
):
    case_id = unsigned("immediate")
    leader, (_, deputy) = sign_in("leader"), person(Role.TOWN_OFFICER, org="W")
    leave = {
        "account_id": leader.me["account_id"], "substitute_id": deputy, "reason": "年休假",
        "from_at": (time.now + A_SECOND).isoformat(), "to_at": (time.now + 24 * AN_HOUR).isoformat(),
    }  # fmt: skip
    refusal = done(leader.post("/absences", leave), 409)
    assert (refusal["code"], refusal["roles"]) == ("absence.nobody_decides", ["town_leader"])
    admin = sign_in(person(Role.SYSADMIN)[0].removeprefix("walk-"))
    given = {"roles": ["town_officer", "town_leader"], "reason": "镇长休假期间主持工作"}
    done(admin.post(f"/accounts/{deputy}/roles", given))
    done(leader.post("/absences", leave))
    for moment in instants("immediate"):
        pass_to(moment)
    heard = told(sign_in, {**names, deputy: "deputy"}, case_id)
    assert {who for _, who in heard if who not in {"safety", None}} == {"deputy"}


def test_m15_a_task_leaves_whoever_goes_on_leave_and_comes_back_by_a_handover(sign_in, time, pass_to, unsigned, names):
    case_id = unsigned("normal")
    clerk, officer, second = map(sign_in, ("clerk", "officer", "second"))
    me, other = officer.me["account_id"], second.me["account_id"]
    done(clerk.act(case_id, "signatures", {"person_id": me}))
    with unit_of_work(OWNER) as session:
        case = session.get_one(Case, case_id, with_for_update=True)
        clocks.start_until(session, case, "verify", due_at=time.now + 4 * AN_HOUR, now=time.now)
    begins = time.now + AN_HOUR
    leave = {
        "account_id": me, "substitute_id": other, "reason": "公差",
        "from_at": begins.isoformat(), "to_at": (begins + 8 * AN_HOUR).isoformat(),
    }  # fmt: skip
    done(officer.post("/absences", leave))

    pass_to(begins - A_SECOND)
    assert whose(sign_in, names) == ["officer"]
    pass_to(begins)
    assert whose(sign_in, names) == ["second"]
    pass_to(begins + 2.5 * AN_HOUR)  # yellow, while the officer is away
    assert ("due_soon", "second") in told(sign_in, names, case_id)
    pass_to(begins + 5 * AN_HOUR)
    overdue = {who for kind, who in told(sign_in, names, case_id) if kind == "overdue"}
    assert overdue == {"second", "leader"}
    pass_to(begins + 9 * AN_HOUR)
    assert whose(sign_in, names) == ["second"]  # whoever began it knows it, until it is handed back
    made = done(sign_in("second").post("/handovers", {"from_id": other, "to_id": me, "reason": "假期结束"}))
    assert made["tasks"] == 1
    assert whose(sign_in, names) == ["officer"]
    assert "officer" not in {who for kind, who in told(sign_in, names, case_id) if kind in {"due_soon", "overdue"}}
