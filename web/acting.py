"""POST /track/acts: rate the reply, or ask for a review, from the page of a report (R8, R10).

The page carries the code sealed, never written; an act has an id of its own, so that sending it twice does it once.
Works without a script.
"""

import unicodedata
from dataclasses import replace
from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session

from api.dependencies import CitizenSession, Now
from cases import intake
from cases.intake import Addition, AnswerIdReused, Mistyped, NotOpen, UnknownCode
from kit.tickets import unseal
from web import words
from web.tracking import TICKET, Acting, again, shown, slowed

router = APIRouter(include_in_schema=False)
LONGEST_TEXT = 2000
RATINGS = range(1, 6)


class Unfit(ValueError):
    """What was filled in is not enough, or cannot be; its words are for the page."""


@router.get("/track/acts", name="act_again")
def act_again() -> RedirectResponse:
    """Whoever keeps the address comes back to the form."""
    return RedirectResponse("/#track", 303)


@router.post("/track/acts", name="act_page")
def act_page(
    request: Request,
    session: CitizenSession,
    now: Now,
    ticket: Annotated[str, Form(max_length=500)] = "",
    act_id: Annotated[str, Form(max_length=40)] = "",
    kind: Annotated[str, Form(max_length=20)] = "",
    satisfaction: Annotated[str, Form(max_length=2)] = "",
    enough: Annotated[str, Form(max_length=3)] = "",
    text: Annotated[str, Form(max_length=20_000)] = "",
) -> HTMLResponse:
    """Do it, and show the page again with what was taken; a fault is told beside the form, with what was written."""
    slow = slowed(request, "", now)
    if slow is not None:
        return slow
    typed = unseal(TICKET, ticket, now=now)
    if typed is None:
        return again(request, "", 403, words.LEFT_OPEN)
    said = _plain(text)
    try:
        addition = _addition(typed, act_id, kind, satisfaction, said, enough=enough == "yes")
        _add_once(session, addition, now)
    except Unfit as unfit:
        return _shown(request, session, Acting(typed, fault=str(unfit), at=kind, text=said), now, 422)
    except NotOpen:
        return _shown(request, session, Acting(typed, fault=words.NOT_OPEN, at="any"), now, 409)
    except (Mistyped, UnknownCode):
        return again(request, "", 404, words.UNKNOWN)
    return _shown(request, session, Acting(typed, taken=words.TAKEN[kind]), now, 200)


def _add_once(session: Session, addition: Addition, now: datetime) -> None:
    """Add it; whoever went back in the browser and changed their mind means another act, not the same."""
    try:
        intake.add(session, addition, now=now)
    except AnswerIdReused:
        intake.add(session, replace(addition, client_id=uuid4()), now=now)


def _addition(typed: str, act_id: str, kind: str, satisfaction: str, text: str, *, enough: bool) -> Addition:
    """What was filled in, as the phone would have said it. Raises Unfit."""
    if kind not in words.TAKEN:
        raise Unfit(words.NOT_OPEN)
    if len(text) > LONGEST_TEXT or any(unicodedata.category(sign) == "Cc" and sign != "\n" for sign in text):
        raise Unfit(words.TOO_LONG)
    try:
        client_id = UUID(act_id)
    except ValueError as wrong:
        raise Unfit(words.NOT_OPEN) from wrong
    if kind == "rating":
        if satisfaction not in {str(each) for each in RATINGS}:
            raise Unfit(words.RATE_HOW)
        stars = int(satisfaction)
        said = intake.fingerprint(kind, None, text, stars, enough=enough)
        return Addition(client_id, said, typed, kind, None, text, stars, enough)
    if not text:
        raise Unfit(words.REVIEW_WHY)
    return Addition(client_id, intake.fingerprint(kind, None, text), typed, kind, None, text)


def _plain(text: str) -> str:
    """As the phone sends it: one kind of line end, nothing around it."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()


def _shown(request: Request, session: Session, acting: Acting, now: datetime, status: int) -> HTMLResponse:
    return shown(request, intake.progress(session, acting.typed, now=now), acting, now=now, status=status)
