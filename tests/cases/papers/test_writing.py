"""Sheets: whatever a row holds is text on them."""

from datetime import UTC, datetime
from types import SimpleNamespace

import segno
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from cases.papers import marks, writing

CONTENT = {
    "number": "2026-000001", "district": "区", "category": "类", "kind": "verification", "inspected_unit": "",
    "place": "地", "started_at": "2026-11-24T02:00:00+00:00", "completed_at": "2026-11-24T03:05:00+00:00",
    "inspectors": [],
    "people_present": "", "certificates": [], "permit": None, "checklist": [],
    "findings": [], "facts": "", "action": "", "penalty": "", "refused": False,
    "signature_note": "", "record_sha256": "0" * 64, "recipients": [],
}  # fmt: skip
PAPER = SimpleNamespace(edition=1, asked_at=datetime(2026, 11, 24, tzinfo=UTC))


def sheet(**facts):
    return writing.write("visit_record", {
        "paper": PAPER, "title": "现场检查记录", "content": CONTENT | facts, "copy": 1, "copies": 4,
        "recipient": {"role": "inspected_unit", "name": ""},
    })  # fmt: skip


def elements(text):
    return [each.tag for each in html.document_fromstring(text).iter()]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80).filter(str.strip))
def test_no_words_add_an_element_to_a_sheet(words):
    words = " ".join(words.split()) or "字"
    assert elements(sheet(place=words, findings=[words], category=words)) == elements(
        sheet(place="字", findings=["字"], category="字")
    )


def test_marks_that_nobody_sees_are_spelled_out():
    assert writing.shown("a\u202eb\u2066c\u200fd") == "a[U+202E]b[U+2066]c[U+200F]d"
    assert writing.shown("换\n行") == "换\n行"
    assert writing.shown(3) == 3


def test_days_and_minutes_are_of_the_district():
    assert writing.day("2026-11-23T16:00:00+00:00") == "2026年11月24日"
    assert writing.minute("2026-11-24T02:05:00+00:00") == "2026年11月24日10时05分"


@given(st.text(alphabet="abcdef0123456789/:.", min_size=1, max_size=60))
def test_a_code_of_runs_is_the_code_itself(address):
    drawn = marks.qr_rows(address)
    matrix = [list(map(int, row)) for row in segno.make(address, error="m", micro=False).matrix]
    again = [[0] * len(matrix) for _ in matrix]
    for x, y, length in drawn["runs"]:
        for at in range(x, x + length):
            again[y - marks.QUIET][at - marks.QUIET] = 1
    assert again == matrix
    assert drawn["size"] == len(matrix) + 2 * marks.QUIET
