"""POST /track/claims: claim a reward from the page of a report, by its second secret, with or without a name (C11)."""

import re
import unicodedata
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session

from api.dependencies import CitizenSession, Now
from cases import intake, policy, rewarding
from cases.intake import Mistyped, UnknownCode
from cases.intake.codes import collection_code, grouped, number_as_read
from cases.lifecycle.reward import TooLate, Undeclared
from cases.models.reward import Voucher as Stored
from kit.errors import Refusal
from kit.tickets import unseal
from web import words
from web.tracking import LONGEST, TICKET, Acting, Voucher, again, shown, slowed

router = APIRouter(include_in_schema=False)
CLAIM = "claim"
ID_NUMBER = re.compile("[0-9A-Za-z]{6,30}")
FAULTS: dict[type[Refusal], tuple[str, int]] = {
    Mistyped: (words.WRONG_CLAIM, 422),
    UnknownCode: (words.WRONG_CLAIM, 422),  # of the two secrets the first was good: the page carries it
    Undeclared: (words.UNDECLARED, 422),
    rewarding.SayWhoCollects: (words.SAY_WHO, 422),
    rewarding.CapReached: (words.CAP_REACHED, 409),
    rewarding.NothingToClaim: (words.NO_CLAIM, 409),
    TooLate: (words.NO_CLAIM, 409),
}


@router.get("/track/claims", name="claim_again")
def claim_again() -> RedirectResponse:
    """Whoever keeps the address comes back to the form."""
    return RedirectResponse("/#track", 303)


@router.post("/track/claims", name="claim_page")
def claim_page(
    request: Request,
    session: CitizenSession,
    now: Now,
    ticket: Annotated[str, Form(max_length=500)] = "",
    claim_secret: Annotated[str, Form(max_length=200)] = "",
    declares: Annotated[str, Form(max_length=3)] = "",
    id_number: Annotated[str, Form(max_length=100)] = "",
) -> HTMLResponse:
    """Claim it, and show the vouchers; sent again, the same ones. A fault is told beside the form."""
    slow = slowed(request, "", now)
    if slow is not None:
        return slow
    typed = unseal(TICKET, ticket, now=now)
    if typed is None:
        return again(request, "", 403, words.LEFT_OPEN)
    try:
        found = intake.progress(session, typed, now=now)
    except UnknownCode:
        return again(request, "", 404, words.UNKNOWN)
    who = _read(id_number)
    if who and not ID_NUMBER.fullmatch(who):
        acting, status = Acting(typed, fault=words.WRONG_ID, at=CLAIM), 422
    else:
        claim = rewarding.Claim(typed, _read(claim_secret)[:LONGEST], declares == "yes", who or None)
        acting, status = _claimed(session, claim, now)
        found = intake.progress(session, typed, now=now)
    return shown(request, found, acting, now=now, status=status)


def _claimed(session: Session, claim: rewarding.Claim, now: datetime) -> tuple[Acting, int]:
    try:
        _, vouchers, _ = rewarding.claim(session, claim, now=now)
    except tuple(FAULTS) as refusal:
        fault, status = FAULTS[type(refusal)]
        return Acting(claim.tracking_code, fault=fault, at=CLAIM), status
    where = policy.value(session, "reward_paid_where", now)["zh"]
    taken = tuple(_told(voucher) for voucher in vouchers)
    return Acting(claim.tracking_code, taken=words.CLAIMED, vouchers=taken, where=where), 200


def _told(voucher: Stored) -> Voucher:
    code = grouped(collection_code(voucher.id))
    return Voucher(number_as_read(voucher.number), code, voucher.amount_fen // 100)


def _read(typed: str) -> str:
    """As it was meant: full-width signs as they are on paper, without what stands around it."""
    return unicodedata.normalize("NFKC", typed).strip()
