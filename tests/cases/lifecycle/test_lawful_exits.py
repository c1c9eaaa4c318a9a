"""G-PEN, G-MEA and G-REF (C4.3): the matrix of M44, and what else keeps a case open or lets it close."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cases import enforcing, handling, papers
from cases.lifecycle import closing, whose
from cases.lifecycle.closing import GuardsOpen, findings
from cases.lifecycle.guards import SamePerson
from cases.models.referral import Referral
from cases.papers.scans import OfAnotherCase
from people.models import Account
from tests import make
from tests.desk import notices
from tests.enforcement import Bureau, at_the_place, referral, slip_of
from tests.make import NOW


@pytest.fixture
def bureau(session, district):
    return Bureau(session, district)


@pytest.fixture
def ready(district, bureau):
    return bureau.ready(district)


def shut(session, case):
    return [state.code for state in closing.panel(session, case) if not state.holds]


def closes(session, district, case):
    handling.close(session, case, note="办结", by=district.west.leader, now=NOW)
    return case.state == "closed"


def decided(session, case, consequence):
    verdict = findings.approved_verdict(session, case)
    verdict.consequences = make.UNDECIDED | {consequence: {"decided": True, "reason": "情节严重"}}
    session.flush()


# --- G-PEN: the matrix of M44


def nothing(session, district, bureau, case):
    """Rectified and accepted, and nothing else."""


def decided_penalty(session, district, bureau, case):
    bureau.stored(case, bureau.decided(case))


def executed_penalty(session, district, bureau, case):
    penalty = bureau.decided(case)
    enforcing.serve(session, case, penalty, how="x", by=bureau.first, now=NOW)
    enforcing.execute(session, case, penalty, text="x", by=bureau.first, now=NOW)
    bureau.stored(case, penalty)


def waiver(session, district, bureau, case):
    enforcing.waive(session, case, bureau.waiver_proposed(case), note="x", by=bureau.lawyer, now=NOW)


def waiver_without_review(session, district, bureau, case):
    bureau.waiver_proposed(case)


def waiver_refused(session, district, bureau, case):
    penalty = bureau.waiver_proposed(case)
    enforcing.refuse_waiver(session, case, penalty, reason="有危害后果", by=bureau.lawyer, now=NOW)


def filed_only(session, district, bureau, case):
    bureau.filed(case)


def revoked(session, district, bureau, case):
    penalty = bureau.decided(case)
    enforcing.revoke(session, case, penalty, reason="x", by=bureau.leader, now=NOW)


def refer(session, bureau, case, to):
    return enforcing.refer(session, case, referral(to, scope="penalty"), by=bureau.leader, now=NOW)


def referral_sent(session, district, bureau, case):
    refer(session, bureau, case, district.police)


def referral_refused(session, district, bureau, case):
    police = Bureau(session, district, district.police)
    sent = refer(session, bureau, case, district.police)
    enforcing.refuse(session, case, sent, reason="x", slip="", by=police.leader, now=NOW)
    enforcing.settle(session, case, sent, receiver_takes_it=False, text="x", by=district.supervisor, now=NOW)


def referral_answered(session, district, bureau, case):
    police = Bureau(session, district, district.police)
    sent = refer(session, bureau, case, district.police)
    enforcing.accept(session, case, sent, slip="", by=police.first, now=NOW)
    enforcing.answer(session, case, sent, result="已处罚", by=police.first, now=NOW)


def keep(session, bureau, case, handed_over, **facts):
    return papers.add_scan(session, case, slip_of(handed_over, **facts), by=bureau.first, now=NOW)


def slip_typed(session, district, bureau, case):
    """Taken outside, by the sender's own words alone."""
    sent = refer(session, bureau, case, None)
    enforcing.accept(session, case, sent, slip="收1号", by=bureau.first, now=NOW)
    enforcing.answer(session, case, sent, result="已处罚", by=bureau.first, now=NOW)
    return sent


def slip_stored(session, district, bureau, case):
    keep(session, bureau, case, slip_typed(session, district, bureau, case))


