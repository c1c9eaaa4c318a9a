"""The desk corrects itself: a case that nobody has signed for yet goes to another owner, or under another category."""

from datetime import datetime

from sqlalchemy.orm import Session

from cases import clocks, notices
from cases.lifecycle import case as machine
from cases.lifecycle.machine import check
from cases.models.case import Case
from cases.models.dispute import ReturnRequest
from cases.routing import had_it_before, main_task, redispatch
from people.actors import Actor
from people.models import Org


def move_on(
    session: Session, case: Case, *, to: Org, why: str, by: Actor, now: datetime, category_code: str | None = None
) -> ReturnRequest | None:
    """Dispatch a locked case anew, with full new clocks for its new owner; intake is charged with the mistake.

    An office that had it before does not get it back from the desk: that is a circle (X14), which goes to the safety
    office at once; its request is given. Raises ArbitratedAlready, NotAnOwner, ForTheGroup, NotInState.
    """
    check(case, machine.CASE_MOVES["redispatch"], by=by)
    if had_it_before(session, case, to):
        return _contest(session, case, to=to, why=why, by=by, now=now)
    before = case.responsible_org_id
    redispatch(session, case, to=to, move="redispatch", why=why, by=by, now=now, category_code=category_code)
    if before is not None and before != to.id:
        notices.tell(session, before, "recalled", f"案件 {case.number} 派遣有误，已由受理台收回", now=now)
    return None


def _contest(session: Session, case: Case, *, to: Org, why: str, by: Actor, now: datetime) -> ReturnRequest:
    task = main_task(session, case)
    machine.move(session, case, "contest", by=by, now=now, trail_={"to": to.code, "why": why})
    request = ReturnRequest(
        case_id=case.id, task_id=task.id, of_main=True, origin="circle", org_id=task.org_id, reason_code=None,
        text=why, proposed_org_id=to.id, circle=True, asked_by=by.account_id, asked_at=now,
        due_at=clocks.allowed_until(session, case, "arbitrate", now=now) or now, state="requested", version=1,
    )  # fmt: skip
    session.add(request)
    session.flush()
    text = f"案件 {case.number} 在两家单位之间来回派遣，请立即裁定"
    notices.tell_district(session, "circle", text, now=now, case_id=case.id)
    return request
