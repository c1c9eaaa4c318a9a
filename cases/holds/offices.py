"""Who hears of a hold: every office that has the case in hand, or the one department, and the safety office."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import notices
from cases.lifecycle.guards import HANDLING
from cases.lifecycle.hold import LIVE
from cases.models.case import Case, Task
from cases.models.pause import Hold
from people.models import Account, Org


def tell(session: Session, case: Case, hold: Hold, kind: str, what: str, *, now: datetime) -> None:
    """Tell every office that has the case in hand, or the one whose task waits, and the safety office, each once."""
    theirs = [Task.case_id == case.id, Task.state.in_(LIVE), Task.kind.in_(HANDLING)]
    if hold.task_id is not None:
        theirs.append(Task.id == hold.task_id)
    text = _text(case, f"{which(session, hold)}{what}")
    for org_id in session.scalars(select(Task.org_id).where(*theirs).distinct().order_by(Task.org_id)).all():
        notices.tell(session, org_id, kind, text, now=now, case_id=case.id)
    notices.tell_safety_office(session, kind, text, now=now, case_id=case.id)


def which(session: Session, hold: Hold) -> str:
    """Whose hold it is, where it is a department's own; the whole case's needs no word."""
    return f"{_department(session, hold).name_zh}的" if hold.task_id is not None else ""


def of_whom(session: Session, hold: Hold) -> dict[str, str]:
    """The same for the trail."""
    return {"department": _department(session, hold).code} if hold.task_id is not None else {}


def _department(session: Session, hold: Hold) -> Org:
    return session.get_one(Org, session.get_one(Task, hold.task_id).org_id)


def tell_who_asked(session: Session, case: Case, hold: Hold, kind: str, what: str, *, now: datetime) -> None:
    """Tell the person who asked, or who stands in."""
    org_id = session.get_one(Account, hold.requested_by).org_id
    notices.tell_people(session, org_id, [hold.requested_by], kind, _text(case, what), now=now, case_id=case.id)


def _text(case: Case, what: str) -> str:
    return f"案件 {case.number}：{what}"
