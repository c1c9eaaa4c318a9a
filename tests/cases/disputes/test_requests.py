"""T4, T5, D5, M10: an office says "not ours"; the safety office decides once; the clock never stops for it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from cases import access, disputes, handling, policy, supervision, triage
from cases.disputes.requests import CaseEnded, NoSuchRequest, NoTaskToReturn, Plea
from cases.lifecycle.disputes import RETURN_MOVES, VOIDING_MOVES, ArbitratedAlready, TooLateToReturn
from cases.lifecycle.guards import Incomplete, NotYourBody
from cases.lifecycle.machine import NotInState, NotYourRole
from cases.models.case import CaseEvent, Clock, Notice, Task
from cases.models.dispute import RETURN_STATES, VOIDING_STATES, Misdispatch, ReturnRequest, Voiding
from cases.models.policy import DeadlineProfile, DeadlineRule
from cases.routing import ForTheGroup, NotAnOwner, NotTheSame
from people.roles import Role
from tests import make
from tests.desk import accepted, case_of, entries, jobs, notices
from tests.make import NOW
from tests.walk import Walk

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def case(session, district):
    return Walk(session, district, now=NOW - HOUR).dispatched().case


def plea(district, reason="not_my_duty", **facts):
    named = {
        "not_my_duty": {"proposed_org_id": district.east.org.id},
        "not_my_territory": {"proposed_org_id": district.east.org.id},
        "wrong_category": {"proposed_category": "FIR-05"},
        "duplicate": {"duplicate_of": "T-1"},
    }[reason]
    return Plea(reason, "地块属于东镇", **(named | facts))


def ask(session, district, case, *, by=None, now=NOW, **facts):
    who = by or district.west.clerk
    return disputes.ask_return(session, case, plea=plea(district, **facts), by=who, now=now)


def uphold(session, district, case, request, **facts):
    return disputes.uphold(
        session, case, request, **({"text": "成立", "by": district.supervisor, "now": NOW + HOUR} | facts)
    )


def reject(session, district, case, request, **facts):
    return disputes.reject(
        session, case, request, **({"text": "不成立", "by": district.supervisor, "now": NOW + HOUR} | facts)
    )


def clock(session, case, kind, *, task_id=None):
    found = select(Clock).where(Clock.case_id == case.id, Clock.kind == kind, Clock.stopped_at.is_(None))
    return session.scalars(found.where(Clock.task_id.is_not_distinct_from(task_id))).one_or_none()


# --- asking


@pytest.mark.parametrize("state", ["dispatched", "signed"])
def test_t4_the_case_goes_to_arbitration_and_its_clocks_run_on(session, district, case, state):
    case.state = state
    before = {kind: clock(session, case, kind).due_at for kind in ("sign", "verify", "total")}
    request = ask(session, district, case)
    assert (case.state, request.state, request.of_main, request.circle) == ("arbitrating", "requested", True, False)
    assert {kind: clock(session, case, kind).due_at for kind in before} == before  # D5, X14
    arbitration = clock(session, case, "arbitrate")
    assert arbitration.due_at == request.due_at
    assert case.responsible_org_id == district.west.org.id  # until somebody has decided


def test_x14_the_owner_goes_on_seeing_its_own_clock(session, district, case):
    ask(session, district, case)
    main = session.scalars(select(Task).where(Task.case_id == case.id, Task.kind == "town")).one()
    assert main.due_what in {"sign", "verify"}


@pytest.mark.parametrize("late", [False, True])
def test_t4_a_return_is_asked_for_within_one_working_day_of_the_dispatch(session, district, case, late):
    last = NOW.replace(hour=16) + DAY  # 24:00 of Wednesday in Shanghai
    if late:
        with pytest.raises(TooLateToReturn):
            ask(session, district, case, now=last)
        assert case.state == "dispatched"
    else:
        ask(session, district, case, now=last - timedelta(seconds=1))
        assert case.state == "arbitrating"


def test_t4_a_day_of_rest_is_no_working_day(session, district):
    friday = NOW + 3 * DAY
    case = Walk(session, district, now=friday - HOUR).dispatched().case
    ask(session, district, case, now=friday + 3 * DAY)  # Monday
    assert case.state == "arbitrating"


def test_x32_how_long_is_the_districts_to_say(session, district):
    old = policy.profile_in_force(session, NOW)
    profile = DeadlineProfile(code="district", version=2, effective_at=NOW - 2 * HOUR, zh="-", en="-")
    session.add(profile)
    session.flush()
    for rule in session.scalars(select(DeadlineRule).where(DeadlineRule.profile_id == old.id)).all():
        facts = {c.key: getattr(rule, c.key) for c in DeadlineRule.__table__.columns if c.key != "profile_id"}
        if rule.clock == "return_request":
            facts |= {"amount": 2, "unit": "clock_h"}
        session.add(DeadlineRule(profile_id=profile.id, **facts))
    session.flush()
    case = Walk(session, district, now=NOW - HOUR).dispatched().case
    case.profile_id = profile.id
    session.flush()
    session.expunge(profile)
    with pytest.raises(TooLateToReturn):
        ask(session, district, case, now=NOW + 2 * HOUR)


@pytest.mark.parametrize("reason", ["not_my_duty", "not_my_territory", "wrong_category", "duplicate"])
def test_t4_each_reason_names_what_it_proposes(session, district, case, reason):
    empty = {"proposed_org_id": None, "proposed_category": None, "duplicate_of": None}
    with pytest.raises(Incomplete):
        disputes.ask_return(session, case, plea=Plea(reason, "-", **empty), by=district.west.clerk, now=NOW)
    assert ask(session, district, case, reason=reason).reason_code == reason


@pytest.mark.parametrize("reason", ["lazy", "spam", "outside_district"])
def test_t4_a_reason_that_is_not_on_the_list_is_refused(session, district, case, reason):
    with pytest.raises(policy.UnknownReason):
        disputes.ask_return(session, case, plea=Plea(reason, "-"), by=district.west.clerk, now=NOW)


def test_t4_an_office_does_not_propose_itself_or_one_that_is_not_there(session, district, case):
    for org_id in (district.west.org.id, 2**31 - 1):
        with pytest.raises(Incomplete):
            ask(session, district, case, proposed_org_id=org_id)
    with pytest.raises(policy.UnknownCategory):
        ask(session, district, case, reason="wrong_category", proposed_category="XYZ-99")


def test_t4_only_the_office_that_has_it_gives_it_back(session, district, case):
    with pytest.raises(NotYourBody):
        ask(session, district, case, by=district.east.clerk, proposed_org_id=district.west.org.id)
    for who in (district.west.officer, district.intake, district.supervisor):
        with pytest.raises(NotYourRole):
            ask(session, district, case, by=who)
    assert case.state == "dispatched"


def test_d5_an_arbitration_that_is_late_is_told_to_the_district_and_never_held_against_the_town(
    session, district, case
):
    request = ask(session, district, case)
    for each in session.scalars(select(Clock).where(Clock.case_id == case.id, Clock.kind != "arbitrate")):
        each.stopped_at = NOW
    session.flush()
    supervision.climb(session, case, now=request.due_at)
    late = select(Notice.org_id).where(Notice.case_id == case.id, Notice.kind != "dispatched")
    assert set(session.scalars(late)) == {district.office.id}


# --- deciding


def test_t5_upheld_the_new_owner_gets_full_new_clocks_and_intake_is_charged(session, district, case):
    total = clock(session, case, "total").due_at
    request = ask(session, district, case)
    old = session.get(Task, request.task_id)
    uphold(session, district, case, request)
    assert (case.state, case.responsible_org_id, request.state) == ("dispatched", district.east.org.id, "upheld")
    assert (old.state, clock(session, case, "arbitrate")) == ("cancelled", None)
    for kind in ("sign", "verify"):
        assert clock(session, case, kind).started_at == NOW + HOUR
    assert clock(session, case, "total").due_at == total  # promised to the reporter (F39)
    charged = session.scalars(select(Misdispatch)).one()
    assert (charged.charged_to, charged.from_org_id, charged.to_org_id, charged.cause, charged.request_id) == (
        "intake", district.west.org.id, district.east.org.id, "arbitration", request.id,
    )  # fmt: skip
    assert (charged.started_at, charged.ended_at, charged.dispatched_by) == (old.created_at, NOW + HOUR, "system")
    assert access.find(session, case.id, by=district.east.clerk) is case
    with pytest.raises(access.NoSuchCase):
        access.find(session, case.id, by=district.west.clerk)
    handling.sign(session, case, person_id=district.east.officer.account_id, by=district.east.clerk, now=NOW + 2 * HOUR)
    assert case.state == "signed"


def test_t5_both_offices_are_told_and_the_old_one_only_by_the_number_it_knew(session, district, case):
    request = ask(session, district, case)
    before = len(notices(session, "dispatched"))
    uphold(session, district, case, request)
    new = notices(session, "dispatched")[before]
    (old,) = notices(session, "arbitrated")
    assert (new.org_id, new.case_id) == (district.east.org.id, case.id)
    assert (old.org_id, old.case_id) == (district.west.org.id, None)


def test_d5_rejected_gives_nothing_back(session, district, case):
    before = {kind: clock(session, case, kind).id for kind in ("sign", "verify", "total")}
    request = ask(session, district, case)
    reject(session, district, case, request)
    assert (case.state, case.responsible_org_id, request.state) == ("dispatched", district.west.org.id, "rejected")
    assert {kind: clock(session, case, kind).id for kind in before} == before
    assert clock(session, case, "arbitrate") is None
    assert session.scalars(select(Misdispatch)).all() == []


@pytest.mark.parametrize("upheld", [True, False])
def test_m10_once_arbitrated_there_is_no_second_return(session, district, case, upheld):
    (uphold if upheld else reject)(session, district, case, ask(session, district, case))
    who = district.east if upheld else district.west
    third = make.town(session).org.id
    with pytest.raises(ArbitratedAlready):
        ask(session, district, case, by=who.clerk, now=NOW + 2 * HOUR, proposed_org_id=third)
    with pytest.raises(ArbitratedAlready):
        disputes.move_on(session, case, to=make.town(session).org, why="-", by=district.intake, now=NOW + 2 * HOUR)


def test_m10_the_database_holds_one_request_for_a_case(session, district, case):
    first = ask(session, district, case)
    own = {"id", "task_id"}
    facts = {c.key: getattr(first, c.key) for c in ReturnRequest.__mapper__.column_attrs if c.key not in own}
    task = make.task(session, case, district.office, kind="coop")
    session.add(ReturnRequest(task_id=task.id, **facts))
    with pytest.raises(IntegrityError, match="uq_return_request_case"):
        session.flush()


def test_t5_the_arbitrator_may_find_yet_another_owner(session, district, case):
    third = make.town(session).org
    request = uphold(session, district, case, ask(session, district, case), to=third)
    assert (case.responsible_org_id, request.new_org_id) == (third.id, third.id)


def test_t5_wrong_category_brings_the_right_departments_and_full_new_clocks(session, district, case):
    """FIR-02 is led by fire with police helping; FIR-01 has both as well; FIR-05 keeps them; FW-04 is the police's."""
    request = ask(session, district, case, reason="wrong_category", proposed_category="FW-04")
    uphold(session, district, case, request)
    assert (case.category_code, case.urgency, case.responsible_org_id) == (
        "FW-04", "normal", district.west.org.id,
    )  # fmt: skip
    tasks = session.execute(select(Task.org_id, Task.kind, Task.state).where(Task.case_id == case.id)).all()
    assert (district.fire.id, "lead", "cancelled") in tasks
    assert (district.police.id, "lead", "open") in tasks
    assert (district.police.id, "coop", "cancelled") in tasks
    assert clock(session, case, "verify").started_at == NOW + HOUR


