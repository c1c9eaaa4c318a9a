"""POST /track/acts: what a reporter does from the page of a report (R3, R8, R9, R10, C12 Q4, Q9).

Answer a question, add to the report, write to the desk, rate the reply, ask for a review, withdraw, tell of
retaliation.

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
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from api.dependencies import CitizenSession, Now
from cases import intake
from cases.intake import Addition, AnswerIdReused, Mistyped, NotOpen, UnknownCode
from kit.errors import TooMany
from kit.tickets import unseal
from web import words
from web.tracking import TICKET, Acting, again, shown, slowed

router = APIRouter(include_in_schema=False)
LONGEST_TEXT = 2000
RATINGS = range(1, 6)


class Filled(BaseModel):
    """A form as it was sent: everything is text, and may be missing."""

    ticket: Annotated[str, Field(max_length=500)] = ""
    act_id: Annotated[str, Field(max_length=40)] = ""
    kind: Annotated[str, Field(max_length=20)] = ""
    question_id: Annotated[str, Field(max_length=40)] = ""
    satisfaction: Annotated[str, Field(max_length=2)] = ""
    enough: Annotated[str, Field(max_length=3)] = ""
    sure: Annotated[str, Field(max_length=3)] = ""
    text: Annotated[str, Field(max_length=20_000)] = ""


class Unfit(ValueError):
    """What was filled in is not enough, or cannot be; its words are for the page."""


@router.get("/track/acts", name="act_again")
def act_again() -> RedirectResponse:
    """Whoever keeps the address comes back to the form."""
    return RedirectResponse("/#track", 303)


@router.post("/track/acts", name="act_page")
def act_page(request: Request, session: CitizenSession, now: Now, filled: Annotated[Filled, Form()]) -> HTMLResponse:
    """Do it, and show the page again with what was taken; a fault is told beside the form, with what was written."""
    slow = slowed(request, "", now)
    if slow is not None:
        return slow
    typed = unseal(TICKET, filled.ticket, now=now)
    if typed is None:
        return again(request, "", 403, words.LEFT_OPEN)
    try:
        acting, status = _done(session, typed, filled, now)
        return shown(request, intake.progress(session, typed, now=now), acting, now=now, status=status)
    except (Mistyped, UnknownCode):
        return again(request, "", 404, words.UNKNOWN)


def _done(session: Session, typed: str, filled: Filled, now: datetime) -> tuple[Acting, int]:
    kind, text = filled.kind, _plain(filled.text)
    try:
        _add_once(session, _addition(typed, filled, text), now)
    except Unfit as unfit:
        return Acting(typed, fault=str(unfit), at=kind, text=text), 422
    except TooMany:
        return Acting(typed, fault=words.ENOUGH_TODAY, at=kind, text=text), 429
    except NotOpen:
        return Acting(typed, fault=words.NOT_OPEN, at="any"), 409
    return Acting(typed, taken=words.TAKEN[kind]), 200


def _add_once(session: Session, addition: Addition, now: datetime) -> None:
    """Add it; whoever went back in the browser and changed their mind means another act, not the same."""
    try:
        intake.add(session, addition, now=now)
    except AnswerIdReused:
        intake.add(session, replace(addition, client_id=uuid4()), now=now)


def _addition(typed: str, filled: Filled, text: str) -> Addition:
    """What was filled in, as the phone would have said it. Raises Unfit."""
    kind = filled.kind
    if kind not in words.TAKEN:
        raise Unfit(words.NOT_OPEN)
    if len(text) > LONGEST_TEXT or any(unicodedata.category(sign) == "Cc" and sign != "\n" for sign in text):
        raise Unfit(words.TOO_LONG)
    if kind in words.UNSAID and not text:
        raise Unfit(words.UNSAID[kind])
    if kind == "withdrawal" and filled.sure != "yes":
        raise Unfit(words.SURE)
    stars, enough = _rating(filled) if kind == "rating" else (None, False)
    question_id = _id(filled.question_id) if kind == "answer" else None
    said = intake.fingerprint(kind, question_id, text, stars, enough=enough)
    return Addition(_id(filled.act_id), said, typed, kind, question_id, text, stars, enough)


def _rating(filled: Filled) -> tuple[int, bool]:
    if filled.satisfaction not in {str(each) for each in RATINGS}:
        raise Unfit(words.RATE_HOW)
    return int(filled.satisfaction), filled.enough == "yes"


def _id(said: str) -> UUID:
    try:
        return UUID(said)
    except ValueError as wrong:
        raise Unfit(words.NOT_OPEN) from wrong


def _plain(text: str) -> str:
    """As the phone sends it: one kind of line end, nothing around it."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
