"""Signing in: argon2 passwords, opaque session tokens of which only a hash is kept, and a throttle per account."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload, selectinload, undefer

from kit.errors import Invalid, TooMany, Unidentified
from people.actors import Actor
from people.models import Account, AccountRole, Org, StaffSession
from people.roles import Role

ABSOLUTE = timedelta(hours=12)
IDLE = timedelta(minutes=30)
SEEN_EVERY = timedelta(minutes=1)
FREE_FAILURES = 5
LONGEST_WAIT = timedelta(minutes=15)
LONGEST_PASSWORD = 128
SHORTEST_PASSWORD = 12

_PASSWORDS = PasswordHash((Argon2Hasher(),))
_NOBODY = _PASSWORDS.hash(secrets.token_hex(16))


class WrongCredentials(Unidentified):
    """Unknown name and wrong password look alike."""

    code = "sign_in.failed"
    message = "Name or password is wrong."


class WaitBeforeSignIn(TooMany):
    """Too many wrong passwords for this account; others are not affected."""

    code = "sign_in.throttled"
    message = "Too many failed attempts; try again later."


class WeakPassword(Invalid):
    """The password is too short or too long."""

    code = "password.length"
    message = f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters."


@dataclass(frozen=True)
class SignedIn:
    """A fresh session: the token is told once and never stored."""

    token: str
    expires_at: datetime
    actor: Actor


def sign_in(session: Session, username: str, password: str, *, now: datetime) -> SignedIn | None:
    """A session for the right password; None for a wrong one, whose count the caller's transaction must keep.

    Raises WaitBeforeSignIn while the account is throttled.
    """
    statement = select(Account).where(Account.username == username).options(undefer("*"))
    account = session.scalars(statement.with_for_update()).one_or_none()
    if account is not None:
        _throttle(account, now)
    known = account.password_hash if account is not None and account.active else _NOBODY
    right = len(password) <= LONGEST_PASSWORD and _PASSWORDS.verify(password, known)
    if account is None or not account.active:
        return None
    if not right:
        account.failures, account.failed_at = account.failures + 1, now
        return None
    account.failures = 0
    token = secrets.token_urlsafe(32)
    session.add(
        StaffSession(
            token_hash=_hash(token), account_id=account.id, created_at=now, seen_at=now, expires_at=now + ABSOLUTE
        )
    )
    return SignedIn(token, now + ABSOLUTE, _actor(session, account.id))


def actor_of(session: Session, token: str, *, now: datetime) -> Actor:
    """Whose session this is. Raises Unidentified for an unknown, ended or idle one."""
    row = session.get(StaffSession, _hash(token))
    if row is None or row.revoked_at is not None or now >= row.expires_at or now - row.seen_at >= IDLE:
        raise Unidentified
    if now - row.seen_at >= SEEN_EVERY:
        session.execute(update(StaffSession).where(StaffSession.token_hash == row.token_hash).values(seen_at=now))
    return _actor(session, row.account_id)


def sign_out(session: Session, token: str, *, now: datetime) -> None:
    """End a session at once."""
    session.execute(update(StaffSession).where(StaffSession.token_hash == _hash(token)).values(revoked_at=now))


def create_officer(
    session: Session, *, org: Org, username: str, name: str, password: str, roles: list[Role]
) -> Account:
    """A new account of an office. Raises WeakPassword."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise WeakPassword
    account = Account(org_id=org.id, username=username, name=name, password_hash=hashed(password))
    account.roles = [AccountRole(role=str(role)) for role in roles]
    session.add(account)
    session.flush()
    return account


def hashed(password: str) -> str:
    """The argon2 hash of a password, slow on purpose."""
    return _PASSWORDS.hash(password)


def _throttle(account: Account, now: datetime) -> None:
    over = account.failures - FREE_FAILURES
    if over < 0 or account.failed_at is None:
        return
    wait = min(timedelta(seconds=2 ** min(over + 1, 12)), LONGEST_WAIT)
    if now < account.failed_at + wait:
        raise WaitBeforeSignIn(retry_after_s=int((account.failed_at + wait - now).total_seconds()) + 1)


def _actor(session: Session, account_id: int) -> Actor:
    account = session.scalars(
        select(Account)
        .where(Account.id == account_id, Account.active)
        .options(joinedload(Account.org), selectinload(Account.roles))
    ).one_or_none()
    if account is None:
        raise Unidentified
    roles = frozenset(Role(row.role) for row in account.roles)
    return Actor("officer", account.name, account.id, account.org_id, account.org.kind, roles)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
