"""docs/journey.md draws the tables that the domain obeys, as they are now."""

import re

import pytest

from cases.lifecycle.case import CASE_MOVES
from cases.lifecycle.exposure import EXPOSURE_MOVES
from cases.lifecycle.report import REPORT_MOVES
from cli.journey_doc import BESIDE, DOCUMENT, diagrams, drawn
from cli.refusal import CannotGoOn


def test_the_document_is_freshly_drawn():
    text = DOCUMENT.read_text(encoding="utf-8")

    assert text == drawn(text), "run ./jz journey-doc"


@pytest.mark.parametrize(
    ("name", "moves"),
    [
        ("report", REPORT_MOVES),
        ("case", CASE_MOVES),
        ("exposure", EXPOSURE_MOVES),
        *((name, moves) for name, (moves, _states) in BESIDE.items()),
    ],
)
def test_every_move_is_an_arrow(name, moves):
    arrows = set(re.findall(r"^    (\w+) --> (\w+): (\w+) ", diagrams()[name], re.MULTILINE))

    assert arrows == {
        (source, target, verb) for verb, move in moves.items() for source in move.source for target in move.targets
    }


def test_a_document_that_lost_its_marks_is_refused():
    with pytest.raises(CannotGoOn):
        drawn("# Journey\n")
