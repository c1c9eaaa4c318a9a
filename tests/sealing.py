"""Citizens' photos as the API stores them: sealed in the store, their envelope in the vault's table."""

import hashlib
from uuid import uuid4

from sqlalchemy.orm import Session

from cases.intake.photos import new_sealed_key
from cases.models.report import PhotoKey, Report, ReportPhoto
from kit.storage import Stored, begin_sealed, new_data_key, store
from people import vault
from people.models import SealedOriginal
from people.vault import SealingKey
from tests.make import NOW

LIMIT = 32 * 1024 * 1024
UNREAD = ("waiting", "stored")


def sealed_file(content: bytes, data_key: bytes, key: str | None = None) -> Stored:
    """A file in the store that opens with this key."""
    with begin_sealed(store(), key or new_sealed_key(), data_key, limit_bytes=LIMIT) as part:
        part.write(content)
        return part.finish()


def sealed_photo(
    session: Session, report: Report, content: bytes, *, state: str = "stored", sealing: SealingKey | None = None
) -> ReportPhoto:
    """A photo of a report in this state, sealed to the key in force or to the one given."""
    sealing, data_key = sealing or vault.key_in_force(session), new_data_key()
    key = sealed_file(content, data_key).key
    photo = ReportPhoto(
        id=uuid4(), report_client_id=report.client_id, client_id=uuid4(), sha256=hashlib.sha256(content).digest(),
        bytes=len(content), named=True, state=state, storage_key=key, stored_at=NOW,
    )  # fmt: skip
    session.add(photo)
    if state in UNREAD:
        session.add(PhotoKey(storage_key=key, wrapped=vault.keep_for_worker(key, data_key)))
    else:
        with store().open(key) as file:
            photo.sealed_sha256 = hashlib.sha256(file.read()).digest()
    envelope = vault.seal_data_key(sealing, photo.id, key, data_key)
    session.add(
        SealedOriginal(
            storage_key=key, photo_id=photo.id, key_id=sealing.id, alg=vault.HPKE_X25519, envelope=envelope,
            created_on=NOW.date(),
        )
    )  # fmt: skip
    session.flush()
    return photo
