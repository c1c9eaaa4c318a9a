"""Urge orders, interviews and bulletins (M74, M77): their machine, who may do what, and what follows."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from cases.lifecycle import urging as machine
from cases.lifecycle.machine import NotInState, NotYourRole, check
from cases.models.supervision import (
    Bulletin,
    BulletinEntry,
    Interview,
    ListingCandidate,
    UrgeOrder,
)
from cases.supervision import bulletins, holding, interviews, reading, tell_unanswered, urging
from cases.supervision.interviews import Record
from cases.supervision.urging import Demand
from kit.errors import Invalid, NotAllowed, Stale, Unconditional
from people.actors import SYSTEM, Actor
from people.roles import Role
from tests import make
from tests.cases.supervision.conftest import A_DAY
from tests.cases.test_races import at_once
from tests.make import NOW

SAFETY = {Role.SAFETY_OFFICE}
BODY = {
    Role.TOWN_CLERK, Role.TOWN_OFFICER, Role.TOWN_LEADER, Role.DEPT_OFFICER, Role.DEPT_LEADER, Role.INTAKE_OFFICER,
}  # fmt: skip
DRAWN = {
    "reply": (machine.URGE_MOVES, UrgeOrder, {"issued"}, "replied", BODY),
    "accept": (machine.URGE_MOVES, UrgeOrder, {"replied"}, "accepted", SAFETY),
    "reject": (machine.URGE_MOVES, UrgeOrder, {"replied"}, "rejected", SAFETY),
    "withdraw": (machine.URGE_MOVES, UrgeOrder, {"issued"}, "withdrawn", SAFETY),
    "lapse": (machine.URGE_MOVES, UrgeOrder, {"issued", "replied"}, "withdrawn", set()),
    "hold": (machine.INTERVIEW_MOVES, Interview, {"planned"}, "held", SAFETY),
    "drop": (machine.INTERVIEW_MOVES, Interview, {"planned"}, "dropped", SAFETY),
    "call_off": (machine.INTERVIEW_MOVES, Interview, {"planned"}, "dropped", set()),
}
STATES = {
    UrgeOrder: ("issued", "replied", "accepted", "rejected", "withdrawn"),
    Interview: ("planned", "held", "dropped"),
}


@pytest.mark.parametrize("name", DRAWN)
def test_m74_a_move_is_made_from_its_state_by_its_people_and_nobody_else(name):
    moves, table, sources, target, roles = DRAWN[name]
    assert moves[name].target == target
    for state in STATES[table]:
        for role in Role:
            thing, actor = table(state=state, version=1), Actor("officer", "某人", 1, 1, "town", frozenset({role}))
            if role not in roles:
                with pytest.raises(NotYourRole):
                    check(thing, moves[name], by=actor)
            elif state not in sources:
                with pytest.raises(NotInState):
                    check(thing, moves[name], by=actor)
            else:
                check(thing, moves[name], by=actor)
        if not roles and state in sources:
            check(table(state=state, version=1), moves[name], by=SYSTEM)
        else:
            with pytest.raises(NotYourRole if roles else NotInState):
                check(table(state=state, version=1), moves[name], by=SYSTEM)


@pytest.fixture
def order(session, district, case):
    return urging.issue(session, case, demand(district), by=district.supervisor, now=NOW)


def demand(district, level="urge_order", **facts):
    return Demand(level, facts.pop("org_id", district.west.org.id), "请立即核查", **facts)


def test_m74_an_order_by_hand_has_a_number_a_time_to_reply_and_reaches_the_body(session, district, case, order, told):
    assert order.number == f"督办〔{case.number}〕1号"
    assert order.reply_due_at == NOW.replace(hour=16) + A_DAY  # 24:00 of the next working day in Shanghai
    assert told() == [("urge_order", district.west.leader.account_id)]
    assert case.version == 1


@pytest.mark.parametrize("role", sorted(set(Role) - SAFETY))
def test_only_the_safety_office_urges(session, district, case, role):
    with pytest.raises(NotAllowed):
        urging.issue(session, case, demand(district), by=make.officer(session, district.office, role), now=NOW)


@pytest.mark.parametrize("state", ["closed", "void", "look_back"])
def test_nobody_is_urged_about_what_is_over(session, district, state):
    case = make.case(session, district.west.org, state=state)
    with pytest.raises(urging.CaseOver):
        urging.issue(session, case, demand(district), by=district.supervisor, now=NOW)


def test_a_body_without_a_part_in_the_case_is_not_urged_about_it(session, district, case):
    with pytest.raises(urging.NotConcerned):
        urging.issue(session, case, demand(district, org_id=district.east.org.id), by=district.supervisor, now=NOW)
    task = make.task(session, case, district.fire, kind="coop")
    urging.issue(session, case, demand(district, org_id=district.fire.id), by=district.supervisor, now=NOW)
    task.state = "answered"
    session.flush()
    with pytest.raises(urging.NotConcerned):
        urging.issue(session, case, demand(district, org_id=district.fire.id), by=district.supervisor, now=NOW)


def test_the_time_to_reply_is_not_past_and_a_level_of_the_ladder_is_not_by_hand(session, district, case):
    for wrong in (demand(district, reply_due_at=NOW), demand(district, "interview")):
        with pytest.raises(Invalid):
            urging.issue(session, case, wrong, by=district.supervisor, now=NOW)


def test_the_body_replies_once_and_the_safety_office_hears_of_it(session, district, case, order, told, trail_of):
    reply = urging.reply(session, case, order, text="已派人核查", by=district.west.clerk, now=NOW)
    assert (order.state, order.version, reply.text) == ("replied", 2, "已派人核查")
    assert told("urge_replied") == [("urge_replied", district.supervisor.account_id)]
    assert trail_of(case, "urge_replied")[0].body["late"] is False
    with pytest.raises(NotInState):
        urging.reply(session, case, order, text="再", by=district.west.clerk, now=NOW)


def test_a_late_reply_is_a_reply_and_is_written_down_as_late(session, district, case, order, trail_of):
    urging.reply(session, case, order, text="迟", by=district.west.clerk, now=NOW + 9 * A_DAY)
    assert trail_of(case, "urge_replied")[0].body["late"] is True


def test_another_body_does_not_reply(session, district, case, order):
    for stranger in (district.east.clerk, district.fire_officer):
        with pytest.raises(urging.NotAddressed):
            urging.reply(session, case, order, text="不是我", by=stranger, now=NOW)


def test_an_accepted_reply_is_the_end_of_it(session, district, case, order):
    urging.reply(session, case, order, text="已办", by=district.west.clerk, now=NOW)
    urging.accept(session, case, order, comment="同意", by=district.supervisor, now=NOW)
    assert (order.state, order.decided_by, order.comment) == ("accepted", district.supervisor.account_id, "同意")
    assert session.scalar(select(func.count()).select_from(ListingCandidate)) == 0


def test_d8_a_rejected_reply_brings_a_second_order_and_the_case_up_for_listing(session, district, case, order, told):
    urging.reply(session, case, order, text="已办", by=district.west.clerk, now=NOW)
    second = urging.reject(session, case, order, comment="没有照片", by=district.supervisor, now=NOW)
    assert (order.state, second.state, second.level) == ("rejected", "issued", "urge_order")
    assert session.scalars(select(ListingCandidate.reason)).one() == "second_order"
    urging.reply(session, case, second, text="再办", by=district.west.clerk, now=NOW)
    urging.reject(session, case, second, comment="仍然没有", by=district.supervisor, now=NOW)
    assert session.scalar(select(func.count()).select_from(ListingCandidate)) == 1  # it is up already


def test_a_rejected_answer_to_a_reminder_brings_the_first_order(session, district, case):
    reminder = urging.issue(session, case, demand(district, "reminder"), by=district.supervisor, now=NOW)
    urging.reply(session, case, reminder, text="在办", by=district.west.clerk, now=NOW)
    urging.reject(session, case, reminder, comment="空话", by=district.supervisor, now=NOW)
    assert session.scalar(select(func.count()).select_from(ListingCandidate)) == 0


def test_an_order_taken_back_does_not_count(session, district, case, order):
    urging.withdraw(session, case, order, comment="发错", by=district.supervisor, now=NOW)
    urging.issue(session, case, demand(district), by=district.supervisor, now=NOW)
    assert session.scalar(select(func.count()).select_from(ListingCandidate)) == 0


def test_m74_an_order_that_nobody_answers_is_told_once(session, district, case, order, told):
    late = order.reply_due_at
    tell_unanswered(session, case, now=late - timedelta(seconds=1))
    assert told("urge_unanswered") == []
    for _ in range(2):
        tell_unanswered(session, case, now=late)
    assert told("urge_unanswered") == [
        ("urge_unanswered", district.west.leader.account_id), ("urge_unanswered", district.supervisor.account_id),
    ]  # fmt: skip


def test_an_order_is_loaded_only_by_who_sees_the_case_and_in_the_version_seen(session, district, order):
    def load(by, seen):
        return holding.a_thing(session, UrgeOrder, order.id, by=by, seen=seen, unknown=urging.NoSuchOrder)

    assert load(district.west.clerk, 1)[1] is order
    with pytest.raises(urging.NoSuchOrder):
        load(district.east.clerk, 1)
    with pytest.raises(Stale):
        load(district.west.clerk, 2)
    with pytest.raises(Unconditional):
        load(district.west.clerk, None)


def test_a_body_reads_its_own_orders_and_the_district_all(session, district, case, order):
    make.task(session, case, district.fire, kind="coop")

    def read(by):
        return [row for row, _ in reading.orders(session, by=by, limit=9)]

    assert read(district.west.officer) == read(district.supervisor) == [order]
    assert read(district.east.officer) == read(district.fire_officer) == []


def test_of_two_replies_at_once_one_is_told(committing):
    with committing() as session:
        district = make.district(session)
        case = make.case(session, district.west.org, state="signed")
        order = urging.issue(session, case, demand(district), by=district.supervisor, now=NOW)

    def reply():
        with committing() as session:
            held, found = holding.a_thing(
                session, UrgeOrder, order.id, by=district.west.clerk, seen=1, unknown=urging.NoSuchOrder
            )
            urging.reply(session, held, found, text="已办", by=district.west.clerk, now=NOW)

    assert sorted(at_once(reply, reply), key=str) == sorted([None, Stale], key=str)


# --- 约谈


@pytest.fixture
def talk(session, district, case):
    org_id = district.west.org.id
    return interviews.plan(
        session, case, org_id=org_id, topic="逾期", kind="interview", by=district.supervisor, now=NOW
    )


def test_m77_an_interview_is_held_with_its_record_and_its_promise_is_followed_up(session, district, case, talk):
    record = Record(NOW, "镇长 李某", "三日内完成核查", NOW + 3 * A_DAY)
    interviews.hold(session, case, talk, record, by=district.supervisor, now=NOW)
    assert (talk.state, talk.attendees, talk.held_by) == ("held", "镇长 李某", district.supervisor.account_id)
    follow_up = session.scalars(select(UrgeOrder)).one()
    assert (follow_up.level, follow_up.reply_due_at) == ("reminder", NOW + 3 * A_DAY)


@pytest.mark.parametrize(
    "record",
    [Record(NOW + A_DAY, "李某", "办", NOW + 3 * A_DAY), Record(NOW, "李某", "办", NOW)],
)
def test_an_interview_is_not_written_down_before_it_was_nor_promised_into_the_past(
    session, district, case, talk, record
):
    with pytest.raises(Invalid):
        interviews.hold(session, case, talk, record, by=district.supervisor, now=NOW)
    assert talk.state == "planned"


def test_only_the_safety_office_calls_and_only_who_is_concerned_is_called(session, district, case, talk):
    for by, org_id, refusal in (
        (district.west.leader, district.west.org.id, NotAllowed),
        (district.supervisor, district.east.org.id, urging.NotConcerned),
    ):
        with pytest.raises(refusal):
            interviews.plan(session, case, org_id=org_id, topic="逾期", kind="talk", by=by, now=NOW)
    interviews.drop(session, case, talk, reason="已办结", by=district.supervisor, now=NOW)
    assert talk.state == "dropped"


# --- 通报


@pytest.fixture
def entry(session, district, case):
    for _ in range(2):  # once while it is on the list
        bulletins.put_up(session, case, district.west.org.id, clock=None, leaders=[{"name": "李某"}], now=NOW)
    return session.scalars(select(BulletinEntry)).one()


def test_m74_a_bulletin_reaches_every_body_and_asks_those_named_for_a_reply(session, district, entry, told):
    made = bulletins.issue(session, [entry.id], text="望西镇逾期", by=district.supervisor, now=NOW)
    assert (made.number, entry.bulletin_id) == ("通报〔2026〕1号", made.id)
    assert len(told("bulletin")) == 6
    assert session.scalars(select(UrgeOrder.level)).one() == "notify_all"
    for again in ([entry.id], [], [made.id]):
        with pytest.raises(bulletins.NotOnTheList):
            bulletins.issue(session, again, text="再", by=district.supervisor, now=NOW)


def test_an_entry_is_struck_with_a_reason_and_comes_up_again_only_anew(session, district, case, entry, trail_of):
    bulletins.strike(session, entry.id, reason="时限计算有误", by=district.supervisor, now=NOW)
    assert bulletins.listed(session, by=district.supervisor, limit=9) == []
    assert trail_of(case, "bulletin_struck")[0].body == {"reason": "时限计算有误"}
    bulletins.put_up(session, case, district.west.org.id, clock=None, leaders=[], now=NOW)
    assert len(bulletins.listed(session, by=district.supervisor, limit=9)) == 1


def test_only_the_safety_office_sees_the_list_and_acts_on_it(session, district, entry):
    for act in (
        lambda: bulletins.listed(session, by=district.west.leader, limit=9),
        lambda: bulletins.issue(session, [entry.id], text="x", by=district.intake, now=NOW),
        lambda: bulletins.strike(session, entry.id, reason="x", by=district.west.leader, now=NOW),
        lambda: reading.candidates(session, by=district.intake, limit=9),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_of_two_bulletins_at_once_an_entry_is_in_one(committing):
    with committing() as session:
        district = make.district(session)
        case = make.case(session, district.west.org, state="signed")
        bulletins.put_up(session, case, district.west.org.id, clock=None, leaders=[], now=NOW)
        entry = session.scalars(select(BulletinEntry)).one()

    def issue():
        with committing() as session:
            bulletins.issue(session, [entry.id], text="通报", by=district.supervisor, now=NOW)

    assert sorted(at_once(issue, issue), key=str) == sorted([None, bulletins.NotOnTheList], key=str)
    with committing() as session:
        assert session.scalar(select(func.count()).select_from(Bulletin)) == 1
