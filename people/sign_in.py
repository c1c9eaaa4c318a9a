"""Signing in: argon2 passwords, opaque session tokens of which only a hash is kept, and a throttle for each name.

A name is slowed down by its own failures alone, and in the same way whether anybody has it or not: neither an answer
nor its time tells which names exist.
"""

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import (
    DEFAULT_HASH_LENGTH,
    DEFAULT_MEMORY_COST,
    DEFAULT_PARALLELISM,
    DEFAULT_RANDOM_SALT_LENGTH,
    DEFAULT_TIME_COST,
)
from argon2.low_level import ARGON2_VERSION
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, undefer

from kit import buckets
from kit.buckets import Bucket
from kit.errors import Invalid, NotAllowed, TooMany, Unidentified
from kit.secrets import mark
from kit.settings import settings
from people import persons, posts, second_factor
from people.actors import Actor
from people.models import Account, AccountRole, Org, SignInAttempt, StaffSession
from people.roles import Role
from people.sessions import ABSOLUTE, actor_of, token_hash

FREE_FAILURES = 5
FAILURES = Bucket("sign-in", burst=60, per_hour=300)  # of one address, whatever names it tries
LONGEST_WAIT = timedelta(minutes=15)
FORGET_AFTER = timedelta(days=1)
LONGEST_PASSWORD = 128
SHORTEST_PASSWORD = 12


def _unpadded(length: int) -> str:
    return base64.b64encode(secrets.token_bytes(length)).decode().rstrip("=")


_PASSWORDS = PasswordHash((Argon2Hasher(),))
# Drawn, and not computed from a password, which takes as long as a sign-in at each start; nobody knows one that fits.
# It has the lengths and parameters of every other, so that a name that nobody has costs what a wrong password costs.
_NOBODY = (
    f"$argon2id$v={ARGON2_VERSION}$m={DEFAULT_MEMORY_COST},t={DEFAULT_TIME_COST},p={DEFAULT_PARALLELISM}"
    f"${_unpadded(DEFAULT_RANDOM_SALT_LENGTH)}${_unpadded(DEFAULT_HASH_LENGTH)}"
)


class WrongCredentials(Unidentified):
    """Unknown name and wrong password look alike."""

    code = "sign_in.failed"
    message = "Name or password is wrong."


class CodeWanted(Unidentified):
    """The password is right, and a code of the second factor is wanted with it."""

    code = "sign_in.code_wanted"
    message = "Give the code of your second factor, or a recovery code."


class WaitBeforeSignIn(TooMany):
    """Too many failures for this name; others are not affected."""

    code = "sign_in.throttled"
    message = "Too many failed attempts; try again later."


def check_place(host: str, *, now: datetime) -> None:
    """Raises WaitBeforeSignIn where too many tries have failed from one place of the network, whatever names it tried.

    A whole office has one address: what succeeds is not counted. Never open: without Redis each process counts itself.
    """
    if wait := buckets.wait_s(FAILURES, host, now=now, take=False):
        raise WaitBeforeSignIn(retry_after_s=wait)


def note_failure(host: str, *, now: datetime) -> None:
    """Count a try that failed, from the address that it came from."""
    buckets.wait_s(FAILURES, host, now=now)


class WrongPassword(NotAllowed):
    """What is grave asks for one's own password again: a session left open is not enough."""

    code = "password.wrong"
    message = "The password is wrong."


class WeakPassword(Invalid):
    """The password is too short or too long."""

    code = "password.length"
    message = f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters."
    pointer = "/password"


@dataclass(frozen=True)
class SignedIn:
    """A fresh session: the token is told once and never stored."""

    token: str
    expires_at: datetime
    actor: Actor


def sign_in(
    session: Session, username: str, password: str, code: str | None = None, *, now: datetime
) -> SignedIn | None:
    """A session for the right password and code; None for a wrong one, whose count the caller's transaction must keep.

    Whoever must have a second factor and has none yet gets a session in which to enrol one, and no more.
    Raises WaitBeforeSignIn while the name is throttled, CodeWanted where a code is missing.
    """
    attempt = _attempt(session, username, now)
    _throttle(attempt, now)
    account = session.scalars(select(Account).where(Account.username == username).options(undefer("*"))).one_or_none()
    known = account.password_hash if account is not None and account.active else _NOBODY
    right = len(password) <= LONGEST_PASSWORD and _PASSWORDS.verify(password, known)
    failed = account is None or not account.active or not right
    factor = None if account is None or failed else second_factor.enrolled(session, account.id)
    if factor is not None:
        if code is None:
            raise CodeWanted
        failed = not second_factor.passes(session, factor, code, now=now)
    attempt.failures, attempt.tried_at = attempt.failures + 1 if failed else 0, now
    session.flush()
    if account is None or failed:
        return None
    token = secrets.token_urlsafe(32)
    session.add(
        StaffSession(
            token_hash=token_hash(token), account_id=account.id, created_at=now, seen_at=now,
            expires_at=now + ABSOLUTE, confirmed_at=None if factor is None else now,
            limited=factor is None and _must_enrol(session, account.id),
        )
    )  # fmt: skip
    session.flush()
    return SignedIn(token, now + ABSOLUTE, actor_of(session, token, now=now))


