"""T19: a case is held for a reason, with people safe meanwhile, until a review date; and never an immediate one."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cases import handling, holds, policy, queue
from cases.deadlines import end_of, last_day
from cases.holds.request import HoldAsked, NoSuchHold
from cases.lifecycle.decision import Undecided
from cases.lifecycle.guards import Incomplete, NotYourBody, SamePerson
from cases.lifecycle.hold import HOLDABLE, HoldOver, NeverPaused, NotHoldable, ReviewOutOfRange
from cases.lifecycle.machine import NotInState, NotYourRole
from cases.models.case import CASE_STATES, CaseEvent, Task
from cases.policy import UnknownReason
from cases.queue import Filter
from kit.clock import LOCAL_ZONE
from people.roles import Role
from tests import accepting, desk, make
from tests.cases.holds.holding import approve, ask, held, the_day
from tests.make import NOW

DAY = timedelta(days=1)


@pytest.fixture
def ordered(walk):
    return walk.ordered(days=10)


# --- asking


@pytest.mark.parametrize("reason", ["appraisal", "court", "season", "funded_plan"])
def test_t19_it_is_asked_for_one_of_four_reasons_and_nothing_stands_still_yet(session, ordered, reason):
    before = session.scalars(select(Task.due_at).where(Task.case_id == ordered.case.id)).all()
    hold = ask(ordered, reason=reason)
    assert (hold.state, ordered.case.state) == ("requested", "rectifying")
    assert session.scalars(select(Task.due_at).where(Task.case_id == ordered.case.id)).all() == before
    told = desk.notices(session, "hold_requested")
    assert [(each.account_id, each.case_id) for each in told] == [
        (ordered.district.supervisor.account_id, ordered.case.id)
    ]


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"reason": "money"}, UnknownReason), ({"reason": "spam"}, UnknownReason), ({"note": "  "}, Incomplete),
        ({"interim_measures": "\n"}, Incomplete), ({"days": -1}, ReviewOutOfRange), ({"days": 91}, ReviewOutOfRange),
    ],
)  # fmt: skip
def test_t19_without_its_reason_its_interim_measures_or_a_near_review_it_is_not_asked_for(ordered, facts, refusal):
    with pytest.raises(refusal):
        ask(ordered, **facts)
    assert ordered.case.version == ordered.session.get_one(type(ordered.case), ordered.case.id).version


def test_t19_the_review_is_at_most_ninety_days_ahead_and_at_the_end_of_its_day(ordered):
    hold = ask(ordered, days=90)
    assert last_day(hold.review_at) == ordered.now.astimezone(LOCAL_ZONE).date() + 90 * DAY


@pytest.mark.parametrize("state", sorted(CASE_STATES))
def test_t19_it_is_asked_from_the_signature_to_the_acceptance(session, walk, state):
    walk.case = make.case(session, walk.town.org, state=state)
    if state in HOLDABLE:
        assert ask(walk).state == "requested"
    else:
        with pytest.raises(NotHoldable):
            ask(walk)


def test_d6_an_immediate_case_is_never_held(session, ordered):
    ordered.case.urgency = "immediate"
    with pytest.raises(NeverPaused):
        ask(ordered)
    ordered.case.urgency = "urgent"
    hold = ask(ordered)
    ordered.case.urgency = "immediate"
    with pytest.raises(NeverPaused):
        approve(ordered, hold)


def test_t19_the_responsible_body_asks_and_nobody_else(session, ordered):
    with pytest.raises(NotYourBody):
        ask(ordered, by=ordered.district.east.officer)
    for other in (ordered.town.clerk, ordered.district.supervisor, ordered.district.intake):
        with pytest.raises(NotYourRole):
            ask(ordered, by=other)
    assert ask(ordered, by=ordered.town.leader).state == "requested"
    with pytest.raises(HoldAsked):
        ask(ordered)


def test_t19_the_office_may_withdraw_and_ask_again(ordered):
    hold = ask(ordered)
    with pytest.raises(NotYourBody):
        holds.withdraw_hold(ordered.session, ordered.case, hold, by=ordered.district.east.officer, now=ordered.now)
    holds.withdraw_hold(ordered.session, ordered.case, hold, by=ordered.town.leader, now=ordered.now)
    assert (hold.state, hold.ended_by) == ("ended", ordered.town.leader.account_id)
    with pytest.raises(NotInState):
        approve(ordered, hold)
    assert ask(ordered).state == "requested"


def test_m40_what_waits_for_a_decision_after_a_failed_acceptance_is_not_set_aside(session, ordered):
    hold = ask(ordered)
    for _ in range(2):
        ordered.complete_again()
        accepting.fail(session, ordered.case, note="x", findings=["x"], by=ordered.town.colleague, now=ordered.now)
    with pytest.raises(Undecided):
        approve(ordered, hold)
    holds.withdraw_hold(session, ordered.case, hold, by=ordered.town.officer, now=ordered.now)
    with pytest.raises(Undecided):
        ask(ordered)


# --- deciding


def test_t19_the_safety_office_decides_and_says_why_not(session, ordered):
    hold = ask(ordered)
    for other in (ordered.town.leader, ordered.district.fire_leader, ordered.district.intake):
        with pytest.raises(NotYourRole):
            approve(ordered, hold, by=other)
    with pytest.raises(Incomplete):
        refuse(ordered, hold, " ")
    refuse(ordered, hold, "可以先整改")
    assert (hold.state, ordered.case.state, hold.comment) == ("refused", "rectifying", "可以先整改")
    (told,) = desk.notices(session, "hold_decided")
    assert told.account_id == ordered.town.officer.account_id
    for act in (approve, lambda walk, hold: refuse(walk, hold, "x")):
        with pytest.raises(NotInState):
            act(ordered, hold)


def refuse(walk, hold, comment):
    by = walk.district.supervisor
    return holds.refuse_hold(walk.session, walk.case, hold, comment=comment, by=by, now=walk.now)


def test_c2_whoever_asked_does_not_approve(session, ordered):
    both = make.officer(session, ordered.town.org, Role.TOWN_OFFICER, Role.SAFETY_OFFICE)
    hold = ask(ordered, by=both)
    for act in (lambda: approve(ordered, hold, by=both), lambda: holds.refuse_hold(
        session, ordered.case, hold, comment="x", by=both, now=ordered.now
    )):  # fmt: skip
        with pytest.raises(SamePerson):
            act()


def test_t19_a_request_whose_review_date_has_come_or_whose_office_lost_the_case_is_not_approved(session, ordered):
    hold = ask(ordered, days=3)
    with pytest.raises(HoldOver):
        approve(ordered, hold, now=hold.review_at)
    ordered.case.responsible_org_id = ordered.district.east.org.id
    with pytest.raises(HoldOver):
        approve(ordered, hold)


@pytest.mark.parametrize("stage", ["signed", "visited", "proposed", "ordered", "completed"])
def test_t19_held_and_let_go_the_case_is_back_where_it_was(session, walk, stage):
    getattr(walk, stage)()
    was = walk.case.state
    hold = held(walk)
    assert (walk.case.state, hold.state, hold.from_state) == ("on_hold", "active", was)
    assert hold.decided_by == walk.district.supervisor.account_id
    with pytest.raises(NotInState):
        handling.start_visit(
            session, walk.case, check_in=handling.CheckIn("verification", make.IN_WEST, [], None),
            by=walk.town.officer, now=walk.now,
        )  # fmt: skip
    holds.end_hold(session, walk.case, hold, comment="鉴定已出", by=walk.district.supervisor, now=walk.now)
    assert (walk.case.state, hold.state, hold.end_note) == (was, "ended", "鉴定已出")
    kinds = list(
        session.scalars(select(CaseEvent.kind).where(CaseEvent.case_id == walk.case.id).order_by(CaseEvent.seq))
    )
    assert [kind for kind in kinds if "hold" in kind or kind in {"case_held", "case_resumed"}] == [
        "hold_requested", "hold_approved", "case_held", "hold_ended", "case_resumed",
    ]  # fmt: skip


def test_t19_renewed_in_time_for_at_most_ninety_days_more(session, ordered):
    hold = held(ordered, days=10)
    first = hold.review_at
    hold.told_at = ordered.now
    for days, refusal in ((10, ReviewOutOfRange), (9, ReviewOutOfRange), (91, ReviewOutOfRange)):
        with pytest.raises(refusal):
            renew(ordered, hold, days)
    with pytest.raises(Incomplete):
        renew(ordered, hold, 90, comment="")
    with pytest.raises(HoldOver):
        renew(ordered, hold, 90, now=first)
    renew(ordered, hold, 90)
    assert hold.review_at == end_of(the_day(ordered, 90)) > first
    assert (hold.state, hold.renewals, hold.told_at) == ("active", 1, None)
    assert set(session.scalars(select(Task.due_at).where(Task.case_id == ordered.case.id))) == {hold.review_at}


def renew(walk, hold, days, *, comment="法院尚未判决", now=None):
    return holds.renew_hold(
        walk.session, walk.case, hold, review_on=the_day(walk, days), comment=comment, by=walk.district.supervisor,
        now=now or walk.now,
    )  # fmt: skip


def test_d6_what_became_immediate_is_not_renewed(ordered):
    hold = held(ordered)
    ordered.case.urgency = "immediate"
    with pytest.raises(NeverPaused):
        renew(ordered, hold, 90)


def test_a_hold_of_another_case_is_not_found(session, ordered):
    hold = ask(ordered)
    with pytest.raises(NoSuchHold):
        holds.find_hold(session, make.case(session, ordered.town.org), hold.id)


# --- who sees it


def test_m15_every_queue_shows_the_review_date_while_it_is_held(session, ordered):
    hold = held(ordered, days=30)
    for who in (ordered.town.officer, ordered.district.fire_officer, ordered.district.supervisor):
        statement, values = queue.page(Filter(states=["on_hold"]), by=who, limit=9)
        (row,) = map(queue.row, session.connection().exec_driver_sql(statement, values))
        assert (row.case.state, row.due_what, row.due_at) == ("on_hold", "hold", hold.review_at)
        assert row.yellow_at == hold.review_at - policy.value(session, "hold_notice_days", NOW) * DAY


def test_what_waits_and_what_is_held_is_listed_to_whoever_may_see_the_case(session, ordered):
    def listed(state, by):
        return [hold.id for hold, _ in holds.open_holds(session, state, by=by, limit=9)]

    hold, office, stranger = ask(ordered), ordered.district.supervisor, ordered.district.east.leader
    assert listed("requested", office) == listed("requested", ordered.town.officer) == [hold.id]
    assert listed("active", office) == listed("requested", stranger) == []
    approve(ordered, hold)
    assert listed("active", office) == listed("active", ordered.district.fire_officer) == [hold.id]
    assert listed("requested", office) == listed("active", stranger) == []
    last = (hold.review_at, hold.id)
    assert holds.open_holds(session, "active", by=office, limit=9, after=last) == []


def test_every_office_with_a_task_hears_that_it_is_held_and_goes_on(session, ordered):
    hold = held(ordered)
    offices = {ordered.town.org.id, ordered.district.fire.id, ordered.district.police.id, ordered.district.office.id}
    assert {each.org_id for each in desk.notices(session, "hold_decided")} == offices
    holds.end_hold(session, ordered.case, hold, comment="x", by=ordered.district.supervisor, now=ordered.now)
    assert {each.org_id for each in desk.notices(session, "hold_ended")} == offices
