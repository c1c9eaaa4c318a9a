"""Publishes each month once, some days after its end, and reads what is published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cases.lots import months_over
from cases.models.statistics import SUBJECTS, StatisticLine, StatisticMonth
from cases.statistics import counting
from cases.statistics.figures import Line, hidden, told

SETTLED_AFTER = timedelta(days=3)  # what was closed at the end of a month is entered by then
COUNTS = ("opened", "closed", "upheld", "refuted", "late", "median_days")


@dataclass(frozen=True)
class Table:
    """A published month and its lines by what they tell of, in their order."""

    month: StatisticMonth
    lines: Mapping[str, Sequence[StatisticLine]]


def publish(session: Session, *, now: datetime) -> None:
    """Count and publish each of the last months that is over, settled and not published yet."""
    for _, since, until in months_over(now):
        if now >= until + SETTLED_AFTER and counting.has_begun(session, until):
            _publish(session, since, until, now)


def published(session: Session, *, limit: int) -> list[StatisticMonth]:
    """The published months, the newest first."""
    return list(session.scalars(select(StatisticMonth).order_by(StatisticMonth.month.desc()).limit(limit)))


def newest(session: Session) -> StatisticMonth | None:
    """The newest published month."""
    return next(iter(published(session, limit=1)), None)


def table(session: Session, month: date) -> Table | None:
    """What is published of a month."""
    found = session.get(StatisticMonth, month)
    if found is None:
        return None
    lines = select(StatisticLine).where(StatisticLine.month == month)
    rows = session.scalars(lines.order_by(StatisticLine.position)).all()
    return Table(found, {subject: [row for row in rows if row.subject == subject] for subject in SUBJECTS})


def _publish(session: Session, since: datetime, until: datetime, now: datetime) -> None:
    month = date(since.year, since.month, 1)
    reports = counting.reports(session, since, until)
    written = session.execute(
        insert(StatisticMonth)
        .values(month=month, made_at=now, reports=None if hidden(reports) else reports)
        .on_conflict_do_nothing()
        .returning(StatisticMonth.month)
    )
    if written.first() is None:
        return
    for subject, lines in counting.lines(session, since, until).items():
        for position, line in enumerate(told(lines)):
            session.add(StatisticLine(month=month, subject=subject, position=position, **_written(line)))


def _written(line: Line) -> dict[str, Any]:
    names = {part: [getattr(name, field) for name in line.names] for part, field in _NAMES.items()}
    figures = {count: getattr(line, count) for count in COUNTS}
    if hidden(line.closed):
        figures |= dict.fromkeys(COUNTS[1:])
    if hidden(line.opened):
        figures["opened"] = None
    return {**names, **figures}


_NAMES = {"codes": "code", "zh": "zh", "en": "en"}
