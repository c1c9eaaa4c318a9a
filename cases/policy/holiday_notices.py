"""Whether a notice of holidays, as it was typed in, can be the State Council's: every line that cannot be is named.

Pure rules over values. The usual sums: each statutory holiday of the year has its days; whoever is given a weekday off
beyond those works a weekend day near it for each (《全国年节及纪念日放假办法》; F99, X08, X09).
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

REST, WORK = "rest", "work"
SATURDAY, DECEMBER = 5, 12
NEAR = timedelta(days=14)
DOCUMENT = re.compile(r"[\u4e00-\u9fff]{2,20}〔(\d{4})〕\d{1,4}号")


@dataclass(frozen=True)
class Row:
    """One line of a notice: a day, `rest` or `work`, and what it is named after."""

    day: date
    kind: str
    name: str


@dataclass(frozen=True)
class HolidayNotice:
    """What the notice of a year says. `irregular` tells why its sums are not the usual ones, where they are not."""

    year: int
    rows: tuple[Row, ...]
    source: str
    document: str
    irregular: str = ""


@dataclass(frozen=True)
class Fault:
    """One thing that cannot be, or is not as usual; `usual` ones are let pass where the notice says why."""

    code: str
    zh: str
    en: str
    day: date | None = None
    usual: bool = False


def faults(notice: HolidayNotice, statutory: Sequence[dict[str, Any]]) -> list[Fault]:
    """Everything wrong with a notice, in the order of its lines; `statutory` is the policy value of that name."""
    found = [*_of_source(notice), *_of_rows(notice), *_of_holidays(notice, statutory), *_of_sums(notice, statutory)]
    return [fault for fault in found if not (fault.usual and notice.irregular)]


def _of_source(notice: HolidayNotice) -> Iterator[Fault]:
    if str(notice.year) not in notice.source:
        yield Fault("source_year", f"文件名称没有写明{notice.year}年", f"The title does not name {notice.year}.")
    number = DOCUMENT.fullmatch(notice.document)
    if number is None:
        yield Fault(
            "document_form", "文号不完整，应如：国办发明电〔2026〕7号", "The number of the document is not whole."
        )
    elif int(number[1]) not in {notice.year - 1, notice.year}:
        yield Fault("document_year", "文号年份与放假年份不符", "The document is not of this year or the one before.")


def _of_rows(notice: HolidayNotice) -> Iterator[Fault]:
    for day, count in Counter(row.day for row in notice.rows).items():
        if count > 1:
            yield Fault("twice", f"{day}重复", f"{day} stands there twice.", day)
    for row in notice.rows:
        if row.day.year != notice.year and (row.day.year, row.day.month) != (notice.year - 1, DECEMBER):
            yield Fault(
                "other_year", f"{row.day}不属于{notice.year}年的通知", f"{row.day} is of another year.", row.day
            )
        if row.kind not in {REST, WORK}:
            yield Fault("unknown_kind", f"{row.day}应为rest或work", f"{row.day} is neither rest nor work.", row.day)
        if row.kind == WORK and row.day.weekday() < SATURDAY:
            yield Fault("worked_weekday", f"{row.day}不是周末，本就上班", f"{row.day} is worked anyhow.", row.day)


def _of_holidays(notice: HolidayNotice, statutory: Sequence[dict[str, Any]]) -> Iterator[Fault]:
    for holiday in statutory:
        name, days = holiday["zh"], _named(notice.rows, holiday["zh"])
        if len(days) < holiday["days"]:
            zh = f"{name}应放假{holiday['days']}天，只有{len(days)}天"
            yield Fault("holiday_short", zh, f"{name} has {len(days)} days of {holiday['days']}.", usual=True)
        for fixed in holiday["fixed"]:
            day = date.fromisoformat(f"{notice.year}-{fixed}")
            if day not in {row.day for row in notice.rows if row.kind == REST}:
                yield Fault(
                    "holiday_worked", f"{day}是{name}，应当放假", f"{day} is {name} and not off.", day, usual=True
                )
        first, last = (date.fromisoformat(f"{notice.year}-{holiday[end]}") for end in ("from", "to"))
        if days and not any(first <= day <= last for day in days):
            yield Fault(
                "out_of_season", f"{name}不在常见日期", f"{name} is not at its time of the year.", days[0], usual=True
            )


def _of_sums(notice: HolidayNotice, statutory: Sequence[dict[str, Any]]) -> Iterator[Fault]:
    rest = [row.day for row in notice.rows if row.kind == REST]
    worked = [row.day for row in notice.rows if row.kind == WORK and row.day.weekday() >= SATURDAY]
    off = sum(day.weekday() < SATURDAY for day in set(rest))
    lawful = sum(holiday["days"] for holiday in statutory)
    if off - len(set(worked)) != lawful:
        zh = f"放假的工作日{off}天，调休上班{len(set(worked))}天，相差应为{lawful}天"
        yield Fault(
            "unbalanced",
            zh,
            f"{off} weekdays off, {len(set(worked))} weekend days worked: not {lawful} apart.",
            usual=True,
        )
    for day in worked:
        if not any(abs(day - other) <= NEAR for other in rest):
            yield Fault("far_from_holiday", f"{day}附近没有假期", f"No holiday is near {day}.", day, usual=True)


def _named(rows: Iterable[Row], name: str) -> list[date]:
    """The rest days of a holiday; one day may carry two names (国庆节、中秋节)."""
    return sorted({row.day for row in rows if row.kind == REST and name in row.name})
