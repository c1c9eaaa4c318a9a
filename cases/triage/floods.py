"""Many reports of one place: each is taken and answered by itself, and a person lets them join their case in one act.

The system proposes and never merges by itself (X19). Each report keeps its number, reply, satisfaction and reward rank
(C3, M20), and neither its reporter nor a handler learns of another (X42). An emergency, a death, an official's matter
and a doubtful place are looked at one by one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from cases import policy
from cases.models.case import Case
from cases.models.report import HELD, SITE_FLOOD, Report
from cases.routing import place
from cases.triage.desk import mark_seen
from cases.triage.duplicates import DUPLICATE, likely
from cases.triage.merge import merge
from cases.triage.reply import reply
from cases.triage.reports import NoSuchCaseToJoin, NoSuchReport
from kit.errors import Conflict, Invalid, Refusal, Stale
from people.actors import Actor

# What may join a case together with others: only that there are many speaks against it.
TOGETHER: Final = (DUPLICATE, SITE_FLOOD, *HELD)
LEAST: Final = 2


class TooManyReports(Invalid):
    """More reports than a person can answer for in one act."""

    code = "flood.too_many"
    message = "Fewer reports at once, please."
    pointer = "/reports"


class ChosenTwice(Invalid):
    """A report stands twice among those chosen."""

    code = "flood.repeated"
    message = "A report stands here twice."
    pointer = "/reports"


class NotOfThisFlood(Conflict):
    """Nothing proposes this case for the report, or it must be looked at by itself."""

    code = "flood.not_of_it"
    message = "This report is to be looked at by itself."


@dataclass(frozen=True)
class Flood:
    """A case, and how many reports that wait for the desk may be the same matter."""

    case: Case
    waiting: int
    first_due_at: datetime


@dataclass(frozen=True)
class Chosen:
    """A report in the version that the actor saw."""

    id: UUID
    version: int


@dataclass(frozen=True)
class Answer:
    """What one report answers: its new version, or the refusal by its code with all that it told."""

    report_id: UUID
    version: int | None = None
    code: str | None = None
    detail: str | None = None
    told: dict[str, Any] = field(default_factory=dict)


def floods(session: Session, *, now: datetime, limit: int) -> list[Flood]:
    """Cases that several waiting reports may belong to, those with the most first."""
    proposed = _proposed(session, now)
    counted = (
        select(proposed.c.case_id, func.count(), func.min(proposed.c.review_due_at))
        .where(proposed.c.case_id.is_not(None))
        .group_by(proposed.c.case_id)
        .having(func.count() >= LEAST)
        .order_by(func.count().desc(), proposed.c.case_id)
        .limit(limit)
    )
    rows = session.execute(counted).all()
    cases = {case.id: case for case in session.scalars(select(Case).where(Case.id.in_([row[0] for row in rows])))}
    return [Flood(cases[case_id], waiting, due_at) for case_id, waiting, due_at in rows]


def reports_of(
    session: Session, case_id: UUID, *, now: datetime, limit: int, after: tuple[datetime, UUID] | None = None
) -> list[Report]:
    """The waiting reports for which this case is the nearest proposal, the next due first."""
    proposed = _proposed(session, now)
    statement = select(Report).join(proposed, proposed.c.id == Report.id).where(proposed.c.case_id == case_id)
    if after is not None:
        statement = statement.where(tuple_(Report.review_due_at, Report.id) > after)
    return list(session.scalars(statement.order_by(Report.review_due_at, Report.id).limit(limit)))


def merge_all(
    session: Session, case_id: UUID, chosen: Sequence[Chosen], *, evidence: str, by: Actor, now: datetime
) -> list[Answer]:
    """Let each chosen report join the case that is proposed for it, because of `evidence`; one refused leaves others.

    Raises NoSuchCaseToJoin, TooManyReports, ChosenTwice.
    """
    reports = _locked(session, chosen, now)
    if session.scalars(select(Case).where(Case.id == case_id).with_for_update()).one_or_none() is None:
        raise NoSuchCaseToJoin
    proposed = _proposed(session, now)
    of_it = set(session.scalars(select(proposed.c.id).where(proposed.c.case_id == case_id)))

    def join(report: Report) -> None:
        if report.id not in of_it:
            raise NotOfThisFlood
        mark_seen(session, report, by=by, now=now)
        merge(session, report, case_id, place(session, report), evidence=evidence, by=by, now=now)

    return [_one(session, one, reports.get(one.id), join) for one in chosen]


def reply_all(session: Session, chosen: Sequence[Chosen], *, text: str, by: Actor, now: datetime) -> list[Answer]:
    """Tell each chosen report's reporter the same text, which is checked for each; under their own code alone (M20).

    Raises TooManyReports, ChosenTwice.
    """
    reports = _locked(session, chosen, now)
    return [
        _one(session, one, reports.get(one.id), lambda report: reply(session, report, text=text, by=by, now=now))
        for one in chosen
    ]


def _proposed(session: Session, now: datetime) -> Any:
    """Each waiting report that may join with others, and its nearest case."""
    return (
        select(Report.id, Report.review_due_at, likely(session, now=now).label("case_id"))
        .where(Report.state == "in_review", Report.waits_for.in_(TOGETHER))
        .subquery()
    )


def _locked(session: Session, chosen: Sequence[Chosen], now: datetime) -> dict[UUID, Report]:
    """All at once and in the order of their ids, before any case: whoever holds a report may wait for a case."""
    most: int = policy.value(session, "bulk_most_cases", now)
    if len(chosen) > most:
        raise TooManyReports(most=most)
    ids = {one.id for one in chosen}
    if len(ids) < len(chosen):
        raise ChosenTwice
    found = select(Report).where(Report.id.in_(ids)).order_by(Report.id).with_for_update()
    return {report.id: report for report in session.scalars(found.execution_options(populate_existing=True))}


def _one(session: Session, one: Chosen, report: Report | None, act: Callable[[Report], object]) -> Answer:
    try:
        with session.begin_nested():
            if report is None:
                raise NoSuchReport
            if report.version != one.version:
                raise Stale(current={"id": str(report.id), "state": report.state, "version": report.version})
            act(report)
            session.flush()
            return Answer(report.id, version=report.version)
    except Refusal as refusal:
        return Answer(one.id, code=refusal.code, detail=refusal.message, told=refusal.extra)
