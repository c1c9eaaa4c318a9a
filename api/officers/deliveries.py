"""POST /o/v1/cases/{id}/orders/{order}/delivery: the receipt of an order, 送达回证 (M39, F10)."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StrictBool

from api.dependencies import CurrentActor, Now, OfficerSession
from api.officers.bodies import FIRST, LAST, Body, Optional, Short
from api.officers.cases import TheCase
from api.officers.shapes import DELIVERY, case_head, plain
from api.rights import may
from api.routes import officers_router
from cases import handling
from cases.handling import Receipt
from people.roles import HANDLERS

router = officers_router("/cases/{case_id}/orders/{order_id}", tags=["officers"])


class ReceiptIn(Body):
    """When and how the order reached the unit; who went along, who took it, who saw that it was refused."""

    how: Literal["direct", "left", "post", "public"]
    delivered_at: Annotated[AwareDatetime, Field(ge=FIRST, le=LAST)]
    companion_ids: list[int] = Field(default_factory=list, max_length=20)
    recipient: Short | None = None
    capacity: Short | None = None
    witnesses: list[Short] = Field(default_factory=list, max_length=10)
    filmed: StrictBool = False
    note: Optional = ""


@router.post("/delivery", status_code=201, name="deliver_order")
@may(HANDLERS)
def deliver_order(
    case: TheCase, order_id: UUID, body: ReceiptIn, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """Write how an order was delivered; once, and for good."""
    receipt = Receipt(
        body.how, body.delivered_at, body.companion_ids, body.recipient or "", body.capacity or "", body.witnesses,
        body.filmed, body.note,
    )  # fmt: skip
    written = handling.deliver_order(session, case, order_id=order_id, receipt=receipt, by=actor, now=now)
    return {**case_head(case), "delivery": plain(written, DELIVERY)}
