"""A list of cases as a sheet: CSV that Excel reads, safe cells, handling data alone, a mark in every row (X38, Q5)."""

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator
from datetime import datetime

from cases.lists.page import ListRow
from kit.clock import LOCAL_ZONE
from kit.secrets import mark

BOM = "\ufeff"  # by which Excel knows UTF-8
# What a spreadsheet takes for a formula, also behind blanks, and in full width, which some turn into half.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_BLANK = " \t\r\n\u00a0\u3000"
# Neither the extract nor anything else that goes back to a reporter's words (X38, X40).
HEADER = (
    "案件编号", "状态", "类别", "紧急程度", "等级", "责任单位", "地点", "发现日期", "立案时间", "当前期限", "期限事项",
    "结论", "标记", "核对码",
)  # fmt: skip


def safe(cell: str) -> str:
    """A cell that no spreadsheet runs: no control characters, and a quote before what looks like a formula."""
    clean = "".join(" " if ord(sign) < ord(" ") or ord(sign) == 0x7F else sign for sign in cell)  # noqa: PLR2004 - DEL
    return f"'{clean}" if clean.lstrip(_BLANK).startswith(_FORMULA) else clean


def row_mark(export_mark: str, number: str) -> str:
    """What stands in the row of a case in one export and in no other: a row that leaks tells whose file it was in."""
    return mark("export-row", export_mark.encode(), number.encode()).hex()[:12]


class Sheet:
    """The bytes of a sheet as they are made, with their hash and the number of rows so far."""

    def __init__(self, export_mark: str) -> None:
        self.rows = 0
        self._mark = export_mark
        self._hash = hashlib.sha256()

    @property
    def sha256(self) -> bytes:
        """Of all that has been made until now."""
        return self._hash.digest()

    def pieces(self, rows: Iterable[ListRow]) -> Iterator[bytes]:
        """The header, then one piece for each row."""
        yield self._piece(HEADER, before=BOM)
        for row in rows:
            self.rows += 1
            yield self._piece(self._cells(row))

    def _piece(self, cells: Iterable[str], *, before: str = "") -> bytes:
        out = io.StringIO()
        csv.writer(out).writerow([safe(cell) for cell in cells])
        piece = (before + out.getvalue()).encode("utf-8", "replace")
        self._hash.update(piece)
        return piece

    def _cells(self, row: ListRow) -> list[str]:
        case = row.case
        return [
            case.number, case.state, case.category_code, case.urgency, case.grade, row.org_name or "", case.place_text,
            case.seen_on.isoformat(), _minute(case.opened_at), _minute(row.due_at), row.due_what or "",
            case.outcome or "", " ".join(row.tags), row_mark(self._mark, case.number),
        ]  # fmt: skip


def _minute(moment: datetime | None) -> str:
    return moment.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M") if moment else ""
