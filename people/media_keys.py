"""Keys of the media (X49): a newsroom pulls by key, and has no account. `mk_<8 to name it>_<secret>`, told once.

A client has at most two live keys, so that it may go over from one to the other; a key lives a year at most.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from kit.clock import LOCAL_ZONE
from kit.errors import Conflict, NotAllowed, NotFound, Unidentified
from people.actors import Actor
from people.media import SCOPES, MediaClient, MediaKey

__all__ = ["SCOPES", "MediaClient", "MediaKey"]

PREFIX = "mk"
LONGEST = timedelta(days=365)
LONGEST_OVERLAP = timedelta(days=30)
MOST_LIVE = 2
NAMED_BY = 8
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"


class NoSuchClient(NotFound):
    """There is no such client."""

    code = "media.unknown"
    message = "There is no such client."


class NoSuchKey(NotFound):
    """There is no such live key."""

    code = "media.key_unknown"
    message = "There is no such live key."


class NameTaken(Conflict):
    """There is a client of this name."""

    code = "media.name_taken"
    message = "There is a client of this name already."


class TwoKeysAlready(Conflict):
    """The client has two live keys: one must go before another comes."""

    code = "media.two_keys"
    message = "This client has two live keys; revoke one first."


class NoKey(Unidentified):
    """No key, or one that is unknown, revoked or over: all look alike."""

    code = "media.key_wanted"
    message = "Send a live key: Authorization: Bearer mk_…"


class WrongScope(NotAllowed):
    """A live key that does not open what is asked for."""

    code = "media.scope"
    message = "This key does not open this; ask for one with the scope that it needs."


@dataclass(frozen=True)
class Made:
    """A fresh key: its whole text is told once and never stored."""

    text: str
    key: MediaKey


def enter(session: Session, *, name: str, contact: str, by: Actor, now: datetime) -> MediaClient:
    """A newsroom and whom to call there. Raises NameTaken."""
    if session.scalar(select(MediaClient.id).where(MediaClient.name == name)) is not None:
        raise NameTaken
    client = MediaClient(name=name, contact=contact, entered_by=by.account_id, entered_at=now)
    session.add(client)
    session.flush()
    return client


def issue(session: Session, client_id: UUID, *, scopes: Iterable[str], days: int, by: Actor, now: datetime) -> Made:
    """A key beside the one that may be there. Raises NoSuchClient, TwoKeysAlready."""
    _locked(session, client_id)
    if len(_live(session, client_id, now)) >= MOST_LIVE:
        raise TwoKeysAlready
    made, secret = _letters(NAMED_BY), _letters(32)
    key = MediaKey(
        id=made, client_id=client_id, secret_hash=_hash(secret), scopes=sorted(set(scopes)), made_by=by.account_id,
        made_at=now, expires_at=now + min(timedelta(days=days), LONGEST),
    )  # fmt: skip
    session.add(key)
    session.flush()
    return Made(f"{PREFIX}_{made}_{secret}", key)


def rotate(session: Session, key_id: str, *, overlap: timedelta, by: Actor, now: datetime) -> Made:
    """A key like a live one, which is good for `overlap` more at most. Raises NoSuchKey, TwoKeysAlready."""
    old = find(session, key_id, now=now)
    days = (old.expires_at - old.made_at).days
    made = issue(session, old.client_id, scopes=old.scopes, days=days, by=by, now=now)
    old.expires_at = min(old.expires_at, now + min(overlap, LONGEST_OVERLAP))
    return made


def revoke(session: Session, key_id: str, *, by: Actor, now: datetime) -> MediaKey:
    """End a key at once. Raises NoSuchKey."""
    key = find(session, key_id, now=now)
    key.revoked_at, key.revoked_by = now, by.account_id
    return key


def find(session: Session, key_id: str, *, now: datetime) -> MediaKey:
    """A live key, locked with its client. Raises NoSuchKey."""
    key = session.get(MediaKey, key_id)
    if key is not None:
        _locked(session, key.client_id)
        session.refresh(key)
    if key is None or not _is_live(key, now):
        raise NoSuchKey
    return key


def holder(session: Session, text: str, *, now: datetime) -> tuple[MediaClient, MediaKey]:
    """Whose live key this is; the day is noted. Raises NoKey."""
    prefix, _, rest = text.partition("_")
    key_id, _, secret = rest.partition("_")
    key = session.get(MediaKey, key_id) if prefix == PREFIX and len(key_id) == NAMED_BY and key_id.isalnum() else None
    right = hmac.compare_digest(bytes(key.secret_hash) if key else b"", _hash(secret))
    if key is None or not right or not _is_live(key, now):
        raise NoKey
    today = now.astimezone(LOCAL_ZONE).date()
    if key.used_on != today:
        key.used_on = today
    return session.get_one(MediaClient, key.client_id), key


def opened(session: Session, text: str, *, scope: str, now: datetime) -> MediaClient:
    """The client whose live key this is, where it opens `scope`: two keys of one client are one client.

    Raises NoKey, WrongScope.
    """
    client, key = holder(session, text, now=now)
    if scope not in key.scopes:
        raise WrongScope(scope=scope)
    return client


def opens(scope: str, client_id: InstrumentedAttribute[UUID], now: datetime) -> ColumnElement[bool]:
    """Whether a client has a live key with `scope`."""
    live = (MediaKey.expires_at > now, MediaKey.revoked_at.is_(None))
    return select(MediaKey.id).where(MediaKey.client_id == client_id, MediaKey.scopes.contains([scope]), *live).exists()


def listed(session: Session) -> Sequence[tuple[MediaClient, MediaKey | None]]:
    """Every client with each of its keys, the newest first."""
    found = select(MediaClient, MediaKey).outerjoin(MediaKey, MediaKey.client_id == MediaClient.id)
    rows = session.execute(found.order_by(MediaClient.name, MediaKey.made_at.desc()))
    return [(client, key) for client, key in rows]


def _locked(session: Session, client_id: UUID) -> MediaClient:
    client = session.get(MediaClient, client_id, with_for_update=True)
    if client is None:
        raise NoSuchClient
    return client


def _live(session: Session, client_id: UUID, now: datetime) -> Sequence[MediaKey]:
    theirs = (MediaKey.client_id == client_id, MediaKey.expires_at > now, MediaKey.revoked_at.is_(None))
    return session.scalars(select(MediaKey).where(*theirs)).all()


def _is_live(key: MediaKey, now: datetime) -> bool:
    return key.revoked_at is None and now < key.expires_at


def _letters(length: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(length))


def _hash(secret: str) -> bytes:
    """A plain hash is enough: 160 random bits are not guessed."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
