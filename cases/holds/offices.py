"""Who hears of a hold: every office that has the case in hand, and the safety office that decides."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import notices
from cases.lifecycle.guards import HANDLING
from cases.models.case import Case, Task
from cases.models.pause import Hold
from people.models import Account


def tell(session: Session, case: Case, kind: str, what: str, *, now: datetime) -> None:
    """Tell every office that has the case in hand, and the safety office, each once."""
    theirs = (Task.case_id == case.id, Task.state.in_(("open", "signed")), Task.kind.in_(HANDLING))
    live = select(Task.org_id).where(*theirs).distinct()
    for org_id in session.scalars(live.order_by(Task.org_id)).all():
        notices.tell(session, org_id, kind, _text(case, what), now=now, case_id=case.id)
    notices.tell_safety_office(session, kind, _text(case, what), now=now, case_id=case.id)


def tell_who_asked(session: Session, case: Case, hold: Hold, kind: str, what: str, *, now: datetime) -> None:
    """Tell the person who asked, or who stands in."""
    org_id = session.get_one(Account, hold.requested_by).org_id
    notices.tell_people(session, org_id, [hold.requested_by], kind, _text(case, what), now=now, case_id=case.id)


def _text(case: Case, what: str) -> str:
    return f"案件 {case.number}：{what}"