def slip_of_before(session, district, bureau, case):
    """The letter that was sent is no slip of who got it."""
    sent = slip_typed(session, district, bureau, case)
    keep(session, bureau, case, sent).received_at = NOW - timedelta(minutes=1)


def slip_unread(session, district, bureau, case):
    keep(session, bureau, case, slip_typed(session, district, bureau, case), media="image")


def slip_of_another_kind(session, district, bureau, case):
    keep(session, bureau, case, slip_typed(session, district, bureau, case), kind="other")


def slip_by_one_person(session, district, bureau, case):
    """As it was possible before somebody else had to enter it."""
    slip_stored(session, district, bureau, case)
    sent = session.scalars(select(Referral).where(Referral.case_id == case.id)).one()
    sent.accepted_by = sent.sent_by


def referral_tracked(session, district, bureau, case):
    sent = refer(session, bureau, case, None)
    enforcing.accept(session, case, sent, slip="收1号", by=bureau.first, now=NOW)
    enforcing.track(session, case, sent, note="x", by=district.supervisor, now=NOW)
    keep(session, bureau, case, sent)


def tracked_without_acceptance(session, district, bureau, case):
    sent = refer(session, bureau, case, None)
    enforcing.track(session, case, sent, note="x", by=district.supervisor, now=NOW)


def reported(session, bureau, case):
    return enforcing.report_crime(
        session, case, suspicion="危险作业罪", facts="x", officer_ids=bureau.officers, by=bureau.first, now=NOW
    )


def crime_sent(session, district, bureau, case):
    transfer = reported(session, bureau, case)
    enforcing.decide_transfer(session, case, transfer, approved=True, reasons="x", by=bureau.leader, now=NOW)
    make.task(session, case, district.police, kind="coop", state="answered")
    return enforcing.send(
        session, case, transfer, police_org_id=district.police.id, materials=["x"], by=bureau.first, now=NOW
    )


def crime_accepted(session, district, bureau, case):
    transfer = crime_sent(session, district, bureau, case)
    enforcing.acknowledge(session, case, transfer, slip="受案1号", by=district.police_officer, now=NOW)


def crime_slip_typed(session, district, bureau, case):
    transfer = crime_sent(session, district, bureau, case)
    return enforcing.acknowledge(session, case, transfer, slip="受案1号", by=bureau.second, now=NOW)


def crime_slip_stored(session, district, bureau, case):
    keep(session, bureau, case, crime_slip_typed(session, district, bureau, case))


def crime_declined(session, district, bureau, case):
    transfer = crime_sent(session, district, bureau, case)
    enforcing.decline(session, case, transfer, reasons="x", by=district.police_officer, now=NOW)


def crime_rejected(session, district, bureau, case):
    transfer = reported(session, bureau, case)
    enforcing.decide_transfer(session, case, transfer, approved=False, reasons="x", by=bureau.leader, now=NOW)


LAWFUL = [decided_penalty, executed_penalty, waiver, referral_answered, referral_tracked, slip_stored, crime_accepted,
          crime_slip_stored]  # fmt: skip
UNLAWFUL = [
    (nothing, ["G-PEN"]), (filed_only, ["G-PEN"]), (waiver_without_review, ["G-PEN"]), (waiver_refused, ["G-PEN"]),
    (revoked, ["G-PEN"]),
    (referral_sent, ["G-PEN", "G-REF", "G-TASK"]), (referral_refused, ["G-PEN"]),
    (tracked_without_acceptance, ["G-PEN"]), (crime_sent, ["G-PEN", "G-REF"]), (crime_declined, ["G-PEN"]),
    (crime_rejected, ["G-PEN"]), (slip_typed, ["G-PEN"]), (slip_of_before, ["G-PEN"]), (slip_unread, ["G-PEN"]),
    (slip_of_another_kind, ["G-PEN"]), (slip_by_one_person, ["G-PEN"]), (crime_slip_typed, ["G-PEN"]),
]  # fmt: skip


@pytest.mark.parametrize("way", LAWFUL, ids=lambda way: way.__name__)
def test_m44_each_lawful_exit_lets_the_case_close(session, district, bureau, ready, way):
    way(session, district, bureau, ready)
    assert shut(session, ready) == []
    assert closes(session, district, ready)


