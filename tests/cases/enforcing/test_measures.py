"""Measures (C4.4): proposed, approved by another person, put in force by two, within the law's terms."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from cases import aftercare, clocks, enforcing, handling, policy
from cases.handling.arrival import arrival_of
from cases.lifecycle.beside import NotHandled
from cases.lifecycle.guards import Incomplete, NotYourBody, SamePerson
from cases.lifecycle.machine import NotInState
from cases.lifecycle.measure import EndsByAcceptance, NotAccepted, NotRenewable, TermTooLong, WeakerInstead
from cases.lifecycle.powers import NoPower, TooFewOfficers
from cases.models.aftercare import Reopening
from cases.models.case import CaseEvent, Clock, Notice, Task
from cases.models.measure import CaseTag, Measure
from cases.models.supervision import ListingCandidate
from cases.policy import UnknownMeasureType, UnknownReason
from people.models import Account
from people.roles import Role
from tests import desk, make
from tests.enforcement import Bureau, at_the_place, delegation, measure
from tests.make import NOW
from workers import reopenings

DAY = timedelta(days=1)
THIRTY_DAYS = "2026-12-24T16:00:00+00:00"  # the end of 24 December in Shanghai, thirty days after NOW
CATALOGUE = {
    "warning": "penalty", "criticism": "penalty", "fine": "penalty", "confiscation": "penalty", "suspension": "both",
    "stop_use": "measure", "permit_suspended": "both", "permit_revoked": "penalty", "sealing": "measure",
    "temporary_sealing": "measure", "seizure": "measure", "closure": "measure", "ban": "measure",
    "employment_limit": "penalty", "detention": "penalty",
}  # fmt: skip


def lift_asked(session, bureau, case, type_code="suspension"):
    held = bureau.in_force(case, type_code)
    return enforcing.request_lift(session, case, held, application="已整改，申请复产", by=bureau.first, now=NOW)


def reviewed(session, bureau, case, held, result="pass", now=NOW):
    at_the_place(session, case, held, by=bureau.third, now=now)
    return enforcing.review(
        session, case, held, result=result, findings=["隐患已消除"], note="", by=bureau.third, now=now
    )


def put(session, bureau, case, held, **facts):
    parts = {"officer_ids": bureau.officers, "owner_id": bureau.first.account_id, "until": None, "now": NOW}
    return enforcing.put_in_force(session, case, held, by=bureau.first, **(parts | facts))


def test_m51_the_catalogue_of_powers(session):
    powers = policy.measure_types(session, NOW)
    assert {row.code: row.nature for row in powers} == CATALOGUE
    only = {row.code: row.organ_kinds for row in powers if row.organ_kinds != ["department"]}
    assert only == {"temporary_sealing": ["fire"], "detention": ["police"]}
    assert {row.code for row in powers if row.term_amount} == {"sealing", "temporary_sealing", "seizure"}
    assert [row.code for row in powers if row.needs_acceptance] == ["suspension", "stop_use"]


def test_a_measure_goes_from_proposal_to_lift(session, bureau, case):
    held = lift_asked(session, bureau, case)
    reviewed(session, bureau, case, held)
    enforcing.lift(session, case, held, note="恢复生产", by=bureau.leader, now=NOW)

    assert (held.state, held.ended_by, held.org_id) == ("lifted", bureau.leader.account_id, bureau.org.id)
    kinds = select(CaseEvent.kind).where(CaseEvent.case_id == case.id).order_by(CaseEvent.seq)
    assert list(session.scalars(kinds)) == [
        "measure_proposed", "measure_approved", "measure_in_force", "lift_requested", "measure_review_begun",
        "measure_reviewed", "measure_lifted",
    ]  # fmt: skip


# --- who, and on which ground


def test_c2_whoever_proposes_does_not_approve(session, bureau, case):
    both = make.officer(session, bureau.org, Role.DEPT_OFFICER, Role.DEPT_LEADER)
    bureau.first = both
    proposed = bureau.proposed(case)
    with pytest.raises(SamePerson):
        enforcing.approve(session, case, proposed, note="x", decision_ref=None, by=both, now=NOW)
    assert proposed.state == "proposed"


@pytest.mark.parametrize("ground", ["major_hazard", "refusal", "illegal_operation"])
def test_m49_a_listed_ground_with_reasons_is_enough(bureau, case, ground):
    assert bureau.approved(case, ground=ground).state == "approved"


def test_m49_a_ground_outside_the_list_needs_the_leaders_own_reasons(session, bureau, case):
    proposed = bureau.proposed(case, ground="other")
    with pytest.raises(Incomplete) as refusal:
        enforcing.approve(session, case, proposed, note=" ", decision_ref=None, by=bureau.leader, now=NOW)
    assert refusal.value.extra["missing"] == ["note"]
    enforcing.approve(session, case, proposed, note="邻近学校", decision_ref=None, by=bureau.leader, now=NOW)
    assert proposed.approval_note == "邻近学校"


def test_m49_no_measure_without_ground_and_reasons(bureau, case):
    with pytest.raises(UnknownReason):
        bureau.proposed(case, ground="because")
    with pytest.raises(Incomplete):
        bureau.proposed(case, reasoning="  ")


@pytest.mark.parametrize("code", ["fine", "warning", "made_up"])
def test_a_penalty_is_no_measure(bureau, case, code):
    with pytest.raises(UnknownMeasureType):
        bureau.proposed(case, code)


def test_f45_temporary_sealing_is_the_fire_services_own(session, district, bureau, case):
    police = Bureau(session, district, district.police)
    with pytest.raises(NoPower):
        police.proposed(police.case(), "temporary_sealing")
    assert bureau.proposed(case, "temporary_sealing").state == "proposed"


def test_m58_a_town_imposes_what_was_handed_to_it(session, district):
    town = Bureau(session, district, district.west.org)
    with pytest.raises(NoPower):
        town.proposed(town.case(), "sealing")
    entry = delegation(session, district, district.west.org, "sealing")
    held = town.in_force(town.case(), "sealing")
    assert (held.state, held.delegation_id) == ("in_force", entry.id)


def test_m58_the_power_is_asked_again_on_the_day_it_is_put_in_force(session, district):
    town = Bureau(session, district, district.west.org)
    entry = delegation(session, district, district.west.org, "sealing")
    case = town.case()
    ready = town.approved(case, "sealing")
    enforcing.end(session, entry.id, reason="收回", seen=1, by=district.supervisor, now=NOW)
    with pytest.raises(NoPower):
        put(session, town, case, ready)
    assert (ready.state, ready.owner_id) == ("approved", None)


def test_m43_a_closure_cites_the_county_governments_decision(session, bureau, case):
    proposed = bureau.proposed(case, "closure")
    for cited in (None, " "):
        with pytest.raises(Incomplete) as refusal:
            enforcing.approve(session, case, proposed, note="", decision_ref=cited, by=bureau.leader, now=NOW)
        assert refusal.value.extra["missing"] == ["decision_ref"]
    enforcing.approve(session, case, proposed, note="", decision_ref="区政决〔2026〕3号", by=bureau.leader, now=NOW)
    assert (proposed.state, proposed.decision_ref) == ("approved", "区政决〔2026〕3号")


def test_m17_a_measure_holds_only_with_an_owner_of_its_organ(session, district, bureau, case):
    ready = bureau.approved(case)
    gone = make.officer(session, bureau.org, Role.DEPT_OFFICER)
    session.get_one(Account, gone.account_id).active = False
    for owner in (district.police_officer.account_id, gone.account_id, 0):
        with pytest.raises(Incomplete):
            put(session, bureau, case, ready, owner_id=owner)
    assert ready.state == "approved"


def test_the_database_keeps_nothing_in_force_without_an_owner(session, bureau, case):
    held = bureau.in_force(case)
    nobody = Measure.__table__.update().where(Measure.id == held.id).values(owner_id=None)
    with pytest.raises(IntegrityError, match="ck_measure_owned"), session.begin_nested():
        session.execute(nobody)


def test_f21_two_certified_officers_put_it_in_force(session, bureau, case):
    ready = bureau.approved(case)
    for officers in ([bureau.first.account_id], [bureau.first.account_id, bureau.third.account_id]):
        with pytest.raises(TooFewOfficers):
            put(session, bureau, case, ready, officer_ids=officers)


def test_only_its_organ_acts_on_a_measure_and_only_in_a_case_that_is_handled(session, district, bureau, case):
    held = bureau.in_force(case)
    make.task(session, case, district.police, kind="coop")
    chief = make.officer(session, district.police, Role.DEPT_LEADER)
    enforcing.request_lift(session, case, held, application="x", by=district.police_officer, now=NOW)
    with pytest.raises(NotYourBody):
        enforcing.lift(session, case, held, note="x", by=chief, now=NOW)
    with pytest.raises(NotYourBody):
        reviewed(session, Bureau(session, district, district.police), case, held)
    case.state = "closed"
    with pytest.raises(NotHandled):
        bureau.proposed(case)


def test_a_measure_that_was_turned_down_is_over(session, bureau, case):
    proposed = bureau.proposed(case)
    enforcing.drop(session, case, proposed, note="措施过重", by=bureau.leader, now=NOW)
    with pytest.raises(NotInState):
        enforcing.approve(session, case, proposed, note="", decision_ref=None, by=bureau.leader, now=NOW)


def test_a_measure_of_another_case_is_not_found(session, bureau, case):
    other = bureau.proposed(bureau.case())
    with pytest.raises(enforcing.NoSuchMeasure):
        enforcing.find_measure(session, case, other.id)
    with pytest.raises(enforcing.NoSuchMeasure):
        bureau.proposed(case, replaces_id=other.id)


def test_a_measure_takes_the_place_of_another(session, bureau, case):
    old = bureau.in_force(case, "sealing")
    new = bureau.in_force(case, "suspension", replaces_id=old.id)
    assert (old.state, new.state, old.ended_at) == ("replaced", "in_force", NOW)


@pytest.mark.parametrize("milder", ["sealing", "stop_use", "permit_suspended"])
def test_m41_a_suspension_does_not_end_by_a_milder_measure_in_its_place(session, bureau, case, milder):
    old = bureau.in_force(case, "suspension")
    with pytest.raises(WeakerInstead):
        bureau.proposed(case, milder, replaces_id=old.id)
    before = bureau.approved(case, milder)  # approved before this was asked
    before.replaces_id = old.id
    with pytest.raises(WeakerInstead):
        put(session, bureau, case, before)
    assert (old.state, before.state) == ("in_force", "approved")
    again = bureau.in_force(case, "suspension", replaces_id=old.id)
    graver = bureau.approved(case, "closure", replaces_id=again.id, decision_ref="区政决〔2026〕3号")
    put(session, bureau, case, graver)
    assert [each.state for each in (old, again, graver)] == ["replaced", "replaced", "in_force"]
    with pytest.raises(WeakerInstead):  # nor does what the county's government has decided (M43)
        bureau.proposed(case, "suspension", replaces_id=graver.id)


@pytest.mark.parametrize("kind", ["suspension", "stop_use"])
def test_m41_a_suspension_has_no_day_on_which_it_ends_unaccepted(session, bureau, case, kind):
    ready = bureau.approved(case, kind)
    with pytest.raises(EndsByAcceptance):
        put(session, bureau, case, ready, until=NOW + DAY)
    put(session, bureau, case, ready)
    assert (ready.state, ready.ends_at) == ("in_force", None)


# --- terms (F45)


def test_f45_a_sealing_ends_after_its_legal_maximum(bureau, case):
    held = bureau.in_force(case, "sealing")
    assert held.ends_at.isoformat() == held.original_ends_at.isoformat() == THIRTY_DAYS


@pytest.mark.parametrize("days", [0, -1, 31])
def test_f45_a_term_lies_within_the_law(session, bureau, case, days):
    ready = bureau.approved(case, "sealing")
    with pytest.raises(TermTooLong):
        put(session, bureau, case, ready, until=NOW + timedelta(days=days))
    put(session, bureau, case, ready, until=NOW + timedelta(days=30))
    assert ready.ends_at == NOW + timedelta(days=30)


def test_f45_a_sealing_is_extended_once_and_both_ends_are_kept(session, bureau, case):
    held = bureau.in_force(case, "sealing")
    first = held.ends_at
    enforcing.extend(session, case, held, reason="尚未查清", until=None, by=bureau.leader, now=NOW)
    assert (held.state, held.original_ends_at, held.ends_at) == ("extended", first, first + timedelta(days=30))
    with pytest.raises(NotRenewable):
        enforcing.extend(session, case, held, reason="x", until=None, by=bureau.leader, now=NOW)


def test_f45_temporary_sealing_goes_on_while_the_hazard_is_there(session, bureau, case):
    held = bureau.in_force(case, "temporary_sealing")
    for _ in range(3):
        enforcing.extend(session, case, held, reason="隐患未消除", until=None, by=bureau.leader, now=NOW)
    assert (held.extensions, held.ends_at > held.original_ends_at) == (3, True)


def test_f45_what_is_over_or_has_no_term_is_not_extended(session, bureau, case):
    held = bureau.in_force(case, "sealing")
    with pytest.raises(NotRenewable):
        enforcing.extend(session, case, held, reason="x", until=None, by=bureau.leader, now=held.ends_at)
    endless = bureau.in_force(case, "suspension")
    assert endless.ends_at is None
    with pytest.raises(NotRenewable):
        enforcing.extend(session, case, endless, reason="x", until=None, by=bureau.leader, now=NOW)


def test_f45_what_reached_its_end_expires_by_itself_and_is_told(session, district, bureau, case):
    held, endless = bureau.in_force(case, "sealing"), bureau.in_force(case, "suspension")
    enforcing.expire(session, now=held.ends_at - timedelta(seconds=1))
    assert held.state == "in_force"
    for _ in range(2):
        enforcing.expire(session, now=held.ends_at)
    assert (held.state, endless.state) == ("expired", "in_force")
    told = select(Notice.org_id).where(Notice.kind == "measure_expired")
    assert sorted(session.scalars(told)) == sorted([bureau.org.id, district.office.id])


# --- the lift (M41, M42)


def test_m42_the_organ_has_ten_days_to_look_after_the_application(session, district, bureau, case):
    held = lift_asked(session, bureau, case)
    clock = session.scalars(select(Clock).where(Clock.about_id == held.id)).one()
    assert (clock.kind, clock.amount, clock.unit, clock.org_id) == ("acceptance_suspended", 10, "cal_d", bureau.org.id)
    reviewed(session, bureau, case, held)
    session.refresh(clock)
    assert clock.stopped_at == NOW


def test_m41_a_suspension_is_not_lifted_without_a_passed_review(session, bureau, case):
    held = lift_asked(session, bureau, case)
    with pytest.raises(NotAccepted):
        enforcing.lift(session, case, held, note="x", by=bureau.leader, now=NOW)
    assert held.state == "lift_requested"


def test_m41_what_fails_its_review_goes_back_into_force(session, bureau, case):
    held = lift_asked(session, bureau, case)
    reviewed(session, bureau, case, held, "fail")
    assert held.state == "in_force"
    with pytest.raises(NotInState):
        enforcing.lift(session, case, held, note="x", by=bureau.leader, now=NOW)


def test_m41_an_old_pass_does_not_lift_a_new_request(session, bureau, case):
    held = lift_asked(session, bureau, case)
    reviewed(session, bureau, case, held)
    enforcing.refuse_lift(session, case, held, note="又发现隐患", by=bureau.leader, now=NOW)
    later = NOW + timedelta(days=1)
    enforcing.request_lift(session, case, held, application="再次申请", by=bureau.first, now=later)
    with pytest.raises(NotAccepted):
        enforcing.lift(session, case, held, note="x", by=bureau.leader, now=later)
    reviewed(session, bureau, case, held, now=later)
    enforcing.lift(session, case, held, note="x", by=bureau.leader, now=later)
    assert held.ended_at == later


def test_m64_whoever_enforced_it_does_not_review_it(session, bureau, case):
    held = lift_asked(session, bureau, case)
    for handler in (bureau.first, bureau.second):
        with pytest.raises(SamePerson):
            enforcing.review(session, case, held, result="pass", findings=["x"], note="", by=handler, now=NOW)
        with pytest.raises(SamePerson):
            at_the_place(session, case, held, by=handler, now=NOW)
    with pytest.raises(Incomplete):
        enforcing.review(session, case, held, result="pass", findings=[], note="", by=bureau.third, now=NOW)


def test_m41_x20_nobody_reviews_from_the_office_or_on_the_picture_of_the_party(session, district, bureau, case):
    held = lift_asked(session, bureau, case)

    def refused(now=NOW):
        with pytest.raises(Incomplete) as refusal:
            enforcing.review(session, case, held, result="pass", findings=["x"], note="", by=bureau.third, now=now)
        return refusal.value.extra["missing"]

    def arrive(point=make.IN_WEST, reason=None, now=NOW):
        return enforcing.begin_review(
            session, case, held, point=point, distance_reason=reason, by=bureau.third, now=now
        )

    assert refused() == ["arrival"]
    with pytest.raises(Incomplete):
        arrive(point=None)
    with pytest.raises(NotYourBody):
        at_the_place(session, case, held, by=district.west.officer, now=NOW)
    arrived = arrive()
    assert (refused(), arrived.distance_m) == (["photo_after"], 0)
    make.pictures(session, case, "after", at=NOW, by=bureau.first)
    assert refused() == ["photo_after"]
    make.pictures(session, case, "after", at=NOW, by=bureau.third)
    made = enforcing.review(session, case, held, result="fail", findings=["x"], note="", by=bureau.third, now=NOW)
    assert made.arrival_id == arrived.id
    assert arrival_of(session, case, by=bureau.third) is None  # it is no check-in of an acceptance
    later = NOW + timedelta(days=1)
    enforcing.request_lift(session, case, held, application="再次申请", by=bureau.first, now=later)
    assert refused(later) == ["arrival"]  # each review has one of its own


def test_a_sealing_is_lifted_by_its_leader_without_a_review(session, bureau, case):
    held = lift_asked(session, bureau, case, "sealing")
    enforcing.lift(session, case, held, note="解除", by=bureau.leader, now=NOW)
    assert held.state == "lifted"


# --- breach and obstruction (M41, M59)


def police_told(session, district, case):
    tasks = select(Task.kind).where(Task.case_id == case.id, Task.org_id == district.police.id)
    notices = select(Notice.kind).where(Notice.case_id == case.id, Notice.org_id == district.police.id)
    return list(session.scalars(tasks)), list(session.scalars(notices))


def test_m41_still_operating_makes_the_case_immediate_and_calls_the_police(session, district, bureau, case):
    held = bureau.in_force(case)
    assert case.urgency == "urgent"
    enforcing.breached(session, case, held, facts="夜间仍在生产", by=bureau.first, now=NOW)
    assert (case.urgency, held.state, held.breached_at) == ("immediate", "in_force", NOW)
    assert session.scalars(select(CaseTag.code)).all() == ["suspension_breached"]
    assert police_told(session, district, case) == (["coop"], ["suspension_breached"])
    enforcing.breached(session, case, held, facts="再次生产", by=bureau.first, now=NOW)  # told each time, tagged once
    assert police_told(session, district, case) == (["coop"], ["suspension_breached"] * 2)


@pytest.fixture
def held_and_closed(session, district, bureau):
    """A case that was closed while its suspension holds, which is lawful (G-MEA)."""
    ready = bureau.ready(district)
    ready.penalty_policy = "none"
    held = bureau.in_force(ready)
    return ready, held


def test_m41_t18_a_breach_after_closing_opens_the_case_again(session, district, bureau, held_and_closed):
    case, held = held_and_closed
    handling.close(session, case, note="办结", by=district.west.leader, now=NOW)
    at = NOW + 3 * DAY
    enforcing.breached(session, case, held, facts="仍在生产", by=bureau.first, now=at)
    assert [job.subject for job in desk.jobs(session, "reopen_breached")] == [case.id]
    for _ in range(2):
        aftercare.reopen_breached(session, case.id, now=at)
    (row,) = session.scalars(select(Reopening)).all()
    assert (row.cause, row.evidence, row.reopened_by) == ("breach", "仍在生产", bureau.first.account_id)
    assert (case.state, case.urgency, case.reopen_count) == ("rectifying", "immediate", 1)
    assert "rectify" in {each.kind for each in clocks.running(session, case)}
    reopenings.settle(session, case.id, now=at)
    assert session.scalars(select(ListingCandidate.reason)).all() == ["breach"]


def test_m41_what_was_breached_before_the_closing_stays_closed(session, district, bureau, held_and_closed):
    case, held = held_and_closed
    enforcing.breached(session, case, held, facts="仍在生产", by=bureau.first, now=NOW)
    aftercare.reopen_breached(session, case.id, now=NOW)
    assert (case.state, case.reopen_count) == ("closure_review", 0)
    handling.answer_task(session, case, text="已到场", by=district.police_officer, now=NOW)
    handling.close(session, case, note="办结", by=district.supervisor, now=NOW + DAY)
    aftercare.reopen_breached(session, case.id, now=NOW + DAY)
    assert (case.state, case.reopen_count) == ("closed", 0)


def test_m41_only_what_holds_can_be_breached(session, bureau, case):
    with pytest.raises(NotInState):
        enforcing.breached(session, case, bureau.proposed(case), facts="x", by=bureau.first, now=NOW)


def test_m59_obstruction_makes_the_case_immediate_and_calls_the_police_once(session, district, bureau, case):
    enforcing.obstructed(session, case, facts="锁门阻拦检查", by=bureau.first, now=NOW)
    assert case.urgency == "immediate"
    assert police_told(session, district, case) == (["coop"], ["obstruction"])
    with pytest.raises(enforcing.TaggedAlready):
        enforcing.obstructed(session, case, facts="x", by=bureau.first, now=NOW)


def test_m07_the_supervisor_tags_nothing_and_a_stranger_neither(session, district, bureau, case):
    with pytest.raises(enforcing.MayNotTag):
        enforcing.obstructed(session, case, facts="x", by=district.supervisor, now=NOW)
    with pytest.raises(NotYourBody):
        enforcing.obstructed(session, case, facts="x", by=district.police_officer, now=NOW)


def test_the_draft_of_a_measure_is_what_its_officer_said():
    assert measure("ban", ground="illegal_operation").ground == "illegal_operation"
