"""送达回证: how an order reached the unit that it binds: handed over, left, posted or made public (M39, F10)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import ties, trail
from cases.handling.copies import may_deliver
from cases.handling.visit import known
from cases.journey import Kind
from cases.lifecycle.certified import enough_people
from cases.lifecycle.guards import Incomplete
from cases.lifecycle.rounds import verdict_of
from cases.models.case import Case
from cases.models.delivery import OrderDelivery
from cases.models.handling import Order, Visit
from kit.errors import Conflict, Invalid, NotFound
from people.actors import Actor

IN_PERSON = ("direct", "left")


class NoSuchOrder(NotFound):
    """This case has no such order."""

    code = "order.unknown"


class OrderDelivered(Conflict):
    """The receipt of this order is written; it does not change."""

    code = "order.delivered"


class OutOfTime(Invalid):
    """An order is delivered after it was issued, and before its receipt is written."""

    code = "order.delivery_out_of_time"
    pointer = "/delivered_at"


@dataclass(frozen=True)
class Receipt:
    """What the receipt says. `how` is direct, left, post or public; `companion_ids` are those who went along."""

    how: str
    delivered_at: datetime
    companion_ids: Sequence[int] = ()
    recipient: str = ""
    capacity: str = ""
    witnesses: Sequence[str] = ()
    filmed: bool = False
    note: str = ""


def deliver_order(
    session: Session, case: Case, *, order_id: UUID, receipt: Receipt, by: Actor, now: datetime
) -> OrderDelivery:
    """Write the receipt of an order of a locked case.

    After an enforcement check whoever hands it over or leaves it is as many certified officers as the check (F21).
    Raises MayNotDeliver, NoSuchOrder, OrderDelivered, OutOfTime, Incomplete, UnknownCompanion, NotCertified.
    """
    may_deliver(by)
    order = session.scalars(select(Order).where(Order.case_id == case.id, Order.id == order_id)).one_or_none()
    if order is None:
        raise NoSuchOrder
    if session.scalar(select(OrderDelivery.id).where(OrderDelivery.order_id == order.id)) is not None:
        raise OrderDelivered
    if not order.issued_at <= receipt.delivered_at <= now:
        raise OutOfTime
    lacking = missing(receipt)
    if lacking:
        raise Incomplete("The receipt is not whole.", missing=lacking, pointer=f"/{lacking[0]}")
    known(session, receipt.companion_ids)
    ties.screen(session, case, receipt.companion_ids)
    if receipt.how in IN_PERSON:
        enough_people(
            session=session, case=case, by=by, now=receipt.delivered_at, visit_kind=_kind_of_check(session, order),
            companion_ids=receipt.companion_ids,
        )  # fmt: skip
    return _write(session, case, order, receipt, by=by, now=now)


def missing(receipt: Receipt) -> list[str]:
    """What a receipt of its kind still has to say.

    Handed over or posted: to whom. Left, posted or made public: why and where. Left: witnesses, or a film of it.
    """
    named, told = receipt.recipient.strip(), receipt.note.strip()
    witnessed = receipt.filmed or any(name.strip() for name in receipt.witnesses)
    lacking = ["recipient"] * (receipt.how in {"direct", "post"} and not named)
    lacking += ["note"] * (receipt.how != "direct" and not told)
    return lacking + ["witnesses"] * (receipt.how == "left" and not witnessed)


def _kind_of_check(session: Session, order: Order) -> str:
    """Which kind of visit the order rests on."""
    verdict = verdict_of(session, order)
    return session.get_one(Visit, verdict.visit_id).kind if verdict else "verification"


def _write(
    session: Session, case: Case, order: Order, receipt: Receipt, *, by: Actor, now: datetime
) -> OrderDelivery:  # fmt: skip
    said = asdict(receipt)
    officers = dict.fromkeys([by.account_id, *said.pop("companion_ids")])
    said["witnesses"] = [name for name in said["witnesses"] if name.strip()]
    written = OrderDelivery(
        case_id=case.id, order_id=order.id, officer_ids=list(officers), recorded_by=by.account_id, recorded_at=now,
        **said,
    )  # fmt: skip
    session.add(written)
    session.flush()
    case.version += 1
    trail.record(session, case, Kind.ORDER_DELIVERED, by=by, now=now, number=order.number, how=receipt.how)
    return written
