"""T16: the closing sheet: what was found, who did what, and every guard of C4.3 as it stands."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from cases import policy
from cases.journey import Kind
from cases.lifecycle import closing as guards
from cases.models.case import Case, CaseEvent, Task
from cases.models.handling import Acceptance, Completion, Order, Verdict, Visit
from cases.papers.content.persons import NoSuchSubject, Person, district_name, office_name, people, person
from kit.errors import Conflict

FINAL = frozenset({"closure_review", "closed", "look_back"})
T = TypeVar("T")


class NotClosing(Conflict):
    """A closing sheet is printed once the case waits for closing (T16)."""

    code = "paper.not_closing"
    message = "The case is not at its closing yet."


@dataclass(frozen=True)
class Line:
    """One thing that was done: when, by whom, with which result."""

    what: str
    at: datetime
    persons: tuple[Person, ...]
    text: str


@dataclass(frozen=True)
class Answer:
    """What one body answered to its task."""

    office: str
    kind: str
    state: str
    text: str


@dataclass(frozen=True)
class Guard:
    """One line of the panel, with what is missing where it is open."""

    code: str
    holds: bool
    missing: str


@dataclass(frozen=True)
class ClosingPaper:
    """The last sheet of a file."""

    number: str
    district: str
    office: str
    category: str
    urgency: str
    place: str
    opened_at: datetime
    outcome: str
    grade: str
    summary: str
    consequences: dict[str, Any]
    lines: tuple[Line, ...]
    answers: tuple[Answer, ...]
    guards: tuple[Guard, ...]
    closed_at: datetime | None
    closed_by: Person
    note: str


def closing(session: Session, case: Case, subject_id: UUID | None, now: datetime) -> ClosingPaper:
    """The sheet of a case that is closed or waits for it. Raises NotClosing."""
    if subject_id is not None:
        raise NoSuchSubject(pointer="/subject_id")
    if case.state not in FINAL:
        raise NotClosing(state=case.state)
    verdict = next(iter(_of(session, Verdict, case, Verdict.decided_at.desc(), Verdict.state == "approved")), None)
    closed = _closed(session, case)
    visits = _of(session, Visit, case, Visit.started_at, Visit.completed_at.is_not(None))
    return ClosingPaper(
        number=case.number, district=district_name(session, now), office=office_name(session, case.responsible_org_id),
        category=policy.category_version(session, case.category_code, case.category_version).zh,
        urgency=case.urgency, place=next((visit.place for visit in reversed(visits) if visit.place), ""),
        opened_at=case.opened_at, outcome=case.outcome or (verdict.outcome if verdict else ""), grade=case.grade,
        summary=verdict.summary if verdict else "", consequences=(verdict.consequences or {}) if verdict else {},
        lines=_lines(session, case, visits, verdict), answers=_answers(session, case),
        guards=_guards(session, case),
        closed_at=case.closed_at, closed_by=closed[0], note=closed[1],
    )  # fmt: skip


def _guards(session: Session, case: Case) -> tuple[Guard, ...]:
    states = guards.panel(session, case)
    return tuple(Guard(state.code, state.holds, "" if state.holds else state.zh) for state in states)


def _lines(session: Session, case: Case, visits: list[Visit], verdict: Verdict | None) -> tuple[Line, ...]:
    lines = [
        Line("visit", visit.completed_at or visit.started_at, people(session, [visit.officer_id, *visit.companion_ids]),
             visit.action or "")
        for visit in visits
    ]  # fmt: skip
    if verdict is not None and verdict.decided_at is not None:
        lines.append(Line("verdict", verdict.decided_at, (person(session, verdict.decided_by),), verdict.outcome))
    lines += [
        Line("order", one.issued_at, (person(session, one.issued_by),), one.number)
        for one in _of(session, Order, case, Order.issued_at)
    ]
    lines += [
        Line("completion", one.stated_at, (person(session, one.stated_by),) if one.stated_by else (), one.statement)
        for one in _of(session, Completion, case, Completion.stated_at)
    ]
    lines += [
        Line(f"acceptance_{one.result}", one.accepted_at, (person(session, one.accepted_by),), one.note)
        for one in _of(session, Acceptance, case, Acceptance.accepted_at)
    ]
    return tuple(sorted(lines, key=lambda line: line.at))


def _answers(session: Session, case: Case) -> tuple[Answer, ...]:
    tasks = select(Task).where(Task.case_id == case.id, Task.kind.in_(("lead", "coop")), Task.state != "cancelled")
    rows = session.scalars(tasks.options(joinedload(Task.org)).order_by(Task.created_at, Task.id))
    return tuple(Answer(task.org.name_zh, task.kind, task.state, task.answer or "") for task in rows)


def _closed(session: Session, case: Case) -> tuple[Person, str]:
    """Who closed it, and the note that was left."""
    entry = select(CaseEvent).where(CaseEvent.case_id == case.id, CaseEvent.kind == str(Kind.CLOSED))
    last = session.scalars(entry.order_by(CaseEvent.seq.desc()).limit(1)).first()
    if last is None:
        return Person("", ""), ""
    return Person(last.actor_name, office_name(session, last.org_id)), str(last.body.get("note", ""))


def _of(session: Session, table: type[T], case: Case, order: Any, *more: Any) -> list[T]:
    rows = select(table).where(table.case_id == case.id, *more)  # type: ignore[attr-defined]
    return list(session.scalars(rows.order_by(order)))
