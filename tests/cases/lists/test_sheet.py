"""Cells that no spreadsheet runs, bytes that are what their hash says, marks that tell whose file a row stood in."""

import csv
import hashlib
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.lists.page import ListRow
from cases.lists.sheet import HEADER, Sheet, hidden, marks_in, row_mark
from cases.models.rows import CaseRow
from kit.cells import safe
from tests.make import NOW

RUN = "=+-@＝＋－＠"
MARK, OTHER = "00f1e2d3c4b5a697", "ffffffffffffffff"
NAMES = {"FIR-01": "占堵疏散通道"}


def row(place="某路1号", number="2026-000001"):
    case = CaseRow(
        None, number, "signed", 1, "FIR-01", "urgent", place, date(2026, 11, 24), NOW, "王大妈说的话", False, None,
        "general", 1,
    )  # fmt: skip
    return ListRow(case, "望西街道办", NOW, "verify", None, None, ["night", "minors"], ())


def seen(cell):
    """What eyes see of a cell: none of the marks."""
    return cell.replace("\u200b", "").replace("\u200c", "")


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
    _content, lines = read(Sheet(MARK, NAMES), [row(place + spice + place), row()])

    assert [len(line) for line in lines] == [len(HEADER)] * 3
    assert seen(lines[1][6]) == seen(safe(place + spice + place))


def test_x38_a_sheet_has_no_column_for_a_reporters_words():
    """X40: nor for the minute at which a case was opened, which may be seconds after somebody sent it."""
    content, lines = read(Sheet(MARK, NAMES), [row()])

    assert "王大妈" not in content.decode("utf-8-sig")
    assert [seen(cell) for cell in lines[1][:-1]] == [
        "2026-000001", "待核查", "占堵疏散通道", "急件", "一般隐患", "望西街道办", "某路1号", "2026-11-24",
        "2026-11-24", "2026-11-24 10:00", "核查", "", "夜间 涉未成年人",
        "signed", "FIR-01", "urgent", "general", "verify", "", "night minors",
    ]  # fmt: skip
    assert content.startswith(b"\xef\xbb\xbf")


def test_q5_a_row_tells_its_export_apart_from_every_other():
    marks = {row_mark(export, number) for export in ("a", "b") for number in ("1", "2")}

    assert len(marks) == 4
    _content, lines = read(Sheet(MARK, NAMES), [row()])
    assert lines[1][-1] == row_mark(MARK, "2026-000001") != row_mark(OTHER, "2026-000001")


@given(st.integers(0, 2**64 - 1))
def test_q5_a_hidden_mark_is_read_back(number):
    mark = f"{number:016x}"
    assert marks_in(f"甲{hidden(mark)}乙") == [mark]
    assert seen(hidden(mark)) == ""


def test_q5_whoever_copies_a_place_without_its_row_takes_the_mark_along():
    _content, lines = read(Sheet(MARK, NAMES), [row(), row(place="王家巷")])
    leaked = f"{lines[1][6]}和{lines[2][6]}都有隐患"
    assert seen(leaked) == "某路1号和王家巷都有隐患"
    assert marks_in(leaked) == [MARK]
    assert marks_in(f"{leaked} {hidden(OTHER)}") == [MARK, OTHER]
    assert marks_in(seen(leaked)) == []


def test_q5_signs_that_a_place_had_of_its_own_make_no_mark():
    _content, lines = read(Sheet(MARK, NAMES), [row(place=f"某{hidden(OTHER)}路"), row(place="")])
    assert marks_in("".join(lines[1])) == [MARK]
    assert (seen(lines[1][6]), lines[2][6]) == ("某路", "")


def test_what_is_looked_up_has_no_unseen_sign():
    _content, lines = read(Sheet(MARK, NAMES), [row()])
    assert all(seen(cell) == cell for at, cell in enumerate(lines[1]) if HEADER[at] not in {"责任单位", "地点"})
