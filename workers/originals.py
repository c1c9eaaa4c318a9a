"""Citizens' photos as they came: opened in memory for the one look that is needed, sealed where they still are not.

They arrive sealed (api/mobile/photos.py). What an older release took lies in clear until `seal_originals` comes by.
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
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from cases import retention, trail
from cases.intake.photos import new_sealed_key
from cases.journey import Step
from cases.models.report import ORIGINALS, SEALED, PhotoKey, ReportPhoto
from kit.storage import ChecksumMismatch, Missing, Opened, Reader, begin_sealed, new_data_key, store
from kit.storage.contract import CHUNK_BYTES
from people import vault
from people.models import SealedOriginal
from people.vault import SealingKey

LIMIT_BYTES = 32 * 1024 * 1024
AT_ONCE = 20
UNREAD = ("waiting", "stored")  # states in which the worker has not looked at a photo

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


def seal_originals(session: Session, *, now: datetime, after: str | None = None) -> None:
    """Seal the next photos that an older release took; each file in clear goes once that is stored. Safe to repeat."""
    clear = select(ReportPhoto).where(ReportPhoto.storage_key.like(f"{ORIGINALS}%"))
    if after is not None:
        clear = clear.where(ReportPhoto.id > UUID(after))
    found = session.scalars(clear.order_by(ReportPhoto.id).limit(AT_ONCE).with_for_update(skip_locked=True)).all()
    sealing = vault.key_in_force(session)
    for photo in found:
        try:
            _seal(session, photo, sealing, now=now)
        except (Missing, ChecksumMismatch) as failure:  # ./jz check names it; the others do not wait for it
            log.warning("a photo cannot be sealed", error=failure.code)
    if len(found) == AT_ONCE:
        trail.enqueue(session, Step.SEAL_ORIGINALS, None, now=now, after=str(found[-1].id))


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
    trail.enqueue(session, Step.DROP_FILE, None, now=now, key=clear)


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
