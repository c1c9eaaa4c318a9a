"""POST /track: how a report is doing, for whoever holds its code, which travels in the body and never in an address."""

import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.dependencies import CitizenSession, Now, host_of
from cases import intake
from cases.intake import Mistyped, Progress, TrackingThrottled, UnknownCode
from kit.days import day
from kit.tickets import seal
from web import words
from web.rendering import page

router = APIRouter(include_in_schema=False)
TICKET = "track"
OPEN_FOR = timedelta(minutes=30)  # a page that was left open acts no longer
LONGEST = 64  # what people type of 16 symbols, with blanks and hyphens
# What a reporter may do now, and the form for it.
FORMS = {
    "answer": "answer", "supplement": "supplement", "message": "message", "rate": "rating",
    "ask_review": "review_request", "withdraw": "withdrawal", "retaliation": "retaliation",
}  # fmt: skip
CLAIMABLE = ("notified", "claimed")  # who claimed may read their vouchers again


@router.get("/track", name="track_again")
def track_again() -> RedirectResponse:
    """Whoever reloads or keeps the address comes back to the form; no code was ever part of the address."""
    return RedirectResponse("/#track", 303)


@router.post("/track", name="track_page")
def track_page(request: Request, session: CitizenSession, now: Now, code: Annotated[str, Form()] = "") -> HTMLResponse:
    """The progress of a report; a mistyped or unknown code is told beside the form, with what was typed still in it."""
    typed = unicodedata.normalize("NFKC", code[:LONGEST]).strip()
    slow = slowed(request, typed, now)
    if slow is not None:
        return slow
    if not typed:
        return again(request, typed, 422, words.EMPTY)
    try:
        found = intake.progress(session, typed, now=now)
    except Mistyped:
        return again(request, typed, 422, words.MISTYPED)
    except UnknownCode:
        return again(request, typed, 404, words.UNKNOWN)
    return shown(request, found, Acting(typed), now=now)


@dataclass(frozen=True)
class Voucher:
    """What is brought to the counter: whoever says the code is paid."""

    number: str
    collection_code: str
    amount_yuan: int


@dataclass(frozen=True)
class Acting:
    """What the page says of an act: what was taken, or what is at fault in which form, with the words written there.

    `typed` is the code, which the page carries sealed; `vouchers` are shown to whoever has just claimed a reward.
    """

    typed: str
    taken: str = ""
    fault: str = ""
    at: str = ""
    text: str = ""
    vouchers: tuple[Voucher, ...] = ()
    where: str = ""


def shown(request: Request, found: Progress, acting: Acting, *, now: datetime, status: int = 200) -> HTMLResponse:
    """The progress of a report with the forms of what its reporter may do now."""
    text, due_at = _next(found)
    forms = [FORMS[each] for each in found.can]
    forms += ["photo"] if "supplement" in found.can else []
    forms += ["claim"] * (found.reward is not None and found.reward.state in CLAIMABLE)
    return page(
        request, "tracked.html", status=status, found=found, lines=_lines(found), photos=_photos(found),
        next_text=text, next_at=due_at, acting=acting, forms=forms, act_ids={kind: uuid4() for kind in forms},
        ticket=seal(TICKET, acting.typed, until=now + OPEN_FOR),
    )  # fmt: skip


def slowed(request: Request, typed: str, now: datetime) -> HTMLResponse | None:
    """What is told when too much is tried from one place; None where all is well."""
    try:
        intake.slow_guessing(host_of(request), now=now)
    except TrackingThrottled as slow:
        return again(request, typed, 429, words.THROTTLED.format(minutes=-(-slow.wait_s // 60)))
    return None


def again(request: Request, typed: str, status: int, fault: str) -> HTMLResponse:
    """The form anew, with what was typed still in it."""
    return page(request, "track.html", status=status, code=typed, fault=fault)


def _lines(found: Progress) -> list[tuple[datetime, str]]:
    """What the reporter may be told, oldest first; entries that mean nothing to them are left out."""
    told = [(event, words.EVENTS.get(str(event.body.get("stage", event.kind)))) for event in found.events]
    return [(event.at, text.format(until=_day(event.body.get("until")))) for event, text in told if text]


def _day(said: str | None) -> str:
    return day(date.fromisoformat(said)) if said else ""


def _photos(found: Progress) -> Counter[str]:
    return Counter(words.PHOTO_STATES.get(photo.state, photo.state) for photo in found.photos)


def _next(found: Progress) -> tuple[str, datetime | None]:
    report = found.report
    if report.state in {"submitted", "in_review"}:
        return words.WAITING, report.review_due_at
    if report.state in {"accepted", "verifying"}:
        return words.HANDLING, report.reply_due_at
    if report.state == "replied" and found.told is not None:
        return (words.ENOUGH, None) if found.told.enough else (words.UNTIL_OBJECTION, found.told.review_until)
    if report.state == "review_requested":
        return words.REVIEWING, report.reply_due_at
    return "", None
