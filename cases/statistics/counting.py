"""Reads the cases that count for a month, each with its town and its category."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Interval, and_, exists, func, or_, select, type_coerce
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import InstrumentedAttribute, Session

from cases.models.case import Case, Clock
from cases.models.policy import CategoryVersion
from cases.models.report import Report
from cases.statistics.figures import Counted, Line, Name
from people.models import Org

NO_TOWN = Name("", "区级办理", "Handled by the district")
_Key = tuple[str, str]


def lines(session: Session, since: datetime, until: datetime) -> Mapping[str, list[Line]]:
    """For each subject its lines: every active town, every category with cases, and the district as one line.

    A case that was void when it was counted is none. A case counts for the body that answers for it now.
    """
    opened, closed = _within(Case.opened_at, since, until), _within(Case.closed_at, since, until)
    late = exists().where(Clock.case_id == Case.id, Clock.org_id.is_(None), Clock.stopped_at > Clock.due_at)
    found = session.execute(
        select(
            Org.code, Org.kind, Case.category_code, opened, func.coalesce(closed, False), Case.outcome, late,
            type_coerce(Case.closed_at - Case.opened_at, Interval),
        )
        .outerjoin(Org, Org.id == Case.responsible_org_id)
        .where(Case.state != "void", or_(opened, closed))
    )  # fmt: skip
    cases: dict[_Key, list[Counted]] = defaultdict(list)
    for town, kind, category, has_opened, has_closed, outcome, was_late, took in found:
        case = Counted(has_opened, has_closed, outcome, was_late, took)
        for key in (("town", town if kind == "town" else NO_TOWN.code), ("category", category), ("district", "")):
            cases[key].append(case)
    return {
        "district": [Line((), tuple(cases["district", ""]))],
        "town": [_line(cases, "town", name) for name in _towns(session) if name != NO_TOWN or cases["town", ""]],
        "category": [_line(cases, "category", name) for name in _categories(session) if cases["category", name.code]],
    }


def reports(session: Session, since: datetime, until: datetime) -> int:
    """How many reports came in."""
    came = select(func.count()).select_from(Report).where(_within(Report.received_at, since, until))
    return session.scalars(came).one()


def has_begun(session: Session, until: datetime) -> bool:
    """Whether there was a case by then: a district that has just begun publishes no empty months of before."""
    return session.scalar(select(exists().where(Case.opened_at < until))) or False


def _within(column: InstrumentedAttribute[Any], since: datetime, until: datetime) -> ColumnElement[bool]:
    return and_(column >= since, column < until)


def _line(cases: Mapping[_Key, list[Counted]], subject: str, name: Name) -> Line:
    return Line((name,), tuple(cases[subject, name.code]))


def _towns(session: Session) -> list[Name]:
    towns = session.execute(select(Org.code, Org.name_zh, Org.name_en).where(Org.kind == "town", Org.active))
    return [*(Name(*town) for town in towns), NO_TOWN]


def _categories(session: Session) -> list[Name]:
    newest = (
        select(CategoryVersion.category_code, CategoryVersion.zh, CategoryVersion.en)
        .ext(distinct_on(CategoryVersion.category_code))
        .order_by(CategoryVersion.category_code, CategoryVersion.version.desc())
    )
    return [Name(*category) for category in session.execute(newest)]
