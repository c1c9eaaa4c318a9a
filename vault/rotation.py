"""Which keys there are, sealing anew to the newest, and taking an old one away once nothing needs it.

All of it may be killed at any moment and begun again: a key is on the disk before its row is stored, an envelope is
changed in one transaction with its entry, and a key is destroyed only after it was noted as retired.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from kit.errors import Misconfigured
from people.models import Envelope, SealedIdentity, SealedOriginal, VaultKey
from people.vault import FIRST_KEY, SealingKey, configured_public, mark_of_key
from vault import log
from vault.keyring import Keyring
from vault.opening import CannotBeOpened, rewrap

BATCH = 100
GRACE = timedelta(hours=1)  # every intake process has read the new key many times by then (api/mobile/rules.py)


class NotFinished(Exception):
    """An earlier rotation has not come to its end."""


class Envelopes(NamedTuple):
    """One table of envelopes, and the column in whose order they are sealed anew."""

    table: type[Envelope]
    order: InstrumentedAttribute[Any]


ENVELOPES: Final = (
    Envelopes(SealedIdentity, SealedIdentity.report_id), Envelopes(SealedOriginal, SealedOriginal.storage_key),
)  # fmt: skip


@dataclass(frozen=True)
class Batch:
    """What one transaction has sealed anew, where it stopped, and which envelopes do not open."""

    done: int
    last: Any
    stuck: tuple[UUID, ...] = ()


def register(session: Session, keyring: Keyring, *, now: datetime) -> None:
    """Let the table know every key that is here, under this installation's mark.

    Raises Misconfigured when a number stands for another key, or the newest key of the table is not here.
    """
    known = {key.id: key for key in session.scalars(select(VaultKey))}
    for number, public in keyring.pairs():
        row = known.get(number)
        if row is None:
            known[number] = _enter(session, number, public, now=now)
        elif row.public != public:
            raise Misconfigured(f"Key {number} in the vault's folder is not the one that this database knows.")
        else:
            row.mark = mark_of_key(number, public)
    live = [key.id for key in known.values() if key.retired_at is None]
    if not live or max(live) not in keyring.numbers():
        raise Misconfigured(f"Key {max(live, default=FIRST_KEY)} of the vault is not in {keyring.folder}.")


def begin(session: Session, keyring: Keyring, *, now: datetime) -> SealingKey:
    """A new key, in force at once; what was sealed before follows. Raises NotFinished while something is left over."""
    newest = current(session)
    if newest is not None and waiting(session, newest):
        raise NotFinished
    last = max([*session.scalars(select(VaultKey.id)), 0])
    left = next((number for number in keyring.numbers() if number > last), None)  # made, and killed before it was told
    number = left or last + 1
    public = keyring.public(number) if left else keyring.add(number)
    _enter(session, number, public, now=now)
    return SealingKey(number, public)


def current(session: Session) -> SealingKey | None:
    """The newest key that is in force; None before the vault first ran."""
    row = session.scalars(
        select(VaultKey).where(VaultKey.retired_at.is_(None)).order_by(VaultKey.id.desc()).limit(1)
    ).one_or_none()
    return SealingKey(row.id, row.public) if row else None


def waiting(session: Session, key: SealingKey) -> int:
    """How many envelopes are not sealed to this key."""
    return sum(session.scalars(select(func.count()).where(table.key_id != key.id)).one() for table, _order in ENVELOPES)


def advance(session: Session, keyring: Keyring, of: Envelopes, *, now: datetime, after: Any = None) -> Batch:
    """Seal the next envelopes of a table anew to the newest key; two at once take different ones."""
    key = current(session)
    if key is None:
        return Batch(0, None)
    found = select(of.table).where(of.table.key_id != key.id)
    if after is not None:
        found = found.where(of.order > after)
    rows = session.scalars(found.order_by(of.order).limit(BATCH).with_for_update(skip_locked=True))
    done, last, stuck = 0, after, []
    for sealed in rows:
        last, before = getattr(sealed, of.order.key), sealed.key_id
        try:
            rewrap(keyring, sealed, key)
        except CannotBeOpened:
            stuck.append(sealed.about)
            continue
        log.write(session, sealed.about, log.Kind.REWRAPPED, now=now, from_key=before, to_key=key.id)
        done += 1
    return Batch(done, None if last == after else last, tuple(stuck))


def retire(session: Session, *, now: datetime) -> None:
    """Note as retired every older key to which nothing is sealed, or will be, any more."""
    key = current(session)
    for row in session.scalars(select(VaultKey).where(VaultKey.retired_at.is_(None))):
        if key is None or row.id == key.id or not _is_over(session, row, key, now):
            continue
        row.retired_at = now
        log.write(session, log.of_key(row.id), log.Kind.KEY_DESTROYED, now=now, number=row.id)


def useless(session: Session, keyring: Keyring) -> Iterator[int]:
    """The keys in the folder that were retired: to be destroyed, once that is stored."""
    retired = set(session.scalars(select(VaultKey.id).where(VaultKey.retired_at.is_not(None))))
    return (number for number in keyring.numbers() if number in retired and not _sealed_to(session, number))


def _enter(session: Session, number: int, public: bytes, *, now: datetime) -> VaultKey:
    row = VaultKey(id=number, public=public, mark=mark_of_key(number, public), made_at=now)
    session.add(row)
    session.flush()
    log.write(session, log.of_key(number), log.Kind.KEY_MADE, now=now, number=number, public=public.hex())
    return row


def _is_over(session: Session, row: VaultKey, key: SealingKey, now: datetime) -> bool:
    """Nothing is sealed to it, nobody seals to it for some time, and no setting names it."""
    since = session.get_one(VaultKey, key.id).made_at
    return now - since >= GRACE and row.public != configured_public() and not _sealed_to(session, row.id)


def _sealed_to(session: Session, number: int) -> int:
    return sum(session.scalars(select(func.count()).where(table.key_id == number)).one() for table, _order in ENVELOPES)
