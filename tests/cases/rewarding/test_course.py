"""C11: from a closed case to money in a hand, and every way in which it does not come to that."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from cases import policy, rewarding
from cases.intake.codes import claim_secret, collection_code, tracking_code
from cases.intake.tracking import UnknownCode, progress
from cases.lifecycle.guards import Incomplete, SamePerson
from cases.lifecycle.machine import NotInState, NotYourRole
from cases.lifecycle.reward import Changed, FoundBefore, NotSubstantiated, PaidAlready, TooLate, Undeclared, WrongCode
from cases.models.job import Job
from cases.models.report import ReportEvent
from cases.models.reward import Reward, RewardShare, Voucher
from cases.policy import UnknownReason
from cases.rewarding import Claimed, Fine, NotFinal, NothingToClaim, NoWorth, SayWhoCollects
from cases.rewarding.claim import CapReached
from cases.rewarding.find import NotYourBusiness
from kit.errors import Invalid, Stale, Unconditional
from people.roles import Role
from tests import make
from tests.cases.rewarding.conftest import DAY, YUAN


def said(session, report):
    return list(
        session.scalars(select(ReportEvent.kind).where(ReportEvent.report_id == report.id).order_by(ReportEvent.seq))
    )


def due_jobs(session, step):
    return sorted(session.scalars(select(Job.run_after).where(Job.step == step)))


def revised(session, **changes):
    """The rule as a district has changed it."""
    make.value(session, "reward_rule", policy.value(session, "reward_rule", make.NOW) | changes)


class TestOpening:
    def test_the_first_report_of_a_substantiated_matter_gets_one_and_no_other(self, ground, session):
        later = make.report(session, outcome="substantiated", received_at=ground.now + timedelta(hours=1))
        make.joined(session, later, ground.case)
        reward = ground.opened()
        assert (reward.state, reward.report_id) == ("eligible", ground.report.id)
        rewarding.open_reward(session, ground.case.id, now=ground.now)
        assert len(session.scalars(select(Reward)).all()) == 1

    def test_who_withdrew_is_passed_over(self, ground, session):
        ground.report.state = "withdrawn"
        later = make.joined(session, make.report(session, outcome="substantiated"), ground.case)
        rewarding.open_reward(session, ground.case.id, now=ground.now)
        assert session.scalars(select(Reward.report_id)).one() == later.id

    @pytest.mark.parametrize("outcome", ["unsubstantiated", "unverifiable", None])
    def test_what_was_not_so_earns_nothing(self, ground, outcome):
        ground.case.outcome = outcome
        assert ground.opened() is None

    def test_a_category_that_the_rule_leaves_out_earns_nothing(self, ground, session):
        revised(session, excluded_categories=[ground.case.category_code])
        assert ground.opened() is None

    def test_a_matter_without_a_report_earns_nothing(self, session, district, now):
        case = make.case(session, district.west.org, state="closed", outcome="substantiated", closed_at=now)
        rewarding.open_reward(session, case.id, now=now)
        assert session.scalars(select(Reward)).all() == []

    def test_the_rule_of_the_reports_day_holds_x13(self, ground, session):
        reward = ground.opened()
        revised(session, fixed_tiers_yuan={"general": 1})
        ground.proposed()
        assert reward.amount_fen == 500 * YUAN


class TestProposing:
    def test_fines_of_final_decisions_add_up(self, ground):
        unit, person = ground.fine(80_000), ground.fine(20_000, person=True)
        assert ground.proposed(ground.fines(unit, person)).amount_fen == 15_000 * YUAN

    def test_only_the_part_for_what_was_reported_counts(self, ground):
        whole = ground.fine(100_000)
        claimed = Claimed("major", (Fine(whole.id, 40_000 * YUAN),))
        assert ground.proposed(claimed).amount_fen == 6_000 * YUAN

    @pytest.mark.parametrize(("state", "days", "counts"), [
        ("served", 59, False), ("served", 60, True), ("executed", 0, True),
        ("decided", 90, False), ("revoked", 90, False),
    ])  # fmt: skip
    def test_a_fine_counts_once_nobody_can_contest_it(self, ground, state, days, counts):
        fine = ground.fine(100_000, state=state, served_days_ago=days)
        if counts:
            assert ground.proposed(ground.fines(fine)).amount_fen == 15_000 * YUAN
            return
        with pytest.raises(NotFinal):
            ground.proposed(ground.fines(fine))

    def test_a_decision_of_another_case_and_more_than_was_fined_do_not_count(self, ground, session):
        fine = ground.fine(100)
        for claimed in (Claimed("major", (Fine(fine.id, 101 * YUAN),)), Claimed("major", (Fine(uuid4(), 1),))):
            with pytest.raises(NotFinal, match="not final"):
                ground.proposed(claimed)
        other = make.case(session, ground.town, state="closed")
        fine.case_id = other.id
        session.flush()
        with pytest.raises(NotFinal):
            ground.proposed(ground.fines(fine))

    @pytest.mark.parametrize(("claimed", "field"), [
        (Claimed("general"), "/tier"), (Claimed("general", tier="none"), "/tier"),
        (Claimed("major", tier="general"), "/tier"),
        (Claimed("concealed"), "/concealed_deaths"), (Claimed("major", concealed_deaths=1), "/concealed_deaths"),
        (Claimed("concealed", deaths=1, concealed_deaths=2), "/deaths"),
        (Claimed("general", (Fine(UUID(int=1), 1),), tier="general"), "/fines"),
        (Claimed("major", (Fine(UUID(int=1), 1), Fine(UUID(int=1), 1))), "/fines"),
    ])  # fmt: skip
    def test_facts_that_do_not_fit_name_their_field(self, ground, claimed, field):
        with pytest.raises(NoWorth) as refused:
            ground.proposed(claimed)
        assert refused.value.pointer == field
        assert ground.reward().state == "eligible"

    def test_f59_what_was_known_and_handled_is_not_rewarded(self, ground):
        with pytest.raises(FoundBefore):
            ground.proposed(found_before="and_handled")
        assert ground.proposed(found_before="not_handled").state == "proposed"

    def test_who_withdrew_since_is_not_rewarded(self, ground):
        ground.opened()
        ground.report.state = "withdrawn"
        with pytest.raises(NotSubstantiated):
            ground.proposed()


class TestThreePeople:
    def test_nobody_does_two_of_the_three(self, ground, session):
        reward = ground.proposed(by=ground.other)
        with pytest.raises(SamePerson):
            rewarding.review(session, ground.report, reward, by=ground.other, now=ground.now)
        rewarding.review(session, ground.report, reward, by=ground.lawyer, now=ground.now)
        with pytest.raises(SamePerson):
            rewarding.approve(session, ground.report, reward, by=ground.other, now=ground.now)
        assert rewarding.approve(session, ground.report, reward, by=ground.safety, now=ground.now).state == "approved"

    def test_who_looked_at_it_does_not_allow_it(self, ground, session):
        reward = ground.proposed()
        rewarding.review(session, ground.report, reward, by=ground.other, now=ground.now)
        with pytest.raises(SamePerson):
            rewarding.approve(session, ground.report, reward, by=ground.other, now=ground.now)

    def test_a_decision_that_fell_meanwhile_takes_the_amount_with_it(self, ground, session):
        first, second = ground.fine(80_000), ground.fine(20_000)
        reward = ground.proposed(ground.fines(first, second))
        rewarding.review(session, ground.report, reward, by=ground.lawyer, now=ground.now)
        reward.amount_fen = 1 * YUAN
        with pytest.raises(Changed):
            rewarding.approve(session, ground.report, reward, by=ground.safety, now=ground.now)
        second.state = "revoked"
        session.flush()
        with pytest.raises(NotFinal):
            rewarding.approve(session, ground.report, reward, by=ground.safety, now=ground.now)

    def test_it_is_sent_back_with_a_reason_and_looked_at_anew(self, ground, session):
        reward = ground.proposed()
        rewarding.review(session, ground.report, reward, by=ground.lawyer, now=ground.now)
        with pytest.raises(Incomplete):
            rewarding.send_back(session, ground.report, reward, reason=" ", by=ground.safety, now=ground.now)
        rewarding.send_back(session, ground.report, reward, reason="金额有误", by=ground.safety, now=ground.now)
        assert (reward.state, reward.reviewed_by) == ("eligible", None)
        ground.proposed()
        with pytest.raises(NotInState):
            rewarding.approve(session, ground.report, reward, by=ground.safety, now=ground.now)

    def test_a_refusal_cites_a_reason_of_the_list(self, ground, session):
        reward = ground.opened()
        with pytest.raises(UnknownReason):
            rewarding.refuse(session, ground.report, reward, reason="dislike", by=ground.safety, now=ground.now)
        refused = rewarding.refuse(
            session, ground.report, reward, reason="found_before", by=ground.safety, now=ground.now
        )
        assert refused.state == "refused"
        assert due_jobs(session, "open_reward") == []

    def test_where_it_lies_with_the_person_the_next_reporters_turn_has_come(self, ground, session):
        later = make.report(session, outcome="substantiated", received_at=ground.now + timedelta(hours=1))
        make.joined(session, later, ground.case)
        rewarding.refuse(session, ground.report, ground.opened(), reason="has_a_duty", by=ground.safety, now=ground.now)
        assert len(due_jobs(session, "open_reward")) == 1
        rewarding.open_reward(session, ground.case.id, now=ground.now)
        assert session.scalars(select(Reward.report_id).where(Reward.state == "eligible")).one() == later.id

    def test_nobody_else_finds_a_reward_and_an_old_version_changes_none(self, ground, session):
        reward = ground.opened()
        officer = make.officer(session, ground.town, Role.TOWN_OFFICER)
        for act in (
            lambda: rewarding.lock(session, reward.id, by=officer, expected_version=reward.version),
            lambda: rewarding.waiting(session, "eligible", by=officer, limit=5),
        ):
            with pytest.raises(NotYourBusiness):
                act()
        with pytest.raises(Unconditional):
            rewarding.lock(session, reward.id, by=ground.desk)
        with pytest.raises(Stale):
            rewarding.lock(session, reward.id, by=ground.desk, expected_version=reward.version + 1)


class TestTelling:
    def test_its_reporter_is_told_reminded_at_30_and_50_days_and_has_60(self, ground, session):
        reward = ground.notified()
        days = [(when - ground.now).days for when in due_jobs(session, "reward_due")]
        assert days == [30, 50, 60]
        assert reward.claim_until - ground.now > 60 * DAY
        rewarding.notify(session, ground.report.id, now=ground.now)
        for day in (30, 30, 50):
            rewarding.due(session, ground.report.id, now=ground.now + day * DAY)
        assert said(session, ground.report).count("reward_reminded") == 2
        assert said(session, ground.report).count("reward_notified") == 1

    def test_after_them_it_is_forfeited_and_stays_on_record(self, ground, session):
        reward = ground.notified()
        rewarding.due(session, ground.report.id, now=reward.claim_until)
        assert reward.state == "notified"
        late = reward.claim_until + timedelta(seconds=1)
        rewarding.due(session, ground.report.id, now=late)
        rewarding.due(session, ground.report.id, now=late)
        assert reward.state == "forfeited"
        with pytest.raises(TooLate):
            ground.claim(at=late)
        rewarding.open_reward(session, ground.case.id, now=late)
        assert len(session.scalars(select(Reward)).all()) == 1

    def test_f60_more_time_for_a_reason_and_never_less(self, ground, session):
        reward = ground.notified()
        until = reward.claim_until
        with pytest.raises(Invalid):
            rewarding.extend(
                session, ground.report, reward, until=until, reason="住院", by=ground.safety, now=ground.now
            )
        rewarding.extend(
            session, ground.report, reward, until=until + 30 * DAY, reason="住院", by=ground.safety, now=ground.now
        )
        rewarding.due(session, ground.report.id, now=until + timedelta(seconds=1))
        assert reward.state == "notified"
        assert ground.claim(at=until + 29 * DAY)

    def test_progress_tells_of_it_once_it_is_approved_and_not_before(self, ground, session):
        code = tracking_code(ground.report.client_id)
        reward = ground.approved()
        assert progress(session, code, now=ground.now).reward is None
        rewarding.notify(session, ground.report.id, now=ground.now)
        assert progress(session, code, now=ground.now).reward is reward


class TestClaiming:
    def test_f56_both_secrets_are_enough_and_a_retry_gets_the_same_voucher(self, ground, session):
        ground.notified()
        (voucher,) = ground.claim()
        assert (voucher.state, voucher.amount_fen, voucher.payee_mark) == ("issued", 500 * YUAN, None)
        assert ground.claim() == [voucher]
        assert said(session, ground.report).count("reward_claimed") == 1

    def test_one_secret_is_none_and_looks_like_a_wrong_code(self, ground):
        ground.notified()
        for wrong in (tracking_code(ground.report.client_id), claim_secret(uuid4()), "", "字"):
            with pytest.raises(UnknownCode):
                ground.claim(secret=wrong or " ")
        assert ground.claim(secret=claim_secret(ground.report.client_id).lower())

    def test_before_it_is_approved_and_after_it_is_revoked_there_is_nothing(self, ground, session):
        with pytest.raises(NothingToClaim):
            ground.claim()
        reward = ground.approved()
        with pytest.raises(NothingToClaim):
            ground.claim()
        rewarding.notify(session, ground.report.id, now=ground.now)
        rewarding.revoke(session, ground.report, reward, reason="false_evidence", by=ground.other, now=ground.now)
        with pytest.raises(NothingToClaim):
            ground.claim()

    def test_f60_the_declaration_is_asked_for(self, ground):
        ground.notified()
        with pytest.raises(Undeclared):
            ground.claim(declares=False)

    def test_a_district_may_ask_who_collects(self, ground, session):
        revised(session, anonymous_payable=False)
        ground.notified()
        with pytest.raises(SayWhoCollects):
            ground.claim()

    def test_f61_one_person_gets_no_more_in_a_month_than_the_cap(self, ground, session):
        revised(session, monthly_caps_yuan={"general": 700})
        ground.notified()
        (first,) = ground.claim(id_number="99010119900101123x")
        assert first.amount_fen == 500 * YUAN
        for left in (200, 0):
            ground.case = make.case(session, ground.town, state="closed", outcome="substantiated", closed_at=ground.now)
            ground.report = make.joined(session, make.report(session, outcome="substantiated"), ground.case)
            ground.notified()
            if not left:
                with pytest.raises(CapReached):
                    ground.claim(id_number="99010119900101123X")
                break
            assert ground.claim(id_number="99010119900101123X")[0].amount_fen == left * YUAN
        next_month = ground.now + 10 * DAY
        assert ground.claim(id_number="99010119900101123X", at=next_month)[0].amount_fen == 500 * YUAN

    def test_signers_who_share_get_a_voucher_each(self, ground, session):
        revised(session, joint_rule="equal")
        ground.notified(signers=3)
        vouchers = ground.claim()
        assert sorted(voucher.amount_fen for voucher in vouchers) == [166 * YUAN, 166 * YUAN, 168 * YUAN]
        assert len({voucher.number for voucher in vouchers}) == 3

    def test_a_voucher_drawn_by_lot_waits_until_somebody_has_asked(self, ground, session):
        revised(session, check_share=1)
        ground.notified()
        (voucher,) = ground.claim()
        assert voucher.state == "held"
        with pytest.raises(NotInState):
            rewarding.prepare(voucher, code=collection_code(voucher.id), by=ground.payer, now=ground.now)
        rewarding.release(voucher, note="本人申明无监管职责", by=ground.safety, now=ground.now)
        assert voucher.state == "issued"


class TestPaying:
    def paid(self, ground, session, voucher):
        rewarding.prepare(voucher, code=collection_code(voucher.id), by=ground.payer, now=ground.now)
        rewarding.pay(session, voucher, receipt="2026-财-001", by=ground.second_payer, now=ground.now)
        rewarding.settle(session, voucher.id, now=ground.now)

    def test_two_people_pay_whoever_brings_the_code(self, ground, session):
        reward = ground.notified()
        (voucher,) = ground.claim()
        with pytest.raises(WrongCode):
            rewarding.prepare(voucher, code=tracking_code(ground.report.client_id), by=ground.payer, now=ground.now)
        rewarding.prepare(voucher, code=collection_code(voucher.id).lower(), by=ground.payer, now=ground.now)
        with pytest.raises(SamePerson):
            rewarding.pay(session, voucher, receipt="1", by=ground.payer, now=ground.now)
        rewarding.pay(session, voucher, receipt="1", by=ground.second_payer, now=ground.now)
        assert len(due_jobs(session, "settle_reward")) == 1
        rewarding.settle(session, voucher.id, now=ground.now)
        rewarding.settle(session, voucher.id, now=ground.now)
        assert (reward.state, voucher.state) == ("paid", "paid")
        assert said(session, ground.report).count("reward_paid") == 1

    def test_who_was_named_shows_the_document_and_nobody_else_is_paid(self, ground, session):
        ground.notified()
        (voucher,) = ground.claim(id_number="99010119900101123X")
        code = collection_code(voucher.id)
        for other in ("", "990101199001011234"):
            with pytest.raises(WrongCode):
                rewarding.prepare(voucher, code=code, id_number=other, by=ground.payer, now=ground.now)
        rewarding.prepare(voucher, code=code, id_number="99010119900101123x", by=ground.payer, now=ground.now)
        assert "99010119900101123X" not in str([vars(row) for row in session.scalars(select(Voucher))])

    def test_it_is_paid_when_the_last_share_is(self, ground, session):
        revised(session, joint_rule="equal")
        reward = ground.notified(signers=2)
        first, second = ground.claim()
        self.paid(ground, session, first)
        assert reward.state == "claimed"
        self.paid(ground, session, second)
        assert reward.state == "paid"

    def test_what_is_revoked_is_not_paid_and_what_is_paid_is_not_revoked(self, ground, session):
        reward = ground.notified()
        (voucher,) = ground.claim()
        with pytest.raises(SamePerson):
            rewarding.revoke(session, ground.report, reward, reason="has_a_duty", by=ground.safety, now=ground.now)
        rewarding.revoke(session, ground.report, reward, reason="has_a_duty", by=ground.other, now=ground.now)
        assert voucher.state == "cancelled"
        with pytest.raises(NotInState):
            rewarding.prepare(voucher, code=collection_code(voucher.id), by=ground.payer, now=ground.now)

    def test_a_share_that_is_paid_keeps_the_reward_from_being_revoked(self, ground, session):
        revised(session, joint_rule="equal")
        reward = ground.notified(signers=2)
        self.paid(ground, session, ground.claim()[0])
        with pytest.raises(PaidAlready):
            rewarding.revoke(session, ground.report, reward, reason="has_a_duty", by=ground.other, now=ground.now)

    def test_finance_pays_and_nobody_else(self, ground):
        ground.notified()
        (voucher,) = ground.claim()
        with pytest.raises(NotYourRole):
            rewarding.prepare(voucher, code=collection_code(voucher.id), by=ground.safety, now=ground.now)

    def test_x38_a_voucher_names_no_report_no_case_and_no_reason(self, ground, session):
        reward = ground.notified()
        (voucher,) = ground.claim()
        kept = " ".join(str(getattr(voucher, column.key)) for column in Voucher.__table__.columns)
        hidden = (reward.id, ground.report.id, ground.report.reference, ground.report.client_id, ground.case.id)
        assert not [each for each in (*hidden, ground.case.number) if str(each) in kept]
        assert session.get(RewardShare, voucher.id).reward_id == reward.id
