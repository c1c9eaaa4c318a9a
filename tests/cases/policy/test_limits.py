"""How long each clock runs: the default profile of C5, and the categories' own limits."""

from datetime import timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from cases import deadlines, policy
from cases.deadlines import Unit
from cases.models.policy import SAFETY_CLOCKS, DeadlineProfile, DeadlineRule

PROFILE = {  # clock: 特急, 急件, 平件, as the table of C5 has them
    "review": ("5 clock_min", "2 clock_h", "1 work_d"),
    "accept": ("5 clock_min", "1 work_d", "5 work_d"),  # 特急: with the review
    "dispatch": ("0 clock_min", "2 work_h", "4 work_h"),
    "sign": ("30 clock_min", "2 clock_h", "4 work_h"),
    "arbitrate": ("1 clock_h", "4 work_h", "1 work_d"),
    "first_arrival": ("2 clock_h", None, None),
    "verify": ("24 clock_h", "2 work_d", "3 work_d"),
    "verdict_review": ("4 clock_h", "1 work_d", "1 work_d"),
    "reply": ("1 work_d", "3 work_d", "3 work_d"),
    "rectify": ("15 cal_d", "15 cal_d", "30 cal_d"),  # 特急: on the spot or as ordered
    "rectify_major": ("60 cal_d",) * 3,
    "acceptance": ("1 work_d", "3 work_d", "5 work_d"),
    "acceptance_suspended": ("10 cal_d",) * 3,
    "referral_accept": ("4 clock_h", "1 work_d", "2 work_d"),
    "file_penalty": ("7 work_d",) * 3,  # C4.5: the organ's own rule, which it sets here
    "penalty": ("90 cal_d",) * 3,
    "publish_penalty": ("7 work_d",) * 3,
    "withdraw_publication": ("3 work_d",) * 3,
    "criminal_decision": ("3 cal_d",) * 3,
    "criminal_transfer": ("24 clock_h",) * 3,
    "total": (None, "30 cal_d", "60 cal_d"),
    "look_back": ("7 cal_d", "30 cal_d", "90 cal_d"),
    "look_back_second": ("30 cal_d", None, None),
    "ask_more": ("5 work_d",) * 3,  # C3 R3
    "redirect": ("3 work_d",) * 3,  # C3 R5
    "close": ("5 work_d", None, None),  # M15: an immediate case has no other clock once it is accepted
    "review_request": ("30 cal_d",) * 3,  # C3 R8
    "re_verify": ("30 cal_d",) * 3,  # C3 R8
    "total_extension": ("30 cal_d",) * 3,
    "return_request": ("1 work_d",) * 3,  # C4 T4
}
URGENCIES = ("immediate", "urgent", "normal")


@pytest.fixture
def profile(session, now):
    policy.load_defaults(session, now)
    return policy.profile_in_force(session, now)


def said(limit):
    return None if limit is None else f"{limit.amount} {limit.unit}"


def test_the_default_profile_is_that_of_c5(profile):
    found = {
        clock: tuple(said(policy.rule(profile, clock, urgency)) for urgency in URGENCIES)
        for clock in {row.clock for row in profile.rules}
    }

    assert profile.zh == "区级v1"
    assert found == PROFILE


def test_a_clock_that_must_run_says_when_there_is_no_limit(profile):
    assert policy.limit(profile, "verify", "normal").amount == 3
    with pytest.raises(policy.NoLimit, match="total at immediate"):
        policy.limit(profile, "total", "immediate")


def test_only_replies_and_procedure_roll_over_a_rest_day_d3_x12(profile):
    rolling = {row.clock for row in profile.rules if row.roll}

    assert rolling == {"penalty", "total", "total_extension", "review_request"}
    assert not rolling & set(SAFETY_CLOCKS)


@pytest.mark.parametrize("clock", ["verify", "rectify", "rectify_major"])
def test_the_database_refuses_a_safety_limit_that_rolls_d3_x12(profile, session, clock):
    row = {"profile_id": profile.id, "clock": clock, "urgency": "any", "amount": 9, "unit": "cal_d", "roll": True}

    with pytest.raises(IntegrityError, match="ck_deadline_rule_roll"):
        session.execute(insert(DeadlineRule).values(row))


