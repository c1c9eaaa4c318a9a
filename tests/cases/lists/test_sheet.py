"""Cells that no spreadsheet runs, bytes that are what their hash says, marks that tell whose file a row stood in."""

import csv
import hashlib
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.lists.page import ListRow
from cases.lists.sheet import HEADER, Sheet, row_mark, safe
from cases.models.rows import CaseRow
from tests.make import NOW

RUN = "=+-@＝＋－＠"


def row(place="某路1号", number="2026-000001"):
    case = CaseRow(
        None, number, "signed", 1, "FIR-01", "urgent", place, date(2026, 11, 24), NOW, "王大妈说的话", False, None,
        "general", 1,
    )  # fmt: skip
    return ListRow(case, "望西街道办", NOW, "verify", None, None, ["night", "minors"], ())


def read(sheet, rows):
    content = b"".join(sheet.pieces(rows))
    assert hashlib.sha256(content).digest() == sheet.sha256
    return content, list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=cmd|' /C calc'!A0",
        " =1",
        "\u3000＝1",
        "\u00a0@x",
        "\x00=1",
        "＋1",
    ],
)
def test_what_a_spreadsheet_would_run_is_quoted(cell):
    assert safe(cell).startswith("'")


@given(st.text())
def test_no_cell_begins_as_a_formula_or_holds_a_control_character(cell):
    made = safe(cell)

    assert not made.lstrip(" \t\r\n\u00a0\u3000").startswith(tuple(RUN))
    assert not any(ord(sign) < ord(" ") or ord(sign) == 0x7F for sign in made)


@given(
    st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(["", ",", '"', '",=1,"', "\r\n", ";", "\x00"])
)
def test_a_place_stays_in_its_cell_whatever_it_holds(place, spice):
    """No cell breaks out of its column, no row out of its line."""
    _content, lines = read(Sheet("m"), [row(place + spice + place), row()])

    assert [len(line) for line in lines] == [len(HEADER)] * 3
    assert lines[1][6] == safe(place + spice + place)


def test_x38_a_sheet_has_no_column_for_a_reporters_words():
    content, lines = read(Sheet("m"), [row()])

    assert "王大妈" not in content.decode("utf-8-sig")
    assert lines[1][:9] == [
        "2026-000001", "signed", "FIR-01", "urgent", "general", "望西街道办", "某路1号", "2026-11-24",
        "2026-11-24 10:00",
    ]  # fmt: skip
    assert content.startswith(b"\xef\xbb\xbf")


def test_q5_a_row_tells_its_export_apart_from_every_other():
    marks = {row_mark(export, number) for export in ("a", "b") for number in ("1", "2")}

    assert len(marks) == 4
    _content, lines = read(Sheet("a"), [row()])
    assert lines[1][-1] == row_mark("a", "2026-000001") != row_mark("b", "2026-000001")
