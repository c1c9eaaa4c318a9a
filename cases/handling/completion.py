"""T13: state that the order was carried out."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.lifecycle import case as machine
from cases.models.case import Case
from cases.models.handling import Completion, Order
from people.actors import Actor


def complete(session: Session, case: Case, *, statement: str, by: Actor, now: datetime) -> Completion:
    """T13: the statement of completion of a locked case, with photos taken after. Raises Incomplete."""
    machine.move(session, case, "complete", by=by, now=now)
    order = session.scalars(
        select(Order).where(Order.case_id == case.id).order_by(Order.issued_at.desc()).limit(1)
    ).one()
    completion = Completion(
        case_id=case.id, order_id=order.id, statement=statement, stated_by=by.account_id, stated_at=now
    )
    session.add(completion)
    session.flush()
    return completion