def test_a_day_limit_of_no_days_is_refused_by_the_database(profile, session):
    row = {"profile_id": profile.id, "clock": "nap", "urgency": "any", "amount": 0, "unit": "work_d"}

    with pytest.raises(IntegrityError, match="ck_deadline_rule_amount"):
        session.execute(insert(DeadlineRule).values(row))


@pytest.mark.parametrize(
    ("code", "clock", "urgency", "expected"),
    [
        ("FIR-01", "verify", "urgent", ("24 clock_h", False)),  # F45
        ("FIR-04", "verify", "normal", ("3 work_d", False)),
        ("FW-02", "verify", "immediate", ("24 clock_h", False)),
        ("FW-02", "first_arrival", "immediate", ("2 clock_h", False)),
        ("FW-03", "relay", "immediate", ("1 clock_h", False)),
        ("FIR-05", "rectify", "normal", ("60 cal_d", True)),
        ("FW-01", "rectify", "urgent", ("15 cal_d", True)),
        ("TRN-01", "rectify", "urgent", ("15 cal_d", False)),
        ("BLD-03", "rectify", "normal", ("20 work_d", False)),  # F76: three clocks side by side
        ("BLD-03", "stop_work", "normal", ("4 work_h", False)),
        ("BLD-03", "penalty", "normal", ("7 work_d", False)),
        ("BLD-01", "penalty", "urgent", ("90 cal_d", False)),
        ("CCL-01", "verify", "immediate", ("60 cal_d", False)),
        ("CCL-01", "verify_start", "immediate", ("24 clock_h", False)),
        ("BLD-01", "sign", "urgent", ("2 clock_h", False)),
    ],
)
def test_a_categorys_own_limit_replaces_the_profiles(profile, session, now, code, clock, urgency, expected):
    category = policy.category_in_force(session, code, now)

    limit = policy.rule(profile, clock, urgency, category)

    assert (said(limit), limit.at_once) == expected


def test_a_repair_by_class_keeps_the_outer_limit_and_says_so(profile, session, now):
    limit = policy.limit(profile, "rectify", "urgent", policy.category_in_force(session, "PUB-01", now))

    assert (said(limit), limit.note_zh) == ("15 cal_d", "按设施类别修复")


def test_more_urgency_never_gives_more_time_to_verify(profile, session, now):
    category = policy.category_in_force(session, "FIR-04", now)

    assert said(policy.rule(profile, "verify", "immediate", category)) == "24 clock_h"
    assert said(policy.rule(profile, "verify", "urgent", category)) == "2 work_d"
    fires = policy.category_in_force(session, "GAS-02", now)
    assert said(policy.rule(profile, "verify", "immediate", fires)) == "24 clock_h"
    assert said(policy.rule(profile, "verify", "normal", fires)) == "24 clock_h"


def test_a_later_profile_holds_for_new_dispatches_only_d4_x13(profile, session, now):
    tomorrow = now + timedelta(days=1)
    rules = [DeadlineRule(clock="verify", urgency="normal", amount=2, unit="work_d")]
    session.add(
        DeadlineProfile(code="district", version=2, effective_at=tomorrow, zh="区级v2", en="District v2", rules=rules)
    )
    session.flush()

    assert policy.profile_in_force(session, now).version == 1
    assert policy.limit(policy.profile_in_force(session, tomorrow), "verify", "normal").amount == 2
    assert policy.limit(policy.profile(session, profile.id), "verify", "normal").amount == 3


def test_a_profile_before_its_first_day_is_an_installation_at_fault(profile, session):
    with pytest.raises(LookupError, match="no deadline profile"):
        policy.profile_in_force(session, profile.effective_at - timedelta(seconds=1))


def test_every_limit_can_be_counted(profile, session, now):
    calendar = policy.calendar(session, now)
    for row in profile.rules:
        due = deadlines.add(now, row.amount, Unit(row.unit), calendar, roll=row.roll)
        assert due.due_at >= now
        assert row.note_zh, row.clock
        assert row.note_en, row.clock
