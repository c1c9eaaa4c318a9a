"""Jobs about the clocks of one case or the dates of one report: its row is locked first, then all is asked again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from cases import enforcing, handling, holds, provisional, supervision
from cases.models.case import Case
from cases.models.report import Report


def climb(session: Session, case_id: UUID, *, now: datetime) -> None:
    """See to the rungs that the case's clocks have reached, to orders that nobody answered, to what is owed (D8, M74).

    An order whose time is over goes to acceptance, whether anybody has stated anything or not (T13).
    """
    case = _locked(session, case_id)
    supervision.climb(session, case, now=now)
    supervision.tell_unanswered(session, case, now=now)
    supervision.tell_owed(session, case, now=now)
    handling.reach_deadline(session, case, now=now)


def watch_filing(session: Session, case_id: UUID, *, now: datetime) -> None:
    """See who has to file the case's penalty, and until when (M44)."""
    enforcing.watch_filing(session, _locked(session, case_id), now=now)


def owe_listing(session: Session, case_id: UUID, *, now: datetime) -> None:
    """See whether the safety office has to decide about listing the case (G-LIST)."""
    supervision.owe_listing(session, _locked(session, case_id), now=now)


def stand_in(session: Session, case_id: UUID, *, now: datetime) -> None:
    """Give the tasks of whoever is away to who stands in, and tell of what goes to no substitute (M15)."""
    supervision.pass_on(session, _locked(session, case_id), now=now)


def review_hold(session: Session, case_id: UUID, *, now: datetime) -> None:
    """See to the case's hold: tell that its review is near, end it when its time is over (T19, D6)."""
    holds.review(session, _locked(session, case_id), now=now)


def recount(session: Session, case_id: UUID, *, now: datetime) -> None:
    """Count the case's provisional deadlines again (D2)."""
    supervision.recount(session, _locked(session, case_id), now=now)


def recount_report(session: Session, report_id: UUID, *, now: datetime) -> None:
    """Count the provisional dates of a report again (D2)."""
    report = session.get_one(Report, report_id, with_for_update=True, populate_existing=True)
    provisional.recount(session, report, now=now)


def _locked(session: Session, case_id: UUID) -> Case:
    return session.get_one(Case, case_id, with_for_update=True)
