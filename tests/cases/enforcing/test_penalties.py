"""The penalty track (C4.5): who may decide, with how many, within which clocks, in whole fen."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from cases import enforcing, policy
from cases.lifecycle.beside import NotHandled
from cases.lifecycle.guards import Incomplete, NotYourBody, SamePerson
from cases.lifecycle.hearing import HearingTooSoon, NotHeldYet, TimeToBeHeard, is_heavy
from cases.lifecycle.machine import NotInState, NotYourRole
from cases.lifecycle.penalty import decision_is_whole
from cases.lifecycle.powers import NoPower, TooFewOfficers
from cases.models.aftercare import Reopening
from cases.models.case import CASE_STATES, CaseEvent, Clock, Notice
from cases.models.penalty import Penalty
from cases.policy import UnknownMeasureType
from people.roles import Role
from tests import make
from tests.enforcement import Bureau, certify, decision, delegation
from tests.make import NOW

DAY = timedelta(days=1)


def clock(session, penalty, kind):
    return session.scalars(select(Clock).where(Clock.about_id == penalty.id, Clock.kind == kind)).one()


def kinds_of(session, case):
    return list(session.scalars(select(CaseEvent.kind).where(CaseEvent.case_id == case.id).order_by(CaseEvent.seq)))


def test_a_track_goes_from_filing_to_execution_and_leaves_an_entry_at_each_step(session, bureau, case):
    seen = case.version
    penalty = bureau.decided(case)
    enforcing.serve(session, case, penalty, how="当面送达", by=bureau.first, now=NOW)
    enforcing.execute(session, case, penalty, text="已缴清", by=bureau.first, now=NOW)

    assert penalty.state == "executed"
    assert (penalty.fine_fen, penalty.kinds, penalty.decided_by) == (500_000, ["fine"], bureau.leader.account_id)
    assert kinds_of(session, case) == [
        "penalty_filed", "penalty_investigated", "penalty_notified", "defence_heard", "penalty_decided",
        "penalty_served", "penalty_executed",
    ]  # fmt: skip
    assert case.version == seen + 7


def test_f24_ninety_days_run_from_the_filing_against_the_organ(session, bureau, case):
    penalty = bureau.filed(case)
    limit = clock(session, penalty, "penalty")
    assert (limit.amount, limit.unit, limit.org_id, limit.stopped_at) == (90, "cal_d", bureau.org.id, None)


def test_f12_seven_working_days_to_publish_run_from_the_decision(session, bureau, case):
    """Tuesday 2026-11-24 + 7 working days = Thursday 2026-12-03, 24:00 in Shanghai."""
    penalty = bureau.served(case)
    assert clock(session, penalty, "penalty").stopped_at == NOW
    limit = clock(session, penalty, "publish_penalty")
    assert (limit.amount, limit.unit, limit.due_at.isoformat()) == (7, "work_d", "2026-12-03T16:00:00+00:00")
    enforcing.publish(session, case, penalty, where="区政府网站", by=bureau.first, now=NOW)
    session.refresh(limit)
    assert limit.stopped_at == NOW


def test_f25_three_working_days_to_withdraw_run_from_the_revocation(session, bureau, case):
    """Tuesday + 3 working days ends with Friday 2026-11-27 (X10: these days are working days)."""
    penalty = bureau.decided(case)
    enforcing.revoke(session, case, penalty, reason="复议撤销", by=bureau.leader, now=NOW)
    assert clock(session, penalty, "publish_penalty").stopped_at == NOW
    limit = clock(session, penalty, "withdraw_publication")
    assert (limit.amount, limit.unit, limit.due_at.isoformat()) == (3, "work_d", "2026-11-27T16:00:00+00:00")
    enforcing.withdraw(session, case, penalty, note="已撤下并说明理由", by=bureau.first, now=NOW)
    session.refresh(limit)
    assert (limit.stopped_at, penalty.withdrawn_at) == (NOW, NOW)


def test_a_category_may_have_its_own_limit(session, bureau):
    """F76: the planning category wants its penalty in seven working days."""
    penalty = bureau.filed(bureau.case(category="BLD-03"))
    limit = clock(session, penalty, "penalty")
    assert (limit.amount, limit.unit) == (7, "work_d")


def test_two_parties_of_one_case_have_two_tracks_and_two_clocks(session, bureau, case):
    bureau.filed(case)
    bureau.filed(case)
    running = session.scalars(select(Clock).where(Clock.case_id == case.id, Clock.kind == "penalty")).all()
    assert len(running) == len({each.about_id for each in running}) == 2


@pytest.mark.parametrize("officers", ["one", "one twice", "uncertified", "stranger", "nobody"])
def test_f21_two_different_certified_officers_of_the_organ_open_a_track(session, district, bureau, case, officers):
    one, two = bureau.officers
    stranger = make.officer(session, district.police, Role.DEPT_OFFICER)
    certify(session, stranger)
    ids = {
        "one": [one], "one twice": [one, one], "uncertified": [one, bureau.third.account_id],
        "stranger": [one, stranger.account_id], "nobody": [],
    }[officers]  # fmt: skip
    with pytest.raises(TooFewOfficers):
        enforcing.file(
            session, case, party_kind="unit", party="某公司", cause="x", officer_ids=ids, by=bureau.first, now=NOW
        )
    assert two


def test_x23_a_certificate_that_expired_before_the_decision_stops_it(session, district, case, bureau):
    expiring = make.officer(session, bureau.org, Role.DEPT_OFFICER)
    certify(session, expiring, valid_to=date(2026, 11, 24))
    bureau.second = expiring
    penalty = bureau.heard(case)
    with pytest.raises(TooFewOfficers) as refusal:
        enforcing.decide(session, case, penalty, decision(), by=bureau.leader, now=NOW + timedelta(days=1))
    assert refusal.value.extra["uncertified"] == [expiring.account_id]
    enforcing.decide(session, case, penalty, decision(), by=bureau.leader, now=NOW + timedelta(hours=13, minutes=59))


def test_a_certificate_out_of_scope_does_not_count(session, district, bureau, case):
    wrong = make.officer(session, bureau.org, Role.DEPT_OFFICER)
    certify(session, wrong, scope=("fireworks",))
    bureau.second = wrong
    with pytest.raises(TooFewOfficers):
        bureau.filed(case)


def test_m61_a_plain_verification_supports_no_penalty(session, district, bureau):
    case = make.case(session, district.west.org, state="rectifying", outcome="substantiated")
    make.task(session, case, bureau.org, kind="lead")
    make.visit(session, case, bureau.first)
    penalty = bureau.filed(case)
    with pytest.raises(Incomplete) as refusal:
        enforcing.investigate(session, case, penalty, findings="x", qualification="x", by=bureau.first, now=NOW)
    assert refusal.value.extra["missing"] == ["enforcement_visit"]


def came_back(session, case, cause):
    """Opened again two days on, for what had been found or done anew, or for the same looked at badly (R8)."""
    case.reopened_at = NOW + 2 * DAY
    session.add(
        Reopening(
            case_id=case.id, round=1, cause=cause, evidence="x", urgency_before="normal", urgency="urgent",
            to_state="rectifying", reopened_at=case.reopened_at,
        )
    )  # fmt: skip
    session.flush()


@pytest.mark.parametrize("cause", ["rebound", "new_report", "breach"])
def test_m61_t18_what_was_committed_anew_is_checked_anew(session, bureau, case, cause):
    came_back(session, case, cause)
    anew = NOW + 3 * DAY
    penalty = bureau.filed(case, now=anew)
    facts = {"findings": "x", "qualification": "x", "by": bureau.first, "now": anew}
    with pytest.raises(Incomplete) as refusal:
        enforcing.investigate(session, case, penalty, **facts)
    assert refusal.value.extra["missing"] == ["enforcement_visit"]
    make.visit(
        session, case, bureau.first, companions=(bureau.second,), kind="enforcement", supports_penalty=True,
        started_at=anew, completed_at=anew,
    )  # fmt: skip
    assert enforcing.investigate(session, case, penalty, **facts).state == "investigated"


def test_m61_the_old_check_supports_what_was_filed_by_it_or_was_only_looked_at_badly(session, bureau, case):
    filed = bureau.filed(case)
    came_back(session, case, "rebound")
    facts = {"findings": "x", "qualification": "x", "by": bureau.first, "now": NOW + 3 * DAY}
    assert enforcing.investigate(session, case, filed, **facts).state == "investigated"
    again = bureau.case()
    came_back(session, again, "review_upheld")
    assert enforcing.investigate(session, again, bureau.filed(again, now=NOW + 3 * DAY), **facts).investigated_at


def test_c2_whoever_investigated_does_not_decide(session, bureau, case):
    penalty = bureau.heard(case)
    both = make.officer(session, bureau.org, Role.DEPT_OFFICER, Role.DEPT_LEADER)
    penalty.officer_ids = [bureau.first.account_id, both.account_id]
    certify(session, both)
    with pytest.raises(SamePerson):
        enforcing.decide(session, case, penalty, decision(), by=both, now=NOW)
    assert penalty.state == "notified"


def test_another_body_does_not_touch_the_track(session, district, bureau, case):
    penalty = bureau.heard(case)
    make.task(session, case, district.police, kind="coop")
    chief = make.officer(session, district.police, Role.DEPT_LEADER)
    with pytest.raises(NotYourBody):
        enforcing.decide(session, case, penalty, decision(), by=chief, now=NOW)
    with pytest.raises(NotYourBody):
        enforcing.propose_waiver(
            session, case, penalty, reason="no_fault", conditions={"proven": True}, text="x", education="x", by=chief,
            now=NOW,
        )  # fmt: skip
    with pytest.raises(NotYourBody):
        enforcing.hear_defence(session, case, penalty, text="x", by=district.police_officer, now=NOW)


def test_a_body_without_a_task_files_nothing(session, district, case, bureau):
    police = Bureau(session, district, district.police)
    with pytest.raises(NotYourBody):
        police.filed(case)


@pytest.mark.parametrize("state", sorted(set(CASE_STATES) - {
    "signed", "verifying", "verdict_review", "rectifying", "acceptance", "referred", "closure_review",
}))  # fmt: skip
def test_a_track_is_opened_only_in_a_case_that_is_being_handled(session, bureau, state):
    case = bureau.case()
    case.state = state
    with pytest.raises(NotHandled):
        bureau.filed(case)


# --- whose power (F19, F20, M58)


def test_f19_a_town_without_a_delegation_cannot_even_file(session, district):
    town = Bureau(session, district, district.west.org)
    with pytest.raises(NoPower):
        town.filed(town.case())


def test_m58_a_town_penalises_with_a_delegation_that_is_in_force_on_the_day(session, district):
    town = Bureau(session, district, district.west.org)
    entry = delegation(session, district, district.west.org, "fine", "warning")
    penalty = town.decided(town.case())
    assert (penalty.state, penalty.delegation_id, penalty.org_id) == ("decided", entry.id, district.west.org.id)


@pytest.mark.parametrize(
    ("last_day", "allowed"),
    [(date(2026, 11, 23), False), (date(2026, 11, 24), True)],
)
def test_m58_an_expired_delegation_blocks_a_decision_after_its_last_day(session, district, last_day, allowed):
    """NOW is 10:00 of 24 November in Shanghai; the last day counts until its midnight."""
    town = Bureau(session, district, district.west.org)
    delegation(session, district, district.west.org, "fine", valid_to=last_day)
    case = town.case()
    before = NOW - timedelta(days=2)
    penalty = town.heard(case, now=before)
    if allowed:
        enforcing.decide(session, case, penalty, decision(), by=town.leader, now=NOW)
    else:
        with pytest.raises(NoPower):
            enforcing.decide(session, case, penalty, decision(), by=town.leader, now=NOW)
        assert penalty.state == "notified"


def test_m58_a_delegation_that_begins_tomorrow_is_none_today(session, district):
    town = Bureau(session, district, district.west.org)
    delegation(session, district, district.west.org, "fine", valid_from=date(2026, 11, 25))
    with pytest.raises(NoPower):
        town.filed(town.case())


def test_m58_an_ended_delegation_is_none(session, district):
    town = Bureau(session, district, district.west.org)
    entry = delegation(session, district, district.west.org, "fine")
    case = town.case()
    penalty = town.heard(case)
    enforcing.end(session, entry.id, reason="收回", seen=1, by=district.supervisor, now=NOW)
    with pytest.raises(NoPower):
        enforcing.decide(session, case, penalty, decision(), by=town.leader, now=NOW)


def test_m58_a_delegation_covers_its_items_and_no_others(session, district):
    town = Bureau(session, district, district.west.org)
    delegation(session, district, district.west.org, "warning")
    case = town.case()
    penalty = town.heard(case)
    with pytest.raises(NoPower) as refusal:
        enforcing.decide(session, case, penalty, decision(kinds=["warning", "fine"]), by=town.leader, now=NOW)
    assert refusal.value.extra["power"] == "fine"
    enforcing.decide(session, case, penalty, decision(kinds=["warning"], fine_fen=0), by=town.leader, now=NOW)


def test_another_towns_delegation_does_not_help(session, district):
    town = Bureau(session, district, district.west.org)
    delegation(session, district, district.east.org, "fine")
    with pytest.raises(NoPower):
        town.filed(town.case())


def test_f20_only_the_police_detain(session, district, bureau, case):
    penalty = bureau.heard(case)
    with pytest.raises(NoPower):
        enforcing.decide(session, case, penalty, decision(kinds=["detention"], fine_fen=0), by=bureau.leader, now=NOW)
    police = Bureau(session, district, district.police)
    theirs = police.case()
    assert police.decided(theirs, kinds=["detention"], fine_fen=0).kinds == ["detention"]


@pytest.mark.parametrize("kind", ["sealing", "closure", "made_up"])
def test_a_decision_uses_kinds_of_penalties_only(session, bureau, case, kind):
    penalty = bureau.heard(case)
    with pytest.raises(UnknownMeasureType):
        enforcing.decide(session, case, penalty, decision(kinds=[kind], fine_fen=0), by=bureau.leader, now=NOW)


# --- the decision itself


@given(
    fine=st.integers(0, 10**12),
    kinds=st.lists(st.sampled_from(["fine", "warning", "confiscation"]), unique=True),
    confiscated=st.integers(0, 10**12),
    number=st.sampled_from(["", " ", "1号"]),
)
def test_g_pen_a_decision_has_number_kinds_and_an_amount_just_where_its_kind_has_one(fine, kinds, confiscated, number):
    whole = (
        bool(number.strip()) and bool(kinds) and ("fine" in kinds) == (fine > 0)
        and (confiscated == 0 or "confiscation" in kinds)
    )  # fmt: skip
    facts = {"number": number, "kinds": kinds, "fine_fen": fine, "confiscated_fen": confiscated}
    if whole:
        decision_is_whole(**facts)
    else:
        with pytest.raises(Incomplete):
            decision_is_whole(**facts)


def test_x30_money_is_whole_fen_however_large(session, bureau, case):
    penalty = bureau.heard(case)
    fine = decision(fine_fen=9_007_199_254_740_993)
    enforcing.decide(session, case, penalty, fine, by=bureau.leader, now=NOW + 10 * DAY)
    session.flush()
    session.expire(penalty)
    assert penalty.fine_fen == 9_007_199_254_740_993  # a float would have lost the last fen


def test_a_number_of_a_decision_is_used_once_by_an_organ(session, bureau, case):
    bureau.decided(case, number="消罚决〔2026〕7号")
    again = bureau.heard(case)
    with pytest.raises(IntegrityError, match="uq_penalty_org_id_number"), session.begin_nested():
        enforcing.decide(session, case, again, decision(number="消罚决〔2026〕7号"), by=bureau.leader, now=NOW)


def test_the_database_keeps_no_decision_without_its_number(session, bureau, case):
    penalty = bureau.decided(case)
    blank = update(Penalty).where(Penalty.id == penalty.id).values(number=None)
    with pytest.raises(IntegrityError, match="decision_is_whole"), session.begin_nested():
        session.execute(blank)


def test_f29_a_hearing_that_was_granted_has_its_record_before_the_decision(session, bureau, case):
    penalty = bureau.heard(case)
    enforcing.hear_defence(session, case, penalty, text="情节轻微", by=bureau.first, now=NOW)
    enforcing.grant_hearing(session, case, penalty, at=NOW + 14 * DAY, by=bureau.first, now=NOW)
    with pytest.raises(Incomplete) as refusal:
        enforcing.decide(session, case, penalty, decision(), by=bureau.leader, now=NOW)
    assert refusal.value.extra["missing"] == ["hearing_record"]
    with pytest.raises(NotHeldYet):
        enforcing.hold_hearing(session, case, penalty, record="听证笔录", by=bureau.first, now=NOW)
    held = NOW + 14 * DAY
    enforcing.hold_hearing(session, case, penalty, record="听证笔录", by=bureau.first, now=held)
    enforcing.decide(session, case, penalty, decision(), by=bureau.leader, now=held)
    assert (penalty.state, penalty.defence) == ("decided", "情节轻微")


def test_f29_a_hearing_that_nobody_granted_has_no_record_and_spares_nobody_the_time(session, bureau, case):
    """A record that was written all by itself, in the minute of the notice, opened the way to a heavy fine."""
    penalty = bureau.notified(case)
    with pytest.raises(NotInState):
        enforcing.hold_hearing(session, case, penalty, record="听证笔录", by=bureau.first, now=NOW)
    assert until(session, bureau, case, penalty, decision(fine_fen=5_000_000)) == FIVE
    assert (penalty.state, penalty.hearing_record) == ("notified", None)


def test_f29_a_party_is_told_of_its_hearing_seven_working_days_before(session, bureau, case):
    penalty = bureau.notified(case)
    for at in (NOW - DAY, NOW, datetime.fromisoformat(SEVEN) - timedelta(seconds=1)):
        with pytest.raises(HearingTooSoon) as refusal:
            enforcing.grant_hearing(session, case, penalty, at=at, by=bureau.first, now=NOW)
        assert refusal.value.extra["earliest"] == SEVEN
    assert (penalty.state, penalty.hearing_at) == ("notified", None)
    enforcing.grant_hearing(session, case, penalty, at=datetime.fromisoformat(SEVEN), by=bureau.first, now=NOW)
    assert penalty.state == "hearing"


THREE, FIVE, SEVEN = (
    f"2026-{day}T16:00:00+00:00" for day in ("11-27", "12-01", "12-03")
)  # working days from Tuesday, 24:00 in Shanghai


def until(session, bureau, case, penalty, made, now=NOW):
    """How long the party may still be heard, where that keeps the decision."""
    with pytest.raises(TimeToBeHeard) as refusal:
        enforcing.decide(session, case, penalty, made, by=bureau.leader, now=now)
    assert penalty.state in {"notified", "hearing"}
    return refusal.value.extra["until"]


def test_f29_nothing_is_decided_before_the_party_has_spoken_or_had_its_time(session, bureau, case):
    silent = bureau.notified(case)
    assert until(session, bureau, case, silent, decision()) == THREE
    last = datetime.fromisoformat(THREE)
    assert until(session, bureau, case, silent, decision(), now=last - timedelta(seconds=1)) == THREE
    enforcing.decide(session, case, silent, decision(), by=bureau.leader, now=last)
    spoken = bureau.heard(case)
    enforcing.decide(session, case, spoken, decision(), by=bureau.leader, now=NOW)
    assert (silent.state, spoken.state) == ("decided", "decided")


def test_f29_before_a_heavy_one_the_time_to_ask_for_a_hearing_is_over_or_it_was_held(session, bureau, case):
    heavy = decision(fine_fen=5_000_000)
    spoken, held = bureau.heard(case), bureau.notified(case)
    assert until(session, bureau, case, spoken, heavy) == FIVE
    enforcing.decide(session, case, spoken, heavy, by=bureau.leader, now=datetime.fromisoformat(FIVE))
    enforcing.grant_hearing(session, case, held, at=NOW + 14 * DAY, by=bureau.first, now=NOW)
    enforcing.hold_hearing(session, case, held, record="听证笔录", by=bureau.first, now=NOW + 14 * DAY)
    again = decision(fine_fen=5_000_000)
    enforcing.decide(session, case, held, again, by=bureau.leader, now=NOW + 14 * DAY)
    assert (spoken.state, held.state) == ("decided", "decided")


@pytest.mark.parametrize(
    ("party_kind", "kinds", "fine", "confiscated", "heavy"),
    [
        ("unit", ["fine"], 4_999_999, 0, False), ("unit", ["fine"], 5_000_000, 0, True),
        ("person", ["fine"], 1_999_999, 0, False), ("person", ["fine"], 2_000_000, 0, True),
        ("unit", ["confiscation"], 0, 5_000_000, True), ("unit", ["warning"], 0, 0, False),
        *((party, [kind], 0, 0, True) for party in ("unit", "person")
          for kind in ("suspension", "permit_suspended", "permit_revoked", "employment_limit")),
    ],
)  # fmt: skip
def test_f29_what_is_heavy_is_the_districts_policy(session, bureau, case, party_kind, kinds, fine, confiscated, heavy):
    penalty = bureau.filed(case)
    penalty.party_kind = party_kind
    assert is_heavy(session, penalty, kinds, fine_fen=fine, confiscated_fen=confiscated, now=NOW) is heavy


def test_x46_no_decision_is_published_before_its_party_has_it(session, bureau, case):
    penalty = bureau.decided(case)
    with pytest.raises(NotInState):
        enforcing.publish(session, case, penalty, where="x", by=bureau.first, now=NOW)
    assert penalty.published_at is None
    enforcing.serve(session, case, penalty, how="当面送达", by=bureau.first, now=NOW)
    enforcing.publish(session, case, penalty, where="x", by=bureau.first, now=NOW)
    assert penalty.published_at == NOW


def test_no_step_of_the_track_is_left_out(session, bureau, case):
    penalty = bureau.filed(case)
    with pytest.raises(NotInState):
        enforcing.decide(session, case, penalty, decision(), by=bureau.leader, now=NOW)
    with pytest.raises(NotInState):
        enforcing.serve(session, case, penalty, how="x", by=bureau.first, now=NOW)
    with pytest.raises(NotInState):
        enforcing.hear_defence(session, case, penalty, text="x", by=bureau.first, now=NOW)
    with pytest.raises(NotInState):
        enforcing.publish(session, case, penalty, where="x", by=bureau.first, now=NOW)
    with pytest.raises(NotInState):
        enforcing.withdraw(session, case, penalty, note="x", by=bureau.first, now=NOW)
    with pytest.raises(NotYourRole):
        enforcing.investigate(session, case, penalty, findings="x", qualification="x", by=bureau.leader, now=NOW)


def test_a_decision_is_published_and_withdrawn_once(session, bureau, case):
    penalty = bureau.served(case)
    enforcing.publish(session, case, penalty, where="x", by=bureau.first, now=NOW)
    with pytest.raises(enforcing.PublishedAlready):
        enforcing.publish(session, case, penalty, where="x", by=bureau.first, now=NOW)
    enforcing.revoke(session, case, penalty, reason="x", by=bureau.leader, now=NOW)
    enforcing.withdraw(session, case, penalty, note="x", by=bureau.first, now=NOW)
    with pytest.raises(enforcing.PublishedAlready):
        enforcing.withdraw(session, case, penalty, note="x", by=bureau.first, now=NOW)


# --- not to penalise (F22)


def test_f22_a_waiver_is_proposed_by_a_leader_and_confirmed_by_a_legal_reviewer(session, bureau, case):
    penalty = bureau.waiver_proposed(case)
    assert penalty.state == "filed"
    enforcing.waive(session, case, penalty, note="同意", by=bureau.lawyer, now=NOW)
    assert (penalty.state, penalty.waived_by, penalty.reviewed_by) == (
        "not_penalised", bureau.leader.account_id, bureau.lawyer.account_id,
    )  # fmt: skip
    assert clock(session, penalty, "penalty").stopped_at == NOW


REASONS = {
    "minor_corrected": ["minor", "corrected", "no_harm"],
    "first_offence": ["first", "slight_harm", "corrected"],
    "no_fault": ["proven"],
}


@pytest.mark.parametrize(("reason", "missing"), [(reason, name) for reason, names in REASONS.items() for name in names])
def test_f22_every_condition_of_the_reason_is_ticked(session, bureau, case, reason, missing):
    assert policy.value(session, "no_penalty_conditions", NOW) == REASONS
    penalty = bureau.filed(case)
    ticked = dict.fromkeys(REASONS[reason], True)
    facts = {"reason": reason, "text": "x", "education": "已教育", "by": bureau.leader, "now": NOW}
    for conditions in ({**ticked, missing: False}, {name: True for name in ticked if name != missing}):
        with pytest.raises(Incomplete) as refusal:
            enforcing.propose_waiver(session, case, penalty, conditions=conditions, **facts)
        assert refusal.value.extra["missing"] == [missing]
    enforcing.propose_waiver(session, case, penalty, conditions=ticked, **facts)
    assert penalty.waiver_conditions == ticked


def test_f22_whoever_is_let_off_is_educated(session, bureau, case):
    penalty = bureau.filed(case)
    with pytest.raises(Incomplete) as refusal:
        enforcing.propose_waiver(
            session, case, penalty, reason="no_fault", conditions={"proven": True}, text="x", education=" ",
            by=bureau.leader, now=NOW,
        )  # fmt: skip
    assert refusal.value.extra["missing"] == ["education"]


def test_f22_a_reason_that_is_none_of_the_laws_is_refused(session, bureau, case):
    penalty = bureau.filed(case)
    with pytest.raises(policy.UnknownReason):
        enforcing.propose_waiver(
            session, case, penalty, reason="friend", conditions={}, text="x", education="x", by=bureau.leader, now=NOW
        )


def test_c2_the_legal_reviewer_is_another_person(session, bureau, case):
    both = make.officer(session, bureau.org, Role.DEPT_LEADER, Role.LEGAL_REVIEWER)
    bureau.leader = both
    penalty = bureau.waiver_proposed(case)
    with pytest.raises(SamePerson):
        enforcing.waive(session, case, penalty, note="x", by=both, now=NOW)
    assert penalty.state == "filed"


def test_f22_a_legal_reviewer_may_refuse_and_it_goes_back_to_whoever_proposed_it(session, bureau, case):
    penalty = bureau.waiver_proposed(case)
    due = clock(session, penalty, "penalty").due_at
    with pytest.raises(Incomplete):
        enforcing.refuse_waiver(session, case, penalty, reason=" ", by=bureau.lawyer, now=NOW)
    enforcing.refuse_waiver(session, case, penalty, reason="有危害后果", by=bureau.lawyer, now=NOW)
    assert (penalty.state, penalty.review_note, penalty.reviewed_by) == (
        "filed", "有危害后果", bureau.lawyer.account_id,
    )  # fmt: skip
    running = clock(session, penalty, "penalty")
    assert (running.stopped_at, running.due_at) == (None, due)
    told = session.scalars(select(Notice).where(Notice.kind == "waiver_refused")).one()
    assert (told.org_id, told.account_id, told.case_id) == (bureau.org.id, bureau.leader.account_id, case.id)
    kept = select(CaseEvent.body).where(CaseEvent.case_id == case.id, CaseEvent.kind == "waiver_refused")
    assert session.scalars(kept).one() == {
        "rule": "F22", "id": str(penalty.id), "reason": "有危害后果", "back_to": bureau.leader.account_id,
    }  # fmt: skip


def test_f22_what_was_refused_is_not_confirmed_any_more_and_may_be_proposed_anew(session, bureau, case):
    penalty = bureau.waiver_proposed(case)
    enforcing.refuse_waiver(session, case, penalty, reason="x", by=bureau.lawyer, now=NOW)
    for again in (
        lambda: enforcing.waive(session, case, penalty, note="x", by=bureau.lawyer, now=NOW),
        lambda: enforcing.refuse_waiver(session, case, penalty, reason="x", by=bureau.lawyer, now=NOW),
    ):
        with pytest.raises(Incomplete):
            again()
    enforcing.propose_waiver(
        session, case, penalty, reason="no_fault", conditions={"proven": True}, text="x", education="x",
        by=bureau.leader, now=NOW,
    )  # fmt: skip
    assert (penalty.reviewed_by, penalty.reviewed_at, penalty.review_note) == (None, None, None)
    assert enforcing.waive(session, case, penalty, note="x", by=bureau.lawyer, now=NOW).state == "not_penalised"


def test_nothing_is_waived_that_nobody_proposed(session, bureau, case):
    penalty = bureau.filed(case)
    with pytest.raises(Incomplete):
        enforcing.waive(session, case, penalty, note="x", by=bureau.lawyer, now=NOW)