@pytest.mark.parametrize(("way", "open_guards"), UNLAWFUL, ids=lambda value: getattr(value, "__name__", ""))
def test_m44_x22_anything_less_keeps_it_open(session, district, bureau, ready, way, open_guards):
    way(session, district, bureau, ready)
    assert shut(session, ready) == open_guards
    with pytest.raises(GuardsOpen):
        closes(session, district, ready)
    assert ready.state == "closure_review"


@pytest.mark.parametrize("way", [slip_typed, crime_slip_typed], ids=lambda way: way.__name__)
def test_m44_the_slip_is_asked_for_and_the_safety_office_knows_of_it(session, district, bureau, ready, way):
    way(session, district, bureau, ready)
    line = {state.code: state for state in closing.panel(session, ready)}["G-PEN"]
    assert (line.reason, line.link) == ("slip_not_stored", f"/cases/{ready.id}/scans")
    assert whose.turn_of(session, ready) == bureau.org.id
    assert [each.account_id for each in notices(session, "accepted_outside")] == [district.supervisor.account_id]


def test_m44_x22_one_person_alone_does_not_say_that_a_body_outside_has_taken_it(session, district, bureau, ready):
    sent = refer(session, bureau, ready, None)
    with pytest.raises(SamePerson):
        enforcing.accept(session, ready, sent, slip="1", by=bureau.leader, now=NOW)
    transfer = crime_sent(session, district, bureau, ready)
    with pytest.raises(SamePerson):
        enforcing.acknowledge(session, ready, transfer, slip="1", by=bureau.first, now=NOW)
    assert notices(session, "accepted_outside") == []


def test_x22_a_penalty_is_not_forced_where_the_law_has_none(session, district, bureau, ready):
    ready.penalty_policy = "conditional"
    assert closes(session, district, ready)


def test_m50_a_penalty_that_was_decided_upon_is_mandatory_too(session, bureau, ready):
    ready.penalty_policy = "conditional"
    decided(session, ready, "penalise")
    assert shut(session, ready) == ["G-PEN"]
    bureau.stored(ready, bureau.decided(ready))
    assert shut(session, ready) == []


def test_a_track_that_was_opened_is_ended_even_where_none_was_needed(session, bureau, ready):
    ready.penalty_policy = "none"
    bureau.filed(ready)
    assert shut(session, ready) == ["G-PEN"]


def test_a_second_party_is_not_forgotten(session, bureau, ready):
    bureau.stored(ready, bureau.decided(ready))
    bureau.filed(ready)
    assert shut(session, ready) == ["G-PEN"]


# --- G-DOC: penalty copies


def test_g_doc_each_decision_in_force_has_a_stored_copy(session, district, bureau, ready):
    """C4.3: not the count but each one, to two parties as to one."""
    first, second = bureau.decided(ready), bureau.decided(ready)
    bureau.stored(ready, first)
    bureau.stored(ready, first)
    line = {state.code: state for state in closing.panel(session, ready)}["G-DOC"]
    assert (line.reason, line.zh) == ("penalty_copy_missing", "尚有 1 份处罚决定书未存档")
    assert line.link == f"/cases/{ready.id}#/penalties"
    with pytest.raises(GuardsOpen):
        closes(session, district, ready)
    bureau.stored(ready, second)
    assert closes(session, district, ready)


@pytest.mark.parametrize("wrong", [{"kind": "other"}, {"subject_id": None}])
def test_g_doc_only_a_copy_of_that_very_decision_counts(session, bureau, ready, wrong):
    bureau.stored(ready, bureau.decided(ready), **wrong)
    assert shut(session, ready) == ["G-DOC"]


@pytest.mark.parametrize(("state", "guards"), [("stored", ["G-DOC"]), ("rejected", ["G-DOC"]), ("clean", [])])
def test_g_doc_an_image_counts_once_it_can_be_shown(session, bureau, ready, state, guards):
    """X57: a photo that nobody could read is no copy."""
    scan = bureau.stored(ready, bureau.decided(ready), media="image")
    assert scan.state == "stored"
    scan.state = state
    session.flush()
    assert shut(session, ready) == guards


