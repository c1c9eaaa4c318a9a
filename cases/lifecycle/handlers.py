"""Who has had a hand in a case, so that others look at it afterwards (M64, X25, R8, C2)."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.journey import Kind
from cases.lifecycle.finders import OFFICER, found_by
from cases.lifecycle.guards import HANDLING
from cases.models.aftercare import LookBack, Review
from cases.models.case import Case, CaseEvent, Task
from cases.models.handling import Acceptance, Completion, Order, Verdict, Visit
from cases.models.second_look import SecondLook


def people(session: Session, case: Case) -> frozenset[int]:
    """Every account that visited, decided, accepted, looked again at or closed the case, in any of its rounds."""
    return frozenset(_people(session, case))


def handled(session: Session, case: Case) -> frozenset[int]:
    """Every account that found it, visited, concluded, approved, ordered or stated completion, in any of its rounds."""
    return frozenset(_handled(session, case))


def afterwards(session: Session, case: Case) -> frozenset[int]:
    """Every account that has looked back at the case or reviewed it before."""
    looked = select(LookBack.assignee_id).where(LookBack.case_id == case.id, LookBack.done_at.is_not(None))
    reviewed = select(Review.assignee_id).where(Review.case_id == case.id, Review.decided_at.is_not(None))
    found = (*session.scalars(looked), *session.scalars(reviewed))
    return frozenset(each for each in found if each is not None)


def bodies(session: Session, case: Case, *kinds: str) -> frozenset[int]:
    """Every body that has had a task of these kinds in the case, or of any that handles it; also one taken back."""
    of = Task.kind.in_(kinds or HANDLING)
    return frozenset(session.scalars(select(Task.org_id).where(Task.case_id == case.id, of)))


def _handled(session: Session, case: Case) -> Iterator[int]:
    yield from found_by(session, case)
    for officer, companions in session.execute(
        select(Visit.officer_id, Visit.companion_ids).where(Visit.case_id == case.id)
    ):
        yield from (officer, *companions)
    yield from _named_in(session, case, Verdict.proposed_by, Verdict.decided_by, Order.issued_by, Completion.stated_by)


def _people(session: Session, case: Case) -> Iterator[int]:
    yield from _handled(session, case)
    yield from _named_in(session, case, Acceptance.accepted_by, SecondLook.decided_by)
    named = select(Task.person_id).where(Task.case_id == case.id, Task.kind.in_(HANDLING))
    yield from (each for each in session.scalars(named) if each is not None)
    closed = select(CaseEvent.actor).where(CaseEvent.case_id == case.id, CaseEvent.kind == str(Kind.CLOSED))
    yield from (int(each.removeprefix(OFFICER)) for each in session.scalars(closed) if each.startswith(OFFICER))


def _named_in(session: Session, case: Case, *columns: Any) -> Iterator[int]:
    for column in columns:
        found = session.scalars(select(column).where(column.class_.case_id == case.id))
        yield from (each for each in found if each is not None)
