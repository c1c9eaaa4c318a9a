"""Who found on patrol what a case is about: they may verify it, and neither decide about it nor accept it (T1, C2)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.journey import Kind
from cases.models.case import Case, CaseEvent

PATROL = "patrol"
OFFICER = "officer:"


def found_by(session: Session, case: Case) -> frozenset[int]:
    """The account that registered what it found; nobody for a case that a report opened."""
    if case.source != PATROL:
        return frozenset()
    entered = select(CaseEvent.actor).where(CaseEvent.case_id == case.id, CaseEvent.kind == str(Kind.REGISTERED))
    return frozenset(int(each.removeprefix(OFFICER)) for each in session.scalars(entered) if each.startswith(OFFICER))
