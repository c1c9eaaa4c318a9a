"""What an officer does to their own account, for whoever asks: programs (/o/v1/me) and pages (/desk/account).

Each step commits by itself, so that a failure is counted whatever becomes of the act.
"""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

from api.dependencies import OFFICERS
from kit.db import unit_of_work
from people import accounts, second_factor, sessions, sign_in
from people.actors import Actor
from people.sign_in import WrongPassword


@dataclass(frozen=True)
class Secret:
    """What an authenticator takes: an address, its secret to be typed, and the address as a square to be scanned."""

    uri: str
    secret: str
    square: str


def begin_factor(password: str, *, by: Actor, now: datetime) -> Secret:
    """A secret for an authenticator; a first code confirms it. Raises WrongPassword, EnrolledAlready."""
    _confirm(password, by, now)
    with unit_of_work(OFFICERS) as session:
        uri = second_factor.begin(session, by.account_id or 0, now=now)
    return Secret(uri, parse_qs(urlsplit(uri).query)["secret"][0], _square(uri))


def confirm_factor(token: str, code: str, *, by: Actor, now: datetime) -> list[str]:
    """Enrol with the first code: the recovery codes. Other sessions end. Raises WrongCode, EnrolledAlready."""
    with unit_of_work(OFFICERS) as session:
        codes = second_factor.confirm(session, by.account_id or 0, code, now=now)
        second_factor.made_fresh(session, sessions.token_hash(token), by=by, now=now)
        sessions.end_others(session, token, by=by, now=now)
        accounts.note(session, by.account_id or 0, "enrolled", by=by, now=now)
    return codes


def give_fresh_code(token: str, code: str, *, by: Actor, now: datetime) -> None:
    """Open the gravest acts for five minutes in this session. Raises WrongCode, WaitBeforeSignIn, NotEnrolling."""
    with unit_of_work(OFFICERS) as session:
        right = sign_in.step_up(session, token, code, by=by, now=now)
    # Told after the commit: the count of failures must be kept.
    if not right:
        raise second_factor.WrongCode


def change_password(password: str, new: str, *, by: Actor, now: datetime) -> None:
    """A new password. Every session ends with the old one. Raises WrongPassword, WeakPassword."""
    _confirm(password, by, now)
    with unit_of_work(OFFICERS) as session:
        accounts.change_password(session, new, by=by, now=now)


def _confirm(password: str, by: Actor, now: datetime) -> None:
    with unit_of_work(OFFICERS) as session:
        right = sign_in.is_password_of(session, by.account_id or 0, password, now=now)
    if not right:
        raise WrongPassword


def _square(uri: str) -> str:
    import segno  # noqa: PLC0415 - few ever ask, and it would stay in the memory of every process

    out = BytesIO()
    segno.make(uri, error="m").save(out, kind="svg", scale=4, xmldecl=False)
    return out.getvalue().decode()