def test_an_immediate_case_stays_immediate_under_another_category(session, district):
    case = Walk(session, district, now=NOW - HOUR).dispatched().case
    case.urgency = "immediate"
    uphold(session, district, case, ask(session, district, case, reason="wrong_category"))
    assert case.urgency == "immediate"


def test_t5_t20_an_agreed_repetition_is_voided_by_the_two_who_said_so(session, district):
    report = accepted(session, district)
    case, other = case_of(session, report), case_of(session, accepted(session, district))
    request = ask(session, district, case, reason="duplicate", duplicate_of=other.number)
    uphold(session, district, case, request)
    assert (case.state, request.state) == ("void", "upheld")
    voiding = session.scalars(select(Voiding)).one()
    assert (voiding.proposed_by, voiding.decided_by) == (district.west.clerk.account_id, district.supervisor.account_id)
    triage.rehouse(session, case.id, now=NOW + HOUR)
    assert case_of(session, report).id == other.id


def test_t5_a_repetition_of_nothing_or_of_an_ended_case_is_not_upheld(session, district, case):
    ended = make.case(session, district.west.org, state="closed")
    request = ask(session, district, case, reason="duplicate", duplicate_of="2026-999999")
    for number in ("2026-999999", ended.number, case.number):
        request.duplicate_of = number
        with pytest.raises(NotTheSame), session.begin_nested():
            uphold(session, district, case, request)
        session.refresh(case)
    assert case.state == "arbitrating"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SAFETY_OFFICE])
