"""What a reply must say for each outcome (R7, M20), by the rows that the software ships."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.models.handling import OUTCOMES
from cases.policy.defaults import SEEDS
from cases.wording import Contents, lacking
from cli.demo.desk import REPLIES as OF_THE_DEMO
from tests.desk import REPLIES

SHIPPED = Contents.of(json.loads((SEEDS / "values.json").read_text(encoding="utf-8"))["reply_wording"]["value"])


def codes(text, outcome):
    return [part.code for part in lacking(text, outcome, SHIPPED)]


@pytest.mark.parametrize("texts", [REPLIES, OF_THE_DEMO])
@pytest.mark.parametrize("told", OUTCOMES)
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_text_fits_the_outcome_that_it_was_written_for_and_no_other(texts, told, outcome):
    """R7: the text comes from the outcome of the case."""
    assert (codes(texts[told], outcome) == []) is (told == outcome)


@pytest.mark.parametrize(
    ("text", "outcome", "code"),
    [
        ("已处理。", "substantiated", ["verdict_missing"]),
        ("情况属实。", "substantiated", ["measures_missing"]),
        ("情况不属实，已处理。", "substantiated", ["verdict_missing", "verdict_other"]),
        ("部分属实，第一项属实，第二项不属实，已整改。", "partly", []),
        ("第一项属实，已整改。", "partly", ["verdict_missing"]),
        ("不属实。", "unsubstantiated", ["check_missing"]),
        ("现场检查，不属实。", "unsubstantiated", []),
        ("无法核实。", "unverifiable", ["check_missing", "next_missing"]),
        ("您好。", "unverifiable", ["verdict_missing", "check_missing", "next_missing"]),
    ],
)
def test_what_is_missing_is_told_part_by_part(text, outcome, code):
    """不属实 holds 属实 and is never read as it; 无法核实 does not say that anything was checked."""
    assert codes(text, outcome) == code


def test_every_outcome_has_words_and_something_to_say():
    assert set(SHIPPED.verdicts) == set(SHIPPED.parts) == set(OUTCOMES)
    assert all(SHIPPED.verdicts[outcome] and SHIPPED.parts[outcome] for outcome in OUTCOMES)


@given(text=st.text(), outcome=st.sampled_from(OUTCOMES))
def test_any_text_that_says_nothing_lacks_its_verdict(text, outcome):
    """Hostile input: blanks, marks and other scripts are no verdict."""
    if not any(word[-1] in text for words in SHIPPED.verdicts.values() for word in words):
        assert codes(text, outcome)[0] == "verdict_missing"


@given(st.sampled_from(OUTCOMES), st.sampled_from([" ", "\u3000", "\u200b", "\n"]))
def test_gaps_between_signs_change_nothing(outcome, gap):
    assert codes(gap.join(REPLIES[outcome]), outcome) == []
