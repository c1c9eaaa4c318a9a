"""A notice of holidays for 2027 as the State Council might give it: its sums are the law's, its dates are ours."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from cases.policy.holiday_notices import REST, WORK, HolidayNotice, Row

RESTS = {
    "元旦": ("2027-01-01", 3), "春节": ("2027-02-05", 8), "清明节": ("2027-04-03", 3), "劳动节": ("2027-05-01", 5),
    "端午节": ("2027-06-09", 1), "中秋节": ("2027-09-15", 1), "国庆节": ("2027-10-01", 7),
}  # fmt: skip
WORKED = ("2027-01-31", "2027-02-20", "2027-05-08", "2027-09-26", "2027-10-09")


def rows() -> tuple[Row, ...]:
    """Thirty-three days, as the notice lists them."""
    off = [
        Row(date.fromisoformat(first) + timedelta(days=n), REST, name)
        for name, (first, days) in RESTS.items()
        for n in range(days)
    ]
    return (*off, *(Row(date.fromisoformat(day), WORK, "调休上班") for day in WORKED))


def notice(**changes: Any) -> HolidayNotice:
    """The notice of 2027; `changes` are its parts."""
    whole = HolidayNotice(2027, rows(), "国务院办公厅关于2027年部分节假日安排的通知", "国办发明电〔2026〕9号")
    return replace(whole, **changes)


def body(**changes: Any) -> dict[str, Any]:
    """The same as an officer sends it."""
    whole = notice()
    lines = [{"day": row.day.isoformat(), "kind": row.kind, "name": row.name} for row in whole.rows]
    return {"rows": lines, "source": whole.source, "document": whole.document, **changes}


def file(**changes: Any) -> str:
    """The same as a file."""
    lines = [f"{row.day},{row.kind},{row.name}" for row in notice(**changes).rows]
    return "\n".join(["day,kind,name", *lines, ""])
