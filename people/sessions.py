"""Whose session a request comes in: found anew for each, so that it dies with whatever it was opened under.

It ends when it is ended, left alone, or 12 hours old; when its account is suspended, moved, or changes its roles
or password (a trigger of the database); and when its officer goes away.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from sqlalchemy import bindparam, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from kit.errors import NotFound, Unidentified
from kit.lanes import written
from people import posts
from people.actors import Actor
from people.models import Account, AccountRole, Org, SecondFactor, StaffSession
from people.roles import Role
from people.roster import Absence
from people.second_factor import FRESH

ABSOLUTE = timedelta(hours=12)
IDLE = timedelta(minutes=30)
SEEN_EVERY = timedelta(minutes=1)

_OTHER = aliased(Account)
_OF_A_TOKEN = (
    select(
        StaffSession.seen_at,
        StaffSession.expires_at,
        StaffSession.revoked_at,
        StaffSession.limited,
        StaffSession.confirmed_at,
        # A column, and not `*`: the vault may read these two alone.
        exists(SecondFactor.account_id)
        .where(SecondFactor.account_id == Account.id, SecondFactor.confirmed_at.is_not(None))
        .label("enrolled"),
        Account.id.label("account_id"),
        Account.name,
        Account.org_id,
        Org.kind.label("org_kind"),
        func.array(select(AccountRole.role).where(AccountRole.account_id == Account.id).scalar_subquery()).label(
            "roles"
        ),
        func.array(
            select(_OTHER.id)
            .where(_OTHER.person_mark == Account.person_mark, _OTHER.id != Account.id)
            .scalar_subquery()
        ).label("also"),
    )
    .join(Account, Account.id == StaffSession.account_id)
    .join(Org, Org.id == Account.org_id)
    .where(
        StaffSession.token_hash == bindparam("of"),
        Account.active,
        # Who is away is not at a keyboard: what they left open ends with their being there. Whoever is there after all
        # signs in anew, and may call the absence off.
        ~exists().where(
            Absence.account_id == Account.id,
            Absence.cancelled_at.is_(None),
            Absence.from_at <= bindparam("now"),
            Absence.to_at > bindparam("now"),
            StaffSession.created_at < func.greatest(Absence.from_at, Absence.entered_at),
        ),
    )
)
_SEEN = update(StaffSession).where(StaffSession.token_hash == bindparam("of")).values(seen_at=bindparam("now"))
_written = lru_cache(maxsize=2)(written)


class NoSuchSession(NotFound):
    """There is no such open session of this officer."""

    code = "session.unknown"
    message = "You have no such session."


def actor_of(session: Session, token: str, *, now: datetime, touch: bool = True) -> Actor:
    """Whose session this is, in one statement. Raises Unidentified for an unknown, ended or idle one.

    `touch` says whether this counts as a sign of life; whoever asks for another process leaves that to it.
    """
    asked = {"of": token_hash(token), "now": now}
    found = _still_open(session.execute(_OF_A_TOKEN, asked).one_or_none(), now)
    if touch and now - found.seen_at >= SEEN_EVERY:
        session.connection().execute(_SEEN, asked)
    return _actor(found, now)


async def actor_on(connection: AsyncConnection[TupleRow], token: str, *, now: datetime) -> Actor:
    """The same on a connection of the event loop (kit/lanes.py)."""
    asked = {"of": token_hash(token), "now": now}
    cursor = await connection.execute(_written(_OF_A_TOKEN), asked)
    found = _still_open(await cursor.fetchone(), now)
    if now - found.seen_at >= SEEN_EVERY:
        await connection.execute(_written(_SEEN), asked)
    return _actor(found, now)


class _Found(NamedTuple):
    """What is read of a session: the columns of `_OF_A_TOKEN`."""

    seen_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    limited: bool
    confirmed_at: datetime | None
    enrolled: bool
    account_id: int
    name: str
    org_id: int
    org_kind: str
    roles: list[str]
    also: list[int]


def _still_open(row: Sequence[Any] | None, now: datetime) -> _Found:
    """A session that has neither ended nor been left alone. Raises Unidentified."""
    found = None if row is None else _Found._make(row)
    if found is None or found.revoked_at is not None or now >= found.expires_at or now - found.seen_at >= IDLE:
        raise Unidentified
    return found


def _actor(found: _Found, now: datetime) -> Actor:
    stale = found.enrolled and (found.confirmed_at is None or now - found.confirmed_at >= FRESH)
    lacks = "factor" if found.limited else "fresh_code" if stale else ""
    roles = posts.in_force(map(Role, found.roles))
    also = frozenset(found.also)
    return Actor("officer", found.name, found.account_id, found.org_id, found.org_kind, roles, also, lacks)


def sign_out(session: Session, token: str, *, now: datetime) -> None:
    """End a session at once."""
    session.execute(update(StaffSession).where(StaffSession.token_hash == token_hash(token)).values(revoked_at=now))


def open_sessions(session: Session, *, by: Actor, now: datetime) -> Sequence[StaffSession]:
    """An officer's open sessions, the newest first."""
    theirs = select(StaffSession).where(
        StaffSession.account_id == by.account_id, StaffSession.revoked_at.is_(None), StaffSession.expires_at > now,
        StaffSession.seen_at > now - IDLE,
    )  # fmt: skip
    return session.scalars(theirs.order_by(StaffSession.created_at.desc())).all()


def end_one(session: Session, session_id: UUID, *, by: Actor, now: datetime) -> None:
    """End one of one's sessions. Raises NoSuchSession."""
    ended = (
        update(StaffSession)
        .where(
            StaffSession.id == session_id, StaffSession.account_id == by.account_id, StaffSession.revoked_at.is_(None)
        )
        .values(revoked_at=now)
    )
    if session.execute(ended.returning(StaffSession.id)).one_or_none() is None:
        raise NoSuchSession


def end_all(session: Session, *, by: Actor, now: datetime) -> None:
    """End all of one's sessions."""
    end_all_of(session, by.account_id or 0, now)


def end_others(session: Session, token: str, *, by: Actor, now: datetime) -> None:
    """End all of one's sessions but the one that asks."""
    end_all_of(session, by.account_id or 0, now, but=token_hash(token))


def end_all_of(session: Session, account_id: int, now: datetime, *, but: bytes = b"") -> None:
    """End all sessions of an account, but one where it is named."""
    theirs = (StaffSession.account_id == account_id, StaffSession.revoked_at.is_(None))
    session.execute(update(StaffSession).where(*theirs, StaffSession.token_hash != but).values(revoked_at=now))


def token_hash(token: str) -> bytes:
    """What is kept of a session's token."""
    return hashlib.sha256(token.encode()).digest()
