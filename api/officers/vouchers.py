"""/o/v1/vouchers…: finance pays whoever brings the code; no case and no report stands here (C11, X38)."""

from typing import Annotated, Any, Literal

from fastapi import Depends
from pydantic import Field

from api.dependencies import CurrentActor, Now, OfficerSession, SeenVersion
from api.officers.bodies import Body, Long, Short
from api.officers.shapes import plain
from api.paging import Page
from api.rights import Scope, may
from api.routes import officers_router
from cases import rewarding
from cases.intake.codes import REFERENCE_SYMBOLS
from cases.lifecycle.reward import VOUCHER_MOVES
from cases.models.reward import Voucher
from cases.rewarding.vouchers import SEE

router = officers_router("/vouchers", tags=["officers"])
LIST = "vouchers"
VOUCHER = "number state version amount_fen named issued_on prepared_by prepared_at paid_by paid_at receipt check_note"
LONGEST = REFERENCE_SYMBOLS * 2


class Code(Body):
    """What the person at the counter says, and the number of the document they show."""

    collection_code: Short
    id_number: Annotated[str, Field(max_length=30)] = ""


class Payment(Body):
    """Finance's own number of the payment."""

    receipt: Short


class Check(Body):
    """What was asked, and what came of it."""

    note: Long


def the_voucher(number: str, session: OfficerSession, actor: CurrentActor, seen: SeenVersion) -> Voucher:
    """The voucher of the path, locked, in the version that the officer saw."""
    return rewarding.lock_voucher(session, number[:LONGEST], by=actor, expected_version=seen)


TheVoucher = Annotated[Voucher, Depends(the_voucher)]


@router.get("", name="list_vouchers")
@may(SEE, scope=Scope.DISTRICT)
def list_vouchers(
    session: OfficerSession,
    actor: CurrentActor,
    page: Page,
    state: Literal["held", "issued", "prepared", "paid", "cancelled"] = "issued",
) -> dict[str, Any]:
    """The vouchers in a state, the oldest first."""
    rows = rewarding.vouchers_waiting(session, state, by=actor, limit=page.limit, after=page.after(LIST))
    return {
        "items": [plain(voucher, VOUCHER) for voucher in rows],
        "next": page.next(LIST, rows, lambda voucher: (voucher.issued_on, str(voucher.id))),
    }


@router.post("/{number}/release", status_code=201, name="release_voucher")
@may(VOUCHER_MOVES["release"], scope=Scope.DISTRICT)
def release_voucher(voucher: TheVoucher, body: Check, actor: CurrentActor, now: Now) -> Any:
    """F60: drawn by lot, asked about by the safety office, and free."""
    return plain(rewarding.release(voucher, note=body.note, by=actor, now=now), VOUCHER)


@router.post("/{number}/preparation", status_code=201, name="prepare_voucher")
@may(VOUCHER_MOVES["prepare"], scope=Scope.DISTRICT)
def prepare_voucher(voucher: TheVoucher, body: Code, actor: CurrentActor, now: Now) -> Any:
    """C11: somebody stands there with the code."""
    shown = {"code": body.collection_code, "id_number": body.id_number}
    return plain(rewarding.prepare(voucher, **shown, by=actor, now=now), VOUCHER)


@router.post("/{number}/payment", status_code=201, name="pay_voucher")
@may(VOUCHER_MOVES["pay"], scope=Scope.DISTRICT)
def pay_voucher(voucher: TheVoucher, body: Payment, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """C11: another person pays."""
    return plain(rewarding.pay(session, voucher, receipt=body.receipt, by=actor, now=now), VOUCHER)