def test_g_doc_what_was_scanned_before_the_decision_is_no_copy_of_it(session, bureau, ready):
    bureau.stored(ready, bureau.decided(ready), now=NOW - timedelta(minutes=1))
    assert shut(session, ready) == ["G-DOC"]


def test_g_doc_a_revoked_decision_needs_no_copy(session, district, bureau, ready):
    ready.penalty_policy = "none"
    penalty = bureau.decided(ready)
    assert shut(session, ready) == ["G-DOC"]
    enforcing.revoke(session, ready, penalty, reason="x", by=bureau.leader, now=NOW)
    assert shut(session, ready) == []


def test_g_doc_the_scan_is_of_a_penalty_of_this_case(session, bureau, ready):
    other = bureau.decided(bureau.case())
    with pytest.raises(OfAnotherCase):
        bureau.stored(ready, other)


# --- G-MEA


@pytest.fixture
def free(session, bureau, ready):
    """The same case with its penalty behind it."""
    bureau.stored(ready, bureau.decided(ready))
    return ready


def test_g_mea_what_waits_for_a_decision_keeps_the_case_open(session, bureau, free):
    made = bureau.proposed(free)
    assert shut(session, free) == ["G-MEA"]
    enforcing.approve(session, free, made, note="x", decision_ref=None, by=bureau.leader, now=NOW)
    assert shut(session, free) == ["G-MEA"]
    enforcing.drop(session, free, made, note="x", by=bureau.leader, now=NOW)
    assert shut(session, free) == []


def test_g_mea_what_holds_has_an_owner(session, bureau, free):
    bureau.in_force(free, "sealing")
    assert shut(session, free) == []
    session.get_one(Account, bureau.first.account_id).active = False
    session.flush()
    assert shut(session, free) == ["G-MEA"]


def test_g_mea_a_lift_that_was_asked_for_is_decided(session, bureau, free):
    held = bureau.in_force(free)
    enforcing.request_lift(session, free, held, application="x", by=bureau.first, now=NOW)
    assert shut(session, free) == ["G-MEA"]
    at_the_place(session, free, held, by=bureau.third, now=NOW)
    enforcing.review(session, free, held, result="pass", findings=["x"], note="", by=bureau.third, now=NOW)
    enforcing.lift(session, free, held, note="x", by=bureau.leader, now=NOW)
    assert shut(session, free) == []


def test_g_mea_m41_a_suspension_lifted_without_acceptance_keeps_the_case_open(session, bureau, free):
    held = bureau.in_force(free)
    held.state = "lifted"
    session.flush()
    assert shut(session, free) == ["G-MEA"]


def test_g_mea_a_suspension_that_was_decided_upon_was_ordered(session, bureau, free):
    decided(session, free, "suspend")
    assert shut(session, free) == ["G-MEA"]
    bureau.in_force(free, "sealing")  # seals, and stops no business
    assert shut(session, free) == ["G-MEA"]
    bureau.in_force(free, "suspension")
    assert shut(session, free) == []


# --- G-REF


def test_g_ref_a_referral_is_awaited_until_its_result(session, district, bureau, free):
    police = Bureau(session, district, district.police)
    sent = refer(session, bureau, free, district.police)
    assert "G-REF" in shut(session, free)
    enforcing.accept(session, free, sent, slip="", by=police.first, now=NOW)
    assert "G-REF" in shut(session, free)
    enforcing.answer(session, free, sent, result="x", by=police.first, now=NOW)
    assert shut(session, free) == []


def test_g_ref_what_the_safety_office_tracks_outside_is_not_awaited(session, district, bureau, free):
    tracked_without_acceptance(session, district, bureau, free)
    assert shut(session, free) == []


def test_g_ref_a_prosecution_that_was_decided_upon_was_reported_and_decided(session, district, bureau, free):
    decided(session, free, "prosecute")
    assert shut(session, free) == ["G-REF"]
    transfer = reported(session, bureau, free)
    assert shut(session, free) == ["G-REF"]
    enforcing.decide_transfer(session, free, transfer, approved=False, reasons="证据不足", by=bureau.leader, now=NOW)
    assert shut(session, free) == []
