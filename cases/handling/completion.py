"""T13: state that the order was carried out, on the spot or later, or find that its time is over and nobody has."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import notices
from cases.handling.bring_in import say_if_nobody_is_left
from cases.lifecycle import accepting
from cases.lifecycle import case as machine
from cases.models.case import Case
from cases.models.handling import Completion, Order, Verdict
from kit.errors import Conflict
from people.actors import SYSTEM, Actor

ON_THE_SPOT = "现场核查时已当场整改完毕"
UNSTATED = "整改期限届满，未报告整改完成情况"


def complete(session: Session, case: Case, *, statement: str, by: Actor, now: datetime) -> Completion:
    """T13: the statement of completion of a locked case, with photos taken after. Raises Incomplete."""
    machine.move(session, case, "complete", by=by, now=now)
    return _write(session, case, statement, stated_by=by.account_id, now=now)


def done_on_spot(session: Session, case: Case, verdict: Verdict, *, now: datetime) -> Completion:
    """M48: a locked case that was fixed during the visit goes to acceptance with its order; its finder says so."""
    machine.move(session, case, "done_on_spot", by=SYSTEM, now=now)
    return _write(session, case, ON_THE_SPOT, stated_by=verdict.proposed_by, now=now)


def reach_deadline(session: Session, case: Case, *, now: datetime) -> bool:
    """T13: the time of a locked case's order is over and nobody has stated anything: it goes to acceptance as it is.

    So it is found unfit, and a decision follows, instead of waiting for a statement that never comes (M40). False where
    it is not so, or a decision is open. Safe to repeat.
    """
    try:
        machine.move(session, case, "reach_deadline", by=SYSTEM, now=now)
    except Conflict:
        return False
    _write(session, case, UNSTATED, stated_by=None, now=now)
    if case.responsible_org_id is not None:
        go = "" if accepting.by_others(session, case) else "，请到场验收"
        text = f"案件 {case.number}：整改期限届满，未报告整改完成情况{go}"
        notices.tell(session, case.responsible_org_id, "deadline_reached", text, now=now, case_id=case.id)
    return True


def _write(session: Session, case: Case, statement: str, *, stated_by: int | None, now: datetime) -> Completion:
    order = session.scalars(
        select(Order).where(Order.case_id == case.id).order_by(Order.issued_at.desc()).limit(1)
    ).one()
    completion = Completion(case_id=case.id, order_id=order.id, statement=statement, stated_by=stated_by, stated_at=now)
    session.add(completion)
    session.flush()
    say_if_nobody_is_left(session, case, now=now)
    _ask_another_body(session, case, now=now)
    return completion


def _ask_another_body(session: Session, case: Case, *, now: datetime) -> None:
    """M64: where another body accepts, it is told that it is its turn; whoever answers for the case sees it anyway."""
    org_id = accepting.whose(session, case) if accepting.by_others(session, case) else None
    if org_id is not None:
        text = f"案件 {case.number}：请派未经办的人员到场验收"
        notices.tell(session, org_id, "to_accept", text, now=now, case_id=case.id)