def test_m10_nobody_but_the_safety_office_decides(session, district, case, role):
    request = ask(session, district, case)
    who = make.officer(session, district.office, role)
    for decide in (uphold, reject):
        with pytest.raises(NotYourRole):
            decide(session, district, case, request, by=who)
    assert (case.state, request.state) == ("arbitrating", "requested")


def test_a_request_is_decided_once(session, district, case):
    request = ask(session, district, case)
    reject(session, district, case, request)
    for decide in (uphold, reject):
        with pytest.raises(NotInState):
            decide(session, district, case, request)


def test_m08_a_case_goes_to_a_town_or_the_group_and_to_no_other_body(session, district, case):
    request = ask(session, district, case)
    gone = make.town(session).org
    gone.active = False
    for body in (district.fire, district.office, gone):
        with pytest.raises(NotAnOwner), session.begin_nested():
            uphold(session, district, case, request, to=body)
    session.refresh(case)
    uphold(session, district, case, request, to=district.group)
    main = session.scalars(select(Task).where(Task.case_id == case.id, Task.kind == "group")).one()
    assert main.org_id == district.group.id


def test_x34_what_was_the_groups_goes_to_no_town_under_any_name(session, district):
    report = accepted(session, district, category="CCL-01", deaths=True)
    case = case_of(session, report)
    clerk = make.officer(session, district.group, Role.TOWN_CLERK)
    request = ask(session, district, case, by=clerk, reason="wrong_category", proposed_category="FIR-02")
    for category in ("FIR-02", "CCL-01"):
        with pytest.raises(ForTheGroup), session.begin_nested():
            uphold(session, district, case, request, to=district.west.org, category_code=category)
    session.refresh(case)
    with pytest.raises(NotInState):
        disputes.move_on(session, case, to=district.west.org, why="-", by=district.intake, now=NOW)


