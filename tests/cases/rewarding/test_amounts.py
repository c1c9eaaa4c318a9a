"""C11: what a report is worth, by the worked examples of the law and for any fines."""

import csv
import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.rewarding.amounts import (
    CONCEALED,
    FEN,
    GENERAL,
    MAJOR,
    Facts,
    NoSuchTier,
    Rule,
    amount,
    grade,
    shares,
    within_the_cap,
)

ROOT = Path(__file__).resolve().parents[3]
RULE = Rule.read(json.loads((ROOT / "cases/policy/seeds/values.json").read_text())["reward_rule"]["value"])
EXAMPLES = list(csv.DictReader((ROOT / "tests/cases/golden/rewards.csv").read_text().splitlines()))
fines = st.lists(st.integers(0, 10**10), max_size=6).map(tuple)
insiders = st.booleans()


@pytest.mark.parametrize("row", EXAMPLES, ids=[row["what"] for row in EXAMPLES])
def test_the_worked_examples(row):
    rule = replace(RULE, insider_uplift=Fraction(row["uplift"] or "0"), cap_uplift=bool(row["cap_uplift"]))
    facts = Facts(
        row["kind"], tuple(int(yuan) * FEN for yuan in row["fines_yuan"].split()), deaths=int(row["deaths"] or 0),
        concealed_deaths=int(row["concealed"] or 0), insider=bool(row["insider"]),
    )  # fmt: skip
    assert amount(rule, facts) == int(row["yuan"]) * FEN


@pytest.mark.parametrize(
    ("deaths", "injuries", "expected"),
    [(2, 9, "ordinary"), (3, 0, "larger"), (0, 10, "larger"), (9, 49, "larger"), (10, 0, "serious"), (1, 50, "serious"),
     (29, 99, "serious"), (30, 0, "extraordinary"), (0, 100, "extraordinary")],
)  # fmt: skip
def test_an_accidents_grade_counts_everybody_hurt_in_it(deaths, injuries, expected):
    assert grade(deaths, injuries) == expected


def test_a_general_hazard_has_a_fixed_amount_and_no_other():
    assert amount(RULE, Facts(GENERAL, tier="fire")) == 50 * FEN
    with pytest.raises(NoSuchTier):
        amount(RULE, Facts(GENERAL, tier="of nobody's"))


def test_half_a_yuan_counts_as_one_and_is_rounded_once():
    rule = replace(RULE, least=0)
    assert amount(rule, Facts(MAJOR, (330, 337))) == 100  # 0.15 × 6.67 yuan = 1.0005: not 0.50 and 0.51 rounded apart
    assert amount(rule, Facts(MAJOR, (1000,))) == 200  # 1.50


@given(fines, insiders)
def test_a_reward_is_whole_yuan_between_the_least_and_the_most(taken, insider):
    worth = amount(RULE, Facts(MAJOR, taken, insider=insider))
    assert worth % FEN == 0
    assert RULE.least <= worth <= RULE.most


@given(fines, st.integers(0, 10**9), insiders)
def test_more_fines_never_make_it_less_and_their_order_is_nothing(taken, more, insider):
    worth = amount(RULE, Facts(MAJOR, taken, insider=insider))
    assert amount(RULE, Facts(MAJOR, (*taken, more), insider=insider)) >= worth
    assert amount(RULE, Facts(MAJOR, taken[::-1], insider=insider)) == worth


@given(st.integers(0, 40), st.integers(0, 40))
def test_what_was_concealed_never_exceeds_the_most(deaths, concealed):
    assert 0 <= amount(RULE, Facts(CONCEALED, deaths=deaths, concealed_deaths=concealed)) <= RULE.most


@given(st.integers(1, 300_000), st.integers(1, 9), st.sampled_from(["first_signer", "equal"]))
def test_shares_add_up_and_nobody_waits_for_fen(yuan, signers, rule):
    each = shares(yuan * FEN, signers, rule)
    assert sum(each) == yuan * FEN
    assert all(part % FEN == 0 and part >= 0 for part in each)
    assert len(each) == (1 if rule == "first_signer" else signers)
    assert max(each) - min(each) < signers * FEN


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_a_months_cap_is_never_passed_and_binds_its_kind_only(wanted, paid):
    left = within_the_cap(RULE, GENERAL, wanted * FEN, paid * FEN)
    assert paid * FEN + left <= max(1000 * FEN, paid * FEN)
    assert within_the_cap(RULE, MAJOR, wanted * FEN, paid * FEN) == wanted * FEN
