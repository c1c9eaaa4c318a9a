"""A list of cases as a sheet: CSV that Excel reads, safe cells, handling data alone, a mark in every row (X38, Q5)."""

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from cases.lists.page import ListRow
from cases.words import CLOCKS, GRADES, OUTCOMES, STATES, TAGS, URGENCIES
from kit.cells import BOM, safe
from kit.clock import LOCAL_ZONE
from kit.secrets import mark

# Neither the extract nor anything else that goes back to a reporter's words (X38, X40).
HEADER = (
    "案件编号", "状态", "类别", "紧急程度", "等级", "责任单位", "地点", "发现日期", "立案日期", "当前期限", "期限事项",
    "结论", "标记",
    "状态代码", "类别代码", "紧急程度代码", "等级代码", "期限事项代码", "结论代码", "标记代码", "核对码",
)  # fmt: skip
# Two signs that nobody sees and that words keep when they are copied: a nought and a one of the hidden mark.
_NOUGHT, _ONE = "\u200b", "\u200c"
_MARK_BITS = 64


def row_mark(export_mark: str, number: str) -> str:
    """What stands in the row of a case in one export and in no other: a row that leaks tells whose file it was in."""
    return mark("export-row", export_mark.encode(), number.encode()).hex()[:12]


def hidden(export_mark: str) -> str:
    """The export's mark in signs that nobody sees: who copies a line without its check code takes it along (Q5)."""
    return f"{int(export_mark, 16):0{_MARK_BITS}b}".replace("0", _NOUGHT).replace("1", _ONE)


def marks_in(text: str) -> list[str]:
    """The marks of exports that stand hidden in a text, each once, in order."""
    found = re.findall(f"[{_NOUGHT}{_ONE}]{{{_MARK_BITS}}}", text)
    bits = [each.replace(_NOUGHT, "0").replace(_ONE, "1") for each in found]
    return list(dict.fromkeys(f"{int(each, 2):0{_MARK_BITS // 4}x}" for each in bits))


class Sheet:
    """The bytes of a sheet as they are made, with their hash and the number of rows so far.

    `categories` are the names of categories by their codes.
    """

    def __init__(self, export_mark: str, categories: Mapping[str, str]) -> None:
        self.rows = 0
        self._mark, self._hidden, self._categories = export_mark, hidden(export_mark), categories
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
        csv.writer(out).writerow(cells)
        piece = (before + out.getvalue()).encode("utf-8", "replace")
        self._hash.update(piece)
        return piece

    def _cells(self, row: ListRow) -> list[str]:
        """Words first, then their codes; the hidden mark goes with the office and the place, which nothing looks up."""
        case, due = row.case, row.due_what or ""
        codes = [
            case.state, case.category_code, case.urgency, case.grade, due, case.outcome or "", " ".join(row.tags),
        ]  # fmt: skip
        cells = [
            case.number, STATES.get(case.state, case.state), self._categories.get(case.category_code, ""),
            URGENCIES.get(case.urgency, case.urgency), GRADES.get(case.grade, case.grade), row.org_name or "",
            case.place_text, case.seen_on.isoformat(), _day(case.opened_at), _minute(row.due_at),
            CLOCKS.get(due, due), OUTCOMES.get(case.outcome or "", ""),
            " ".join(TAGS.get(tag, tag) for tag in row.tags), *codes, row_mark(self._mark, case.number),
        ]  # fmt: skip
        marked = {HEADER.index("责任单位"), HEADER.index("地点")}
        return [self._with_mark(safe(cell)) if at in marked else safe(cell) for at, cell in enumerate(cells)]

    def _with_mark(self, cell: str) -> str:
        """Within the words, not at their end: what is copied by hand begins and ends where its first sign does."""
        plain = cell.replace(_NOUGHT, "").replace(_ONE, "")
        return f"{plain[:-1]}{self._hidden}{plain[-1:]}" if plain else plain


def _day(moment: datetime) -> str:
    """A case may be opened seconds after somebody sent a report: nobody gets that minute (X40)."""
    return moment.astimezone(LOCAL_ZONE).date().isoformat()


def _minute(moment: datetime | None) -> str:
    return moment.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M") if moment else ""