# --- a department's own task


def task_of(session, case, org):
    return session.scalars(
        select(Task).where(Task.case_id == case.id, Task.org_id == org.id, Task.state != "cancelled")
    ).one_or_none()


def test_t4_a_department_returns_its_own_task_and_the_case_goes_on(session, district, case):
    request = ask(session, district, case, by=district.fire_officer, proposed_org_id=district.police.id)
    task = task_of(session, case, district.fire)
    assert (case.state, request.of_main, request.task_id, request.org_id) == (
        "dispatched", False, task.id, district.fire.id,
    )  # fmt: skip
    assert clock(session, case, "arbitrate", task_id=task.id).due_at == request.due_at
    handling.sign(session, case, person_id=district.west.officer.account_id, by=district.west.clerk, now=NOW)
    ask(session, district, case, by=district.west.clerk)  # the town's own is another matter
    assert case.state == "arbitrating"


def test_t5_upheld_another_department_gets_the_task_with_its_full_time(session, district, case):
    housing = make.org(session, "department", department_kind="housing")
    request = ask(session, district, case, by=district.fire_officer, proposed_org_id=housing.id)
    uphold(session, district, case, request)
    assert task_of(session, case, district.fire) is None
    new = task_of(session, case, housing)
    assert (new.kind, new.state, new.created_at) == ("lead", "open", NOW + HOUR)
    assert clock(session, case, "arbitrate", task_id=request.task_id) is None
    charged = session.scalars(select(Misdispatch)).one()
    assert (charged.from_org_id, charged.to_org_id) == (district.fire.id, housing.id)
    who = make.officer(session, housing, Role.DEPT_LEADER)
    with pytest.raises(ArbitratedAlready):  # M10
        ask(session, district, case, by=who, now=NOW + HOUR, proposed_org_id=district.fire.id)


