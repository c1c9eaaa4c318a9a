"""M74, M77, T5, T20: what was put out against a body ends with its part in the case, and nobody hears of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cases import disputes, routing, supervision
from cases.disputes.requests import Plea
from cases.lifecycle.machine import NotInState
from cases.models.case import CaseEvent, Notice, Task
from cases.models.job import Job
from cases.models.supervision import BulletinEntry, Interview, UrgeOrder
from cases.supervision import bulletins, interviews, urging
from tests import make
from tests.desk import notices
from tests.make import NOW
from tests.walk import Walk
from workers import sweeps

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def case(session, district):
    return Walk(session, district, now=NOW - HOUR).dispatched().case


@pytest.fixture
def urged(session, district, case):
    """An order to each body; the western town has one more, which it has answered, and one that was judged."""

    def issue(org, until=NOW + DAY):
        demand = urging.Demand("reminder", org.id, "请抓紧", reply_due_at=until)
        return urging.issue(session, case, demand, by=district.supervisor, now=NOW)

    orders = {"west": issue(district.west.org), "fire": issue(district.fire), "police": issue(district.police)}
    for name in ("answered", "judged"):
        orders[name] = issue(district.west.org)
        urging.reply(session, case, orders[name], text="正在办理", by=district.west.clerk, now=NOW)
    urging.accept(session, case, orders["judged"], comment="可以", by=district.supervisor, now=NOW)
    return orders


def states(session, urged):
    session.flush()
    return {name: order.state for name, order in urged.items()}


BEFORE = {"west": "issued", "fire": "issued", "police": "issued", "answered": "replied", "judged": "accepted"}


def redispatch(session, district, case, to, **facts):
    routing.redispatch(
        session, case, to=to, move="redispatch", why="地块属于东镇", by=district.intake, now=NOW + HOUR, **facts
    )


def uphold(session, district, case, plea, by=None):
    request = disputes.ask_return(session, case, plea=plea, by=by or district.west.clerk, now=NOW)
    disputes.uphold(session, case, request, text="成立", by=district.supervisor, now=NOW + HOUR)


def elsewhere(session, district, case):
    redispatch(session, district, case, district.east.org)


def arbitrated(session, district, case):
    uphold(session, district, case, Plea("not_my_duty", "地块属于东镇", proposed_org_id=district.east.org.id))


def voided(session, district, case):
    proposed = routing.propose_void(
        session, case, reason="test_entry", text="演练数据", same_as=None, by=district.intake, now=NOW
    )
    routing.confirm_void(session, case, proposed.id, by=district.supervisor, now=NOW + HOUR)


@pytest.mark.parametrize("take", [elsewhere, arbitrated])
def test_t5_t2_the_open_orders_of_the_old_body_are_withdrawn_and_it_is_told_by_number(
    session, district, case, urged, take
):
    take(session, district, case)
    assert states(session, urged) == BEFORE | {"west": "withdrawn", "answered": "withdrawn"}
    order = urged["west"]
    assert (order.decided_by, order.decided_at, order.comment) == (None, NOW + HOUR, "案件已不由本单位办理")
    told = notices(session, "urge_withdrawn")
    assert [(each.org_id, each.case_id) for each in told] == [(district.west.org.id, None)] * 2
    assert {order.number in each.text for each in told} == {True, False}
    trail = select(CaseEvent.actor).where(CaseEvent.case_id == case.id, CaseEvent.kind == "urge_withdrawn")
    assert session.scalars(trail).all() == ["system"] * 2


@pytest.mark.parametrize("take", [elsewhere, arbitrated, voided])
def test_m77_m74_what_was_planned_and_listed_against_a_body_that_lost_the_case_is_called_off(
    session, district, case, take
):
    west, fire = district.west.org, district.fire
    for org in (west, fire):
        interviews.plan(
            session, case, org_id=org.id, topic="逾期", kind="interview", by=district.supervisor, now=NOW
        )  # fmt: skip
        bulletins.put_up(session, case, org.id, clock=None, leaders=[], now=NOW)
    take(session, district, case)
    void = case.state == "void"
    talks = {row.org_id: row.state for row in session.scalars(select(Interview))}
    assert talks == {west.id: "dropped", fire.id: "dropped" if void else "planned"}
    struck = {row.org_id: row.struck_reason for row in session.scalars(select(BulletinEntry))}
    why = "案件已作废" if void else "案件已不由本单位办理"
    assert struck == {west.id: why, fire.id: why if void else None}
    told = {each.org_id: (each.case_id, why in each.text) for each in notices(session, "interview_dropped")}
    assert told == dict.fromkeys([west.id, fire.id] if void else [west.id], (None, True))
    late = bulletins.listed(session, by=district.supervisor, limit=9)
    assert [entry.org_id for entry, _ in late] == ([] if void else [fire.id])


def test_a_withdrawn_order_is_overdue_for_nobody_and_neither_answered_nor_judged(session, district, case, urged):
    elsewhere(session, district, case)
    for name in ("fire", "police"):
        urged[name].reply_due_at = NOW + 90 * DAY
    session.flush()
    supervision.climb(session, case, now=NOW + HOUR)  # when each clock has its next rung
    before = len(session.scalars(select(Notice.id)).all())
    supervision.tell_unanswered(session, case, now=NOW + 30 * DAY)
    assert len(session.scalars(select(Notice.id)).all()) == before
    sweeps.find_overdue(session, now=NOW + HOUR)
    assert session.scalars(select(Job.id).where(Job.step == "climb")).all() == []
    with pytest.raises(NotInState):
        urging.reply(session, case, urged["west"], text="办", by=district.west.clerk, now=NOW + DAY)
    for judge in (urging.accept, urging.reject):
        with pytest.raises(NotInState):
            judge(session, case, urged["answered"], comment="-", by=district.supervisor, now=NOW + DAY)


def test_d5_a_return_that_is_rejected_leaves_every_order(session, district, case, urged):
    plea = Plea("not_my_duty", "地块属于东镇", proposed_org_id=district.east.org.id)
    request = disputes.ask_return(session, case, plea=plea, by=district.west.clerk, now=NOW)
    disputes.reject(session, case, request, text="不成立", by=district.supervisor, now=NOW + HOUR)
    assert states(session, urged) == BEFORE


def test_t2_under_another_category_a_body_that_keeps_the_case_keeps_its_orders(session, district, case, urged):
    """FIR-02 is led by fire, FW-04 by the police, who helped: fire has no part in it any more."""
    redispatch(session, district, case, district.west.org, category_code="FW-04")
    assert states(session, urged) == BEFORE | {"fire": "withdrawn"}


def test_t5_a_department_that_gives_its_task_back_has_nothing_to_answer(session, district, case, urged):
    task = session.scalars(select(Task).where(Task.case_id == case.id, Task.org_id == district.police.id)).one()
    other = make.org(session, "department", department_kind="housing")
    plea = Plea("not_my_duty", "不属公安职责", proposed_org_id=other.id)
    request = disputes.ask_return(session, case, plea=plea, by=district.police_officer, now=NOW)
    assert request.task_id == task.id
    disputes.uphold(session, case, request, text="成立", by=district.supervisor, now=NOW + HOUR)
    assert states(session, urged) == BEFORE | {"police": "withdrawn"}


@pytest.mark.parametrize("agreed", [True, False])
def test_t20_a_void_case_has_no_open_order_and_one_that_is_not_void_keeps_them(session, district, case, urged, agreed):
    proposed = routing.propose_void(
        session, case, reason="test_entry", text="演练数据", same_as=None, by=district.intake, now=NOW
    )
    if agreed:
        routing.confirm_void(session, case, proposed.id, by=district.supervisor, now=NOW + HOUR)
    else:
        routing.reject_void(session, case, proposed.id, note="不是", by=district.supervisor, now=NOW + HOUR)
    withdrawn = dict.fromkeys(("west", "fire", "police", "answered"), "withdrawn")
    assert states(session, urged) == BEFORE | (withdrawn if agreed else {})
    if agreed:
        assert {order.comment for name, order in urged.items() if name != "judged"} == {"案件已作废"}
    assert session.scalars(select(UrgeOrder.state).where(UrgeOrder.state == "rejected")).all() == []