def is_password_of(session: Session, account_id: int, password: str, *, now: datetime) -> bool:
    """Whether a signed-in officer gives their own password again; a failure counts as one to sign in.

    The caller's transaction must keep the count. Raises WaitBeforeSignIn while the name is throttled.
    """
    account = session.get_one(Account, account_id, options=[undefer(Account.password_hash)])
    attempt = _attempt(session, account.username, now)
    _throttle(attempt, now)
    right = len(password) <= LONGEST_PASSWORD and _PASSWORDS.verify(password, account.password_hash)
    attempt.failures, attempt.tried_at = 0 if right else attempt.failures + 1, now
    session.flush()
    return right


def step_up(session: Session, token: str, code: str, *, by: Actor, now: datetime) -> bool:
    """Whether the code is right: then the gravest acts are open for a while. A failure counts as one to sign in.

    The caller's transaction must keep the count. Raises WaitBeforeSignIn, and NotEnrolling without a second factor.
    """
    account = session.get_one(Account, by.account_id)
    attempt = _attempt(session, account.username, now)
    _throttle(attempt, now)
    factor = second_factor.enrolled(session, account.id)
    if factor is None:
        raise second_factor.NotEnrolling
    right = second_factor.passes(session, factor, code, now=now)
    attempt.failures, attempt.tried_at = 0 if right else attempt.failures + 1, now
    if right:
        second_factor.made_fresh(session, token_hash(token), by=by, now=now)
    session.flush()
    return right


def forget_attempts(session: Session, *, now: datetime) -> None:
    """Let go of names that nobody has tried for a day."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.tried_at < now - FORGET_AFTER))


def _must_enrol(session: Session, account_id: int) -> bool:
    """Whether the setting asks a second factor of one of the account's roles."""
    asked = settings().second_factor_roles
    held = session.scalars(select(AccountRole.role).where(AccountRole.account_id == account_id))
    return "all" in asked or not asked.isdisjoint(held)


def create_officer(
    session: Session,
    *,
    org: Org,
    username: str,
    name: str,
    password: str,
    roles: list[Role],
    staff_number: str | None = None,
) -> Account:
    """A new account of an office. Raises WeakPassword, RolesOfAnother, RolesApart, NoStaffNumber.

    Without a staff number nobody can tell whose second account it is; only what makes people up leaves it out.
    """
    check_length(password)
    posts.check(org.kind, roles)
    account = Account(org_id=org.id, username=username, name=name, password_hash=hashed(password))
    account.person_mark = None if staff_number is None else persons.mark_of(staff_number)
    account.roles = [AccountRole(role=str(role)) for role in roles]
    session.add(account)
    session.flush()
    return account


def check_length(password: str) -> None:
    """Raise WeakPassword for one that is too short or too long."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise WeakPassword


def hashed(password: str) -> str:
    """The argon2 hash of a password, slow on purpose."""
    return _PASSWORDS.hash(password)


def _attempt(session: Session, username: str, now: datetime) -> SignInAttempt:
    """The row of a name, made when there is none and locked, so that guesses sent at once are counted one by one."""
    name_mark = mark("sign-in", username.encode("utf-8", "surrogatepass"))
    row = insert(SignInAttempt).values(name_mark=name_mark, tried_at=now)
    touched = row.on_conflict_do_update(index_elements=["name_mark"], set_={"name_mark": name_mark})
    found = session.scalars(touched.returning(SignInAttempt), execution_options={"populate_existing": True})
    return found.one()


def _throttle(attempt: SignInAttempt, now: datetime) -> None:
    over = attempt.failures - FREE_FAILURES
    if over < 0:
        return
    wait = min(timedelta(seconds=2 ** min(over + 1, 12)), LONGEST_WAIT)
    if now < attempt.tried_at + wait:
        raise WaitBeforeSignIn(retry_after_s=int((attempt.tried_at + wait - now).total_seconds()) + 1)
