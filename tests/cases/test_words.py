"""Every code that people read has a word (C1)."""

import json
from pathlib import Path

from cases import policy, words
from cases.enforcing import tags
from cases.models.case import CASE_STATES
from cases.models.handling import OUTCOMES

SEEDS = Path(policy.__file__).parent / "seeds"


def test_c1_every_state_outcome_and_urgency_has_its_word():
    assert set(words.STATES) == set(CASE_STATES)
    assert set(words.OUTCOMES) == set(OUTCOMES)
    assert set(words.URGENCIES) == {"immediate", "urgent", "normal"}
    assert set(words.GRADES) == {"undetermined", "general", "major"}


def test_every_tag_that_an_answer_or_an_act_puts_has_its_word():
    put = {tags.OBSTRUCTION, tags.BREACH}
    for file in (SEEDS / "categories").glob("*.json"):
        for row in json.loads(file.read_text(encoding="utf-8")):
            put |= {check["tag"] for check in row.get("checks", ()) if "tag" in check}
    assert put <= set(words.TAGS)
