"""GET /open/statistics…: what was counted of each month, as JSON, and as a sheet for desks that work in Excel."""

import csv
import io
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

from fastapi import Path, Request, Response

from api.dependencies import Now, PublicSession
from api.public.caching import ANYBODY, answer, tag
from api.rights import anybody
from api.routes import open_router
from cases import statistics
from cases.models.statistics import SUBJECTS, StatisticLine
from cases.statistics import Table
from kit.cells import BOM, safe
from kit.errors import NotFound
from kit.settings import settings

router = open_router(tags=["open"])
MONTHS = 120
Month = Annotated[str, Path(pattern="^[0-9]{4}-(0[1-9]|1[0-2])$")]
FEW = "1-2"
COLUMNS = {
    "month": "月份", "subject": "统计对象", "codes": "代码", "zh": "名称", "en": "英文名称", "opened": "立案",
    "closed": "办结", "upheld": "属实", "refuted": "不属实或无法核实", "late": "超期办结",
    "median_days": "办理天数中位数",
}  # fmt: skip
COUNTS = ("opened", "closed", "upheld", "refuted", "late")
SUBJECT_NAMES = {"district": "全区", "town": "镇街", "category": "类别"}


class NoSuchMonth(NotFound):
    """Nothing is published of that month: it is not over, or was before the beginning."""

    code = "statistics.month_unknown"
    message = "No statistics are published of that month."


@router.get("/open/statistics", name="list_statistics")
@anybody
def list_statistics(response: Response, session: PublicSession) -> dict[str, Any]:
    """The months of which figures are published, the newest first, each with its addresses."""
    response.headers.update(ANYBODY)
    base = settings().base_url
    months = [f"{each.month:%Y-%m}" for each in statistics.published(session, limit=MONTHS)]
    return {
        "items": [
            {"month": month, "url": f"{base}/open/statistics/{month}", "csv": f"{base}/open/statistics/{month}.csv"}
            for month in months
        ]
    }


@router.get("/open/statistics/{month}.csv", name="download_statistics", response_class=Response)
@anybody
def download_statistics(request: Request, session: PublicSession, now: Now, month: Month) -> Response:
    """A month as a sheet: UTF-8 with its mark, CRLF. "1-2" stands where a count is not told."""
    found = _month(session, month)
    said = answer(
        request, _tag(session, now, found, "csv"), lambda: _sheet(found), media_type="text/csv; charset=utf-8"
    )
    said.headers["Content-Disposition"] = f'attachment; filename="statistics-{month}.csv"'
    return said


@router.get("/open/statistics/{month}", name="get_statistics")
@anybody
def get_statistics(response: Response, session: PublicSession, month: Month) -> dict[str, Any]:
    """A month: its reports, and lines for the district, its towns and the categories, as they stood at `made_at`.

    A count that is null is one or two: so few might point at who reported. Lines that would have told of one or two
    are told together; their `names` say of whom.
    """
    response.headers.update(ANYBODY)
    found = _month(session, month)
    return {
        "month": month,
        "made_at": found.month.made_at,
        "reports": found.month.reports,
        **{subject: [_line(row) for row in found.lines[subject]] for subject in SUBJECTS},
    }


def _month(session: PublicSession, month: str) -> Table:
    try:
        found = statistics.table(session, date.fromisoformat(f"{month}-01"))
    except ValueError:
        found = None
    if found is None:
        raise NoSuchMonth
    return found


def _tag(session: PublicSession, now: Now, found: Table, form: str) -> str:
    return tag(session, now, "statistics", form, found.month.month, found.month.made_at)


def _line(row: StatisticLine) -> dict[str, Any]:
    names = zip(row.codes, row.zh, row.en, strict=True)
    return {
        "names": [{"code": code, "zh": zh, "en": en} for code, zh, en in names],
        **{count: getattr(row, count) for count in COUNTS},
        "median_days": float(row.median_days) if row.median_days is not None else None,
    }


def _sheet(found: Table) -> bytes:
    out = io.StringIO()
    sheet = csv.writer(out)
    sheet.writerow(COLUMNS.values())
    for subject in SUBJECTS:
        for row in found.lines[subject]:
            sheet.writerow(safe(cell) for cell in _cells(found.month.month, subject, row))
    return (BOM + out.getvalue()).encode()


def _cells(month: date, subject: str, row: StatisticLine) -> Iterable[str]:
    counts = [FEW if (told := getattr(row, count)) is None else str(told) for count in COUNTS]
    days = "" if row.median_days is None else str(row.median_days)
    names = ("、".join(row.codes), "、".join(row.zh), ", ".join(row.en))
    return (f"{month:%Y-%m}", SUBJECT_NAMES[subject], *names, *counts, days)