def test_t5_rejected_the_department_keeps_its_task(session, district, case):
    request = ask(session, district, case, by=district.fire_officer, proposed_org_id=district.police.id)
    reject(session, district, case, request)
    assert task_of(session, case, district.fire).state == "open"
    assert case.state == "dispatched"
    with pytest.raises(ArbitratedAlready):
        ask(session, district, case, by=district.fire_officer, now=NOW + HOUR, proposed_org_id=district.police.id)


def test_t5_a_department_that_has_a_task_already_gets_no_second_one(session, district, case):
    request = ask(session, district, case, by=district.fire_officer, proposed_org_id=district.police.id)
    for body in (None, district.east.org):
        with pytest.raises(Incomplete):
            uphold(session, district, case, request, to=body)


def test_t5_a_task_answered_meanwhile_is_not_moved(session, district, case):
    housing = make.org(session, "department", department_kind="housing")
    request = ask(session, district, case, by=district.fire_officer, proposed_org_id=housing.id)
    handling.answer_task(session, case, text="已办", by=district.fire_officer, now=NOW)
    with pytest.raises(NotInState):
        uphold(session, district, case, request)
    with pytest.raises(NoTaskToReturn):
        ask(session, district, case, by=district.fire_officer, proposed_org_id=housing.id)


def test_a_department_without_a_task_has_nothing_to_return(session, district, case):
    who = make.officer(session, make.org(session, "department", department_kind="water"), Role.DEPT_OFFICER)
    with pytest.raises(NoTaskToReturn):
        ask(session, district, case, by=who)
    clerk = make.officer(session, district.fire, Role.FINANCE)
    with pytest.raises(NotYourRole):
        ask(session, district, case, by=clerk)
    case.state = "closed"
    with pytest.raises(CaseEnded):
        ask(session, district, case, by=district.fire_officer)


# --- the desk corrects itself


def test_t2_the_desk_dispatches_anew_before_anybody_has_signed(session, district, case):
    assert disputes.move_on(session, case, to=district.east.org, why="看错边界", by=district.intake, now=NOW) is None
    assert (case.state, case.responsible_org_id) == ("dispatched", district.east.org.id)
    assert clock(session, case, "verify").started_at == NOW
    charged = session.scalars(select(Misdispatch)).one()
    assert (charged.cause, charged.charged_to, charged.from_org_id) == ("desk", "intake", district.west.org.id)
    (told,) = notices(session, "recalled")
    assert (told.org_id, told.case_id) == (district.west.org.id, None)


@pytest.mark.parametrize("state", ["registered", "signed", "verifying", "arbitrating", "closed"])
def test_t2_after_that_it_is_for_the_office_to_ask(session, district, case, state):
    case.state = state
    session.flush()
    with pytest.raises(NotInState):
        disputes.move_on(session, case, to=district.east.org, why="-", by=district.intake, now=NOW)


def test_x14_the_desk_does_not_send_a_case_in_a_circle(session, district, case):
    disputes.move_on(session, case, to=district.east.org, why="-", by=district.intake, now=NOW)
    request = disputes.move_on(session, case, to=district.west.org, why="又回来了", by=district.intake, now=NOW)
    assert (case.state, request.origin, request.circle) == ("arbitrating", "circle", True)
    (told,) = notices(session, "circle")
    assert (told.org_id, told.case_id) == (district.office.id, case.id)
    uphold(session, district, case, request)
    assert case.responsible_org_id == district.west.org.id


