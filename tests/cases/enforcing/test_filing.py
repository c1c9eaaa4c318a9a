"""M44, C4.5, D8, X53: a penalty that is owed is filed or handed over in time, and who does not is late, nobody else."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from cases import access, clocks, disputes, enforcing, handling, routing, supervision
from cases.disputes.requests import Plea
from cases.lifecycle import closing, whose
from cases.lifecycle.begun import StillOpen
from cases.lifecycle.beside import NotHandled
from cases.models.case import Clock, Task
from cases.models.dispute import ReturnRequest
from cases.models.handling import RecordCopy
from cases.models.supervision import ListingCandidate, UrgeOrder
from tests import desk, make
from tests.cases.lifecycle import test_lawful_exits as exits
from tests.enforcement import Bureau, decision, delegation, referral
from tests.make import NOW
from tests.walk import Walk, order_draft
from workers import clocks as jobs

DAY = timedelta(days=1)


@pytest.fixture
def bureau(session, district):
    return Bureau(session, district)


@pytest.fixture
def ready(district, bureau):
    return bureau.ready(district)


def watch(session, case, now=NOW):
    """What the worker does, twice: it may be told more than once."""
    for _ in range(2):
        jobs.watch_filing(session, case.id, now=now)


def running(session, case):
    """Against whom the clock runs, if it does."""
    found = select(Clock).where(Clock.case_id == case.id, Clock.kind == "file_penalty", Clock.stopped_at.is_(None))
    return [each.org_id for each in session.scalars(found)]


def ordered(session, district, category, *, penalise):
    walk = Walk(session, district, category=category).proposed()
    consequences = make.UNDECIDED | {"penalise": {"decided": penalise, "reason": "情节"}}
    draft = order_draft(due_at=walk.now + DAY, consequences=consequences)
    handling.order(session, walk.case, draft=draft, by=walk.town.leader, now=walk.now)
    return walk


# --- from the order on


@pytest.mark.parametrize(
    ("category", "penalise", "owed"), [("FIR-02", False, False), ("FIR-02", True, True), ("FW-01", False, True)]
)
def test_t8_it_runs_from_the_order_where_the_penalty_is_mandatory_or_decided(
    session, district, category, penalise, owed
):
    walk = ordered(session, district, category, penalise=penalise)
    assert walk.case.id in {job.subject for job in desk.jobs(session, "watch_filing")}
    watch(session, walk.case, walk.now)
    assert len(running(session, walk.case)) == owed


def test_m03_it_falls_to_the_department_that_leads_and_is_shown_to_no_town(session, district):
    walk = ordered(session, district, "FIR-02", penalise=True)
    watch(session, walk.case, walk.now)
    assert running(session, walk.case) == [district.fire.id]
    assert "file_penalty" not in {each.kind for each in clocks.running(session, walk.case)}


def test_m56_without_a_department_it_falls_to_the_body_that_found_it(session, district, bureau, ready):
    session.execute(update(Task).where(Task.case_id == ready.id, Task.kind == "lead").values(state="cancelled"))
    watch(session, ready)
    assert running(session, ready) == [district.west.org.id]
    make.task(session, ready, bureau.org, kind="lead")
    watch(session, ready)
    assert running(session, ready) == [bureau.org.id]


BEGUN = (exits.filed_only, exits.waiver_without_review, exits.referral_sent, exits.crime_sent)
OWED = (
    exits.nothing, exits.revoked, exits.referral_refused, exits.tracked_without_acceptance, exits.crime_declined,
    exits.crime_rejected, exits.slip_typed, exits.crime_slip_typed,
)  # fmt: skip


@pytest.mark.parametrize("way", [*BEGUN, *exits.LAWFUL, *OWED], ids=lambda way: way.__name__)
def test_m44_it_runs_just_while_a_penalty_is_owed_and_nothing_is_begun(session, district, bureau, ready, way):
    watch(session, ready)
    assert running(session, ready) == [bureau.org.id]
    way(session, district, bureau, ready)
    watch(session, ready)
    assert running(session, ready) == ([bureau.org.id] if way in OWED else [])


def test_m44_what_falls_through_is_owed_anew_with_a_whole_time(session, district, bureau, ready):
    watch(session, ready)
    penalty = bureau.decided(ready)
    watch(session, ready)
    enforcing.revoke(session, ready, penalty, reason="事实不清", by=bureau.leader, now=NOW + 9 * DAY)
    watch(session, ready, NOW + 9 * DAY)
    found = select(Clock).where(Clock.case_id == ready.id, Clock.kind == "file_penalty")
    rows = session.scalars(found.order_by(Clock.started_at)).all()
    assert [(each.amount, each.unit, each.started_at) for each in rows] == [
        (7, "work_d", NOW), (7, "work_d", NOW + 9 * DAY),
    ]  # fmt: skip


@pytest.fixture
def revoked(session, district, bureau, ready):
    """A closed case whose penalty was revoked afterwards (F25), so that it is owed again."""
    penalty = bureau.decided(ready)
    bureau.stored(ready, penalty)
    handling.close(session, ready, note="办结", by=district.west.leader, now=NOW)
    enforcing.revoke(session, ready, penalty, reason="复议撤销", by=bureau.leader, now=NOW + DAY)
    watch(session, ready, NOW + DAY)
    assert running(session, ready) == [bureau.org.id]
    return ready


@pytest.mark.parametrize("state", ["closed", "look_back"])
@pytest.mark.parametrize("way", [*BEGUN, *exits.LAWFUL], ids=lambda way: way.__name__)
def test_f25_what_is_revoked_after_closing_is_filed_referred_or_reported_again(
    session, district, bureau, revoked, way, state
):
    """C4.5, X17: the case stays closed, and the clock ends with what was begun."""
    revoked.state = state
    assert [each.code for each in closing.panel(session, revoked) if not each.holds] == ["G-PEN"]
    way(session, district, bureau, revoked)
    watch(session, revoked, NOW + DAY)
    assert (revoked.state, running(session, revoked)) == (state, [])


def test_x17_a_closed_case_is_not_referred_whole_for_a_penalty(session, district, bureau, revoked):
    with pytest.raises(NotHandled):
        enforcing.refer(session, revoked, referral(district.police), by=bureau.leader, now=NOW + DAY)
    assert revoked.state == "closed"


def test_m44_in_a_closed_case_that_owes_nothing_no_penalty_is_begun(session, district, bureau, ready):
    bureau.stored(ready, bureau.decided(ready))
    handling.close(session, ready, note="办结", by=district.west.leader, now=NOW)
    for way in (exits.filed_only, exits.referral_sent, exits.crime_sent):
        with pytest.raises(NotHandled):
            way(session, district, bureau, ready)


def test_every_act_that_may_change_it_is_looked_at(session, district, bureau, ready):
    for way in (*BEGUN, *OWED[1:]):
        nested, before = session.begin_nested(), len(desk.jobs(session, "watch_filing"))
        way(session, district, bureau, ready)
        assert len(desk.jobs(session, "watch_filing")) > before, way.__name__
        nested.rollback()
        session.expire_all()


# --- whose lateness it is


def late(session, case, kind, days=30):
    """The body that is urged because of that clock."""
    clock = session.scalars(select(Clock).where(Clock.case_id == case.id, Clock.kind == kind)).one()
    supervision.climb(session, case, now=clock.due_at + days * DAY)
    return set(session.scalars(select(UrgeOrder.org_id).where(UrgeOrder.clock_id == clock.id)))


def test_d8_who_does_not_file_is_urged_and_no_towns_case_is_listed(session, bureau, ready):
    watch(session, ready)
    assert late(session, ready, "file_penalty") == {bureau.org.id}
    assert session.scalars(select(ListingCandidate)).all() == []


def total(session, case):
    clocks.start_until(session, case, "total", due_at=NOW + DAY, now=NOW - 59 * DAY)
    return late(session, case, "total")


def test_x53_the_total_of_a_case_that_waits_for_a_department_is_the_departments(session, bureau, ready):
    assert total(session, ready) == {bureau.org.id}
    assert session.scalars(select(ListingCandidate)).all() == []
    assert bureau.org.name_zh in desk.notices(session, "reminder")[0].text


def test_x53_while_the_town_has_something_to_do_itself_it_is_the_towns(session, district, ready):
    session.execute(update(RecordCopy).where(RecordCopy.case_id == ready.id).values(delivered_at=None))
    assert total(session, ready) == {district.west.org.id}


def test_x53_before_that_it_is_the_towns(session, district):
    case = make.case(session, district.west.org, state="rectifying", outcome="substantiated", urgency="normal")
    make.task(session, case, district.fire, kind="lead")
    assert total(session, case) == {district.west.org.id}


def closing_is_late(session, case):
    case.urgency = "immediate"
    clocks.start_until(session, case, "close", due_at=NOW + DAY, now=NOW - 5 * DAY)
    return late(session, case, "close")


def test_m15_x53_an_immediate_case_that_waits_for_a_departments_penalty_is_late_there(session, bureau, ready):
    assert closing_is_late(session, ready) == {bureau.org.id}
    assert session.scalars(select(ListingCandidate)).all() == []
    assert bureau.org.name_zh in desk.notices(session, "reminder")[0].text


def test_m15_x53_and_with_the_town_while_it_has_something_to_do(session, district, ready):
    session.execute(update(RecordCopy).where(RecordCopy.case_id == ready.id).values(delivered_at=None))
    assert closing_is_late(session, ready) == {district.west.org.id}
    assert session.scalars(select(ListingCandidate.case_id)).one() == ready.id


def test_t16_an_immediate_case_that_waits_for_nothing_but_to_be_closed_is_late_with_the_office(
    session, district, ready
):
    ready.penalty_policy = "none"
    assert closing_is_late(session, ready) == set()
    assert {each.account_id for each in desk.notices(session, "overdue")} == {district.supervisor.account_id}


def reply(session, district, bureau, case):
    case.replies_open = True


def measure(session, district, bureau, case):
    bureau.proposed(case)


def open_task(session, district, bureau, case):
    make.task(session, case, district.police, kind="coop")


def major(session, district, bureau, case):
    case.grade = "major"


def refer_penalty(session, district, bureau, case):
    exits.refer(session, bureau, case, district.police)


def lost_record(session, district, bureau, case):
    make.visit(session, case, bureau.first, kind="enforcement", state="open", completed_at=None, record_hash=None)


def no_copy(session, district, bureau, case):
    bureau.decided(case)


TURNS = [
    (reply, "office"), (measure, "fire"), (open_task, "police"), (major, "office"), (refer_penalty, "police"),
    (lost_record, "fire"), (no_copy, "fire"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "body"), TURNS, ids=lambda value: getattr(value, "__name__", value))
def test_x53_each_open_guard_has_its_body(session, district, bureau, ready, what, body):
    ready.penalty_policy = "none"
    assert whose.turn_of(session, ready) == district.west.org.id  # its leader closes it
    what(session, district, bureau, ready)
    session.flush()
    assert whose.turn_of(session, ready) == getattr(district, body).id


@pytest.mark.parametrize("outside", [False, True])
def test_m56_what_was_handed_over_is_late_where_it_is(session, district, bureau, outside):
    case = bureau.case()
    sent = enforcing.refer(session, case, referral(None if outside else district.police), by=bureau.leader, now=NOW)
    assert (case.state, whose.turn_of(session, case)) == (
        "referred", district.office.id if outside else district.police.id
    )  # fmt: skip
    if not outside:
        police = Bureau(session, district, district.police)
        enforcing.refuse(session, case, sent, reason="无权", slip="", by=police.leader, now=NOW)
        assert whose.turn_of(session, case) == district.office.id


def test_x53_the_offices_own_delay_of_a_whole_case_urges_nobody(session, district, bureau, ready):
    ready.penalty_policy, ready.replies_open = "none", True
    assert total(session, ready) == set()
    assert {each.account_id for each in desk.notices(session, "overdue")} == {district.supervisor.account_id}


# --- what was begun stays with whoever began it


PLEA = Plea("wrong_category", "应归其他类别", proposed_category="FW-01")


def test_t5_a_department_that_loses_its_task_under_an_open_penalty_still_ends_it(session, district, bureau, walk):
    """M44: else G-PEN would be shut for ever."""
    walk.signed()
    case = walk.case
    make.visit(session, case, bureau.first, companions=(bureau.second,), kind="enforcement", supports_penalty=True)
    penalty = bureau.heard(case, now=walk.now)
    disputes.ask_return(session, case, plea=PLEA, by=walk.town.clerk, now=walk.now)
    request = session.scalars(select(ReturnRequest).where(ReturnRequest.case_id == case.id)).one()
    disputes.uphold(session, case, request, text="成立", by=district.supervisor, now=walk.now)
    task = session.scalars(select(Task).where(Task.case_id == case.id, Task.org_id == bureau.org.id)).one()
    assert task.state == "cancelled"
    seen = access.lock(session, case.id, by=bureau.leader, expected_version=case.version)
    enforcing.decide(session, seen, penalty, decision(), by=bureau.leader, now=walk.now)
    bureau.stored(case, penalty)
    assert penalty.state == "decided"


def test_t4_a_town_that_has_begun_to_penalise_does_not_give_the_case_away(session, district, walk):
    """It could not see it any more, and nobody else may end its penalty."""
    delegation(session, district, walk.town.org, "fine")
    walk.signed()
    town = Bureau(session, district, walk.town.org)
    town.filed(walk.case, now=walk.now)
    with pytest.raises(StillOpen) as refusal:
        disputes.ask_return(session, walk.case, plea=PLEA, by=walk.town.clerk, now=walk.now)
    assert refusal.value.extra["open"] == ["penalty"]
    assert walk.case.state == "signed"


def test_t20_what_a_department_has_begun_is_no_mistaken_entry(session, district, bureau, walk):
    walk.signed()
    bureau.in_force(walk.case, "seizure", now=walk.now)
    proposed = routing.propose_void(
        session, walk.case, reason="test_entry", text="测试", same_as=None, by=district.intake, now=walk.now
    )
    with pytest.raises(StillOpen):
        routing.confirm_void(session, walk.case, proposed.id, by=district.supervisor, now=walk.now)
    assert walk.case.state == "signed"
