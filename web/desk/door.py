"""Who is at the console: a session in a cookie that no script reads and no other site sends, the same as /o/v1's.

It is looked up anew for each page, so that it ends with the request after it was ended. What is posted must come from a
page of ours (ADR 0026).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from api.dependencies import OFFICERS, Now, Seat, ThePolicy, officer_at_work
from kit.db import unit_of_work
from kit.errors import NotAllowed, Unidentified
from kit.settings import settings
from people import sessions
from people.actors import Actor

COOKIE: Final = "jz_desk"
HOME: Final = "/desk"
SIGN_IN: Final = "/desk/sign-in"
ACCOUNT: Final = "/desk/account"
FRESH_CODE: Final = "/desk/fresh-code"
READS: Final = frozenset({"GET", "HEAD"})


class ForeignForm(NotAllowed):
    """What was posted does not come from a page of the console."""

    code = "form.foreign"
    message = "This was not sent from a page of the console."


@dataclass(frozen=True)
class SignedIn:
    """Whose session a request comes in, and when."""

    actor: Actor
    token: str
    now: datetime


@dataclass(frozen=True)
class AtWork(SignedIn):
    """The same with a transaction in the database role of the actor's office; row-level security holds in it."""

    session: Session


async def own_form(request: Request) -> None:
    """Nothing is done for another site's page. Raises ForeignForm.

    A browser says by itself where a form was sent from: `Sec-Fetch-Site`, and where it does not know that, or the
    address is plain http, `Origin`. What says neither is no browser that officers use.
    """
    if request.method in READS:
        return
    site = request.headers.get("sec-fetch-site")
    if site is None:
        origin = urlsplit(request.headers.get("origin", "")).netloc
        ours = {request.headers.get("host"), urlsplit(settings().base_url).netloc}
        site = "same-origin" if origin and origin in ours else "elsewhere"
    if site != "same-origin":
        raise ForeignForm


async def cookie_token(request: Request) -> str:
    """The token of the browser's session. Raises Unidentified."""
    token = request.cookies.get(COOKIE)
    if not token:
        raise Unidentified
    return token


CookieToken = Annotated[str, Depends(cookie_token)]


def signed_in(token: CookieToken, policy: ThePolicy, now: Now) -> SignedIn:
    """Who is signed in and may open this page, found in a transaction of its own: none is held while the page is made.

    For pages that ask within, or wait for a file. Raises Unidentified, and what the page's policy refuses with.
    """
    with unit_of_work(OFFICERS) as session:
        actor = sessions.actor_of(session, token, now=now)
    policy.admit(actor)
    return SignedIn(actor, token, now)


def at_work(token: CookieToken, policy: ThePolicy, now: Now, _seat: Seat) -> Iterator[AtWork]:
    """Who is signed in, within the transaction of the page: it commits before the page is told."""
    with officer_at_work(token, policy, now=now) as (session, actor):
        yield AtWork(actor, token, now, session)


Known = Annotated[SignedIn, Depends(signed_in)]
Here = Annotated[AtWork, Depends(at_work, scope="function")]


def let_in(response: Response, request: Request, token: str) -> None:
    """Give the browser its session. It ends with the browser, or with the session itself, whichever comes first."""
    response.set_cookie(COOKIE, token, path=HOME, secure=_is_secret(request), httponly=True, samesite="strict")


def let_out(response: Response, request: Request) -> None:
    """Take it away again."""
    response.delete_cookie(COOKIE, path=HOME, secure=_is_secret(request), httponly=True, samesite="strict")


def place(said: str) -> str:
    """A page of the console to go on to; anything else is its first page."""
    is_ours = said == HOME or said.startswith((f"{HOME}/", f"{HOME}?"))
    return said if is_ours and said.isascii() and said.isprintable() and "\\" not in said else HOME


def _is_secret(request: Request) -> bool:
    """Whether people reach this over TLS: then the cookie never travels without."""
    return request.url.scheme == "https" or settings().base_url.startswith("https:")
