"""Signing in, the same for a program (/o/v1/sessions) and a browser (/desk/sign-in): one throttle, one count."""

from datetime import datetime

from api.dependencies import OFFICERS
from kit.db import unit_of_work
from people import sign_in
from people.sign_in import SignedIn, WrongCredentials


def signed_in(host: str, username: str, password: str, code: str | None, *, now: datetime) -> SignedIn:
    """A session for the right name, password and code. Raises WrongCredentials, CodeWanted, WaitBeforeSignIn."""
    sign_in.check_place(host, now=now)
    with unit_of_work(OFFICERS) as session:
        signed = sign_in.sign_in(session, username, password, code, now=now)
    # Told after the commit: the count of failures must be kept.
    if signed is None:
        sign_in.note_failure(host, now=now)
        raise WrongCredentials
    return signed
