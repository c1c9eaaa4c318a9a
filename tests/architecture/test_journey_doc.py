"""docs/journey.md draws the tables that the domain obeys, as they are now."""

import re

import pytest

from cases.lifecycle.case import CASE_MOVES
from cases.lifecycle.exposure import EXPOSURE_MOVES
from cases.lifecycle.paper import PAPER_MOVES
from cases.lifecycle.report import REPORT_MOVES
from cli.journey_doc import BESIDE, DOCUMENT, diagrams, drawn
from cli.refusal import CannotGoOn
from tests.cases.lifecycle.matrix import machines


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
        (source, target, verb)
        for verb, move in moves.items()
        for source in move.source
        for target in move.leads_to(source)
    }


def test_every_machine_of_the_domain_is_drawn():
    drawn_ones = [REPORT_MOVES, CASE_MOVES, EXPOSURE_MOVES, PAPER_MOVES, *(moves for moves, _states in BESIDE.values())]

    assert [name for name, moves in machines().items() if not any(moves is each for each in drawn_ones)] == []


def test_a_thing_that_no_move_begins_begins_in_its_first_state():
    assert "[*] --> issued" in diagrams()["urge order"]
    assert "[*] --> new" in diagrams()["measure"]


def test_a_document_that_lost_its_marks_is_refused():
    with pytest.raises(CannotGoOn):
        drawn("# Journey\n")