# --- circles between offices


def test_x14_offices_that_point_at_each_other_are_found_at_one_place(session, district, case):
    ask(session, district, case)
    disputes.find_circle(session, case.id, now=NOW)
    assert notices(session, "circle") == []
    second = make.case(session, state="registered")
    walk = Walk(session, district, now=NOW - HOUR)
    walk.case, walk.town = second, district.east
    walk.dispatched()
    back = ask(session, district, second, by=district.east.clerk, proposed_org_id=district.west.org.id)
    assert [job.subject for job in jobs(session, "find_circle")] == [case.id, second.id]
    for _ in range(2):
        disputes.find_circle(session, second.id, now=NOW)
    assert back.circle is True
    (told,) = notices(session, "circle")
    assert (told.org_id, told.case_id) == (district.office.id, second.id)


def test_x14_two_matters_far_apart_are_no_circle(session, district, case):
    ask(session, district, case)
    walk = Walk(session, district, now=NOW - HOUR)
    walk.case = make.case(session, point="SRID=4326;POINT(120.03 31.01)")
    walk.town = district.east
    walk.dispatched()
    back = ask(session, district, walk.case, by=district.east.clerk, proposed_org_id=district.west.org.id)
    disputes.find_circle(session, walk.case.id, now=NOW)
    assert back.circle is False


# --- the safety office's list


def test_the_safety_office_finds_what_waits_by_what_is_due(session, district):
    asked = []
    for number in range(3):
        case = Walk(session, district, now=NOW - HOUR).dispatched().case
        asked.append(ask(session, district, case, now=NOW + number * HOUR))
    paged: list[ReturnRequest] = []
    after = None
    while page := disputes.open_requests(session, by=district.supervisor, limit=2, after=after):
        paged += [request for request, _ in page]
        after = (paged[-1].due_at, paged[-1].id)
    assert {each.id for each in paged} == {each.id for each in asked}
    assert paged == sorted(paged, key=lambda each: (each.due_at, each.id))
    with pytest.raises(NoSuchRequest):
        disputes.lock_request(session, case, uuid4(), by=district.supervisor)
    with pytest.raises(NoSuchRequest):
        disputes.lock_request(session, case, asked[0].id, by=district.supervisor)
    with pytest.raises(NotYourRole):
        disputes.lock_request(session, case, asked[2].id, by=district.west.clerk)


def test_the_machines_of_requests_and_voidings_reach_every_state_and_end():
    for moves, states, first in (
        (RETURN_MOVES, RETURN_STATES, "requested"),
        (VOIDING_MOVES, VOIDING_STATES, "proposed"),
    ):
        assert {move.target for move in moves.values()} == set(states) - {first}
        assert all(move.source == {first} and not move.system and not move.citizen for move in moves.values())


def test_the_trail_says_who_asked_and_what_was_decided(session, district, case):
    reject(session, district, case, ask(session, district, case))
    assert entries(session, case)[-2:] == ["return_requested", "return_rejected"]


def test_m79_the_trail_tells_a_department_s_return_from_the_case_s_own(session, district, case):
    """Else it would read as if the case had been put to arbitration, and its state could not be told again by it."""
    reject(session, district, case, ask(session, district, case))
    plea = Plea("not_my_duty", "非我职责", proposed_org_id=district.police.id)
    theirs = disputes.ask_return(session, case, plea=plea, by=district.fire_officer, now=NOW)
    disputes.reject(session, case, theirs, text="属本部门", by=district.supervisor, now=NOW)
    told = select(CaseEvent.kind, CaseEvent.body["task"].astext).where(
        CaseEvent.case_id == case.id, CaseEvent.kind.in_(("return_requested", "return_rejected"))
    )
    assert session.execute(told.order_by(CaseEvent.seq)).all() == [
        ("return_requested", None), ("return_rejected", None),
        ("return_requested", "lead"), ("return_rejected", "lead"),
    ]  # fmt: skip
