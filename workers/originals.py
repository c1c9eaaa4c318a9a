"""Files as they came: opened in memory for the one look that is needed, sealed where they still are not.

They arrive sealed: a citizen's photo for the vault (ADR 0020), an officer's file for whoever reads its row (ADR 0027).
What an older release took lies in clear until `seal_originals` comes by.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, insert, literal_column, select
from sqlalchemy.orm import Session

from cases import retention, trail
from cases.intake.photos import new_sealed_key
from cases.journey import Step
from cases.models.handling import Picture
from cases.models.paper import Scan
from cases.models.report import ORIGINALS, SEALED, PhotoKey, ReportPhoto
from kit.storage import (
    ChecksumMismatch,
    Missing,
    Opened,
    Reader,
    begin_sealed,
    new_data_key,
    open_kept,
    put_kept,
    store,
)
from kit.storage.contract import CHUNK_BYTES
from people import vault
from people.models import SealedOriginal
from people.vault import SealingKey

LIMIT_BYTES = 32 * 1024 * 1024
AT_ONCE = 20
UNREAD = ("waiting", "stored")  # states in which the worker has not looked at a photo

TAKEN: dict[str, Any] = {"photo": ReportPhoto, "picture": Picture, "scan": Scan}

log = structlog.get_logger()


@contextmanager
def in_memory(session: Session, photo: ReportPhoto) -> Iterator[Path]:
    """A photo as it came, for as long as it is looked at, and on no disk. Notes the hash of its sealed file."""
    if photo.storage_key is None:
        raise ValueError("a stored photo has a key")
    with os.fdopen(os.memfd_create("original"), "wb") as memory, store().open(photo.storage_key) as file:
        if photo.storage_key.startswith(SEALED):
            key = session.get_one(PhotoKey, photo.storage_key)
            opened = Opened(file, key.storage_key, vault.kept_for_worker(key.storage_key, key.wrapped))
            memory.writelines(opened)
            photo.sealed_sha256 = opened.sha256
        else:
            memory.writelines(_chunks(file))
        memory.flush()
        yield Path(f"/proc/self/fd/{memory.fileno()}")


@contextmanager
def officers_in_memory(file: Picture | Scan) -> Iterator[Path]:
    """An officer's file as it came, likewise."""
    with os.fdopen(os.memfd_create("original"), "wb") as memory:
        memory.writelines(open_kept(store(), file.storage_key or "", file.wrapped))
        memory.flush()
        yield Path(f"/proc/self/fd/{memory.fileno()}")


def seal_originals(session: Session, *, now: datetime, of: str = "photo", after: str | None = None) -> None:
    """Seal the next files that an older release took; each in clear goes once that is stored. Safe to repeat.

    `of` is the table whose turn it is; after its last comes the next one that has some.
    """
    table = TAKEN[of]
    clear = select(table).where(in_clear(table))
    if after is not None:
        clear = clear.where(table.id > UUID(after))
    found = session.scalars(clear.order_by(table.id).limit(AT_ONCE).with_for_update(skip_locked=True)).all()
    sealing = vault.key_in_force(session)
    for file in found:
        was = file.storage_key
        try:
            if isinstance(file, ReportPhoto):
                _seal(session, file, sealing, now=now)
            else:
                _seal_officers(file)
        except (Missing, ChecksumMismatch) as failure:  # ./jz check names it; the others do not wait for it
            log.warning("a file cannot be sealed", error=failure.code)
        else:
            trail.enqueue(session, Step.DROP_FILE, None, now=now, key=was)
    if len(found) == AT_ONCE:
        trail.enqueue(session, Step.SEAL_ORIGINALS, None, now=now, of=of, after=str(found[-1].id))
    elif following := _following(session, of):
        trail.enqueue(session, Step.SEAL_ORIGINALS, None, now=now, of=following)


def in_clear(table: Any) -> ColumnElement[bool]:
    """The files of a table that lie in clear, by the index that there is for them."""
    said: ColumnElement[bool] = table.storage_key.like(literal_column(f"'{ORIGINALS}%'"))
    return said


def _following(session: Session, of: str) -> str | None:
    for name in [*TAKEN][[*TAKEN].index(of) + 1 :]:
        if session.scalar(select(TAKEN[name].id).where(in_clear(TAKEN[name])).limit(1)) is not None:
            return name
    return None


def drop_file(session: Session, *, key: str) -> None:
    """Delete a file that no row names any more. Safe to repeat."""
    if not retention.named(session, [key]):
        store().delete(key)


def _seal(session: Session, photo: ReportPhoto, sealing: SealingKey, *, now: datetime) -> None:
    clear, key, data_key = photo.storage_key or "", new_sealed_key(), new_data_key()
    with store().open(clear) as file, begin_sealed(store(), key, data_key, limit_bytes=LIMIT_BYTES) as part:
        for chunk in _chunks(file):
            part.write(chunk)
        part.finish(expect_sha256=photo.sha256.hex())
    photo.sealed_sha256 = _proven(key, data_key, photo.sha256)
    photo.storage_key = key
    session.execute(insert(SealedOriginal).values(_envelope(photo, key, data_key, sealing, now)))
    if photo.state in UNREAD:
        session.add(PhotoKey(storage_key=key, wrapped=vault.keep_for_worker(key, data_key)))


def _seal_officers(file: Picture | Scan) -> None:
    with store().open(file.storage_key or "") as clear:
        kept = put_kept(store(), new_sealed_key(), _chunks(clear), limit_bytes=LIMIT_BYTES, expect=file.sha256)
    content = hashlib.sha256()
    for piece in open_kept(store(), kept.key, kept.wrapped):
        content.update(piece)
    if content.digest() != file.sha256:
        raise ChecksumMismatch
    file.storage_key, file.wrapped, file.sealed_sha256 = kept.key, kept.wrapped, kept.sealed_sha256


def _envelope(photo: ReportPhoto, key: str, data_key: bytes, sealing: SealingKey, now: datetime) -> dict[str, Any]:
    envelope = vault.seal_data_key(sealing, photo.id, key, data_key)
    return {
        "storage_key": key, "photo_id": photo.id, "key_id": sealing.id, "alg": vault.HPKE_X25519, "envelope": envelope,
        "created_on": now.date(),
    }  # fmt: skip


def _proven(key: str, data_key: bytes, sha256: bytes) -> bytes:
    """The hash of a sealed file that opens to what it must: nothing in clear goes before. Raises ChecksumMismatch."""
    with store().open(key) as file:
        opened, content = Opened(file, key, data_key), hashlib.sha256()
        for piece in opened:
            content.update(piece)
    if content.digest() != sha256:
        raise ChecksumMismatch
    return opened.sha256


def _chunks(file: Reader) -> Iterator[bytes]:
    return iter(lambda: file.read(CHUNK_BYTES), b"")
