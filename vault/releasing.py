"""Opening what one person may read once, by what two people have agreed to: looked up here, whoever asks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from cases.lifecycle import release as machine
from cases.models.release import PHOTOS, Release
from cases.models.report import Report, ReportPhoto
from cases.releases import CannotOpen, NoSuchRelease
from cases.releases.pieces import unframed
from kit.storage import Opening
from people import sessions
from people.models import SealedIdentity, SealedOriginal
from vault.keyring import Keyring
from vault.opening import CannotBeOpened, content_of, opened


@dataclass(frozen=True)
class Original:
    """A photo as it came, with the key of its file, which nobody else is told."""

    id: UUID
    storage_key: str
    data_key: bytes = field(repr=False)
    bytes: int


@dataclass(frozen=True)
class Read:
    """What a release lets its reader see."""

    identity: dict[str, Any]
    photos: Sequence[Original] = ()


class Opener:
    """Opens the photos of one reading piece by piece, each piece once and in its order. A wrong one raises."""

    def __init__(self, photos: Sequence[Original]) -> None:
        self._openings = [Opening(photo.storage_key, photo.data_key) for photo in photos]

    def __call__(self, frame: bytes) -> bytes:
        """What is in a piece."""
        piece = unframed(frame)
        return self._openings[piece.number].open(piece.sealed, last=piece.last)


def read(session: Session, keyring: Keyring, question: dict[str, Any], *, now: datetime) -> Read:
    """What a release lets its reader see, once: it is noted as read in the transaction that opens it.

    Raises Unidentified, NoSuchRelease, CannotOpen, and what the machine refuses with.
    """
    reader = sessions.actor_of(session, _text(question, "token"), now=now, touch=False)
    found = session.get(Release, _id(question))
    if found is None:
        raise NoSuchRelease
    # The report first, as everybody locks them; of it only the id may be read here.
    report = session.scalars(
        select(Report).where(Report.id == found.report_id).options(load_only(Report.id)).with_for_update()
    ).one()
    session.refresh(found, with_for_update=True)
    machine.move(
        session, report, found, "read", by=reader, now=now, writes={"read_at": now}, due=machine.told_at(session, now)
    )
    try:
        photos = _photos(session, keyring, found) if PHOTOS in found.fields else []
        return Read(_identity(session, keyring, found, beside=bool(photos)), photos)
    except CannotBeOpened as failure:
        raise CannotOpen from failure


def _identity(session: Session, keyring: Keyring, release: Release, *, beside: bool) -> dict[str, Any]:
    """The fields that were agreed to. Without an envelope there are none, which is only right `beside` photos."""
    sealed = session.get(SealedIdentity, release.report_id)
    if sealed is None:
        if not beside:
            raise CannotOpen
        return {}
    identity = opened(keyring, sealed)
    return {name: identity[name] for name in release.fields if name in identity}


def _photos(session: Session, keyring: Keyring, release: Release) -> list[Original]:
    """The report's photos that are still there as they came. One that does not open keeps all from being read."""
    rows = session.execute(
        select(ReportPhoto.id, ReportPhoto.storage_key, ReportPhoto.bytes)
        .join(Report, Report.client_id == ReportPhoto.report_client_id)
        .where(Report.id == release.report_id, ReportPhoto.named, ReportPhoto.storage_key.is_not(None))
        .order_by(ReportPhoto.id)
    )
    return [Original(id_, key or "", _data_key(session, keyring, id_, key), size) for id_, key, size in rows]


def _data_key(session: Session, keyring: Keyring, photo_id: UUID, key: str | None) -> bytes:
    sealed = session.get(SealedOriginal, key)
    if sealed is None or sealed.photo_id != photo_id:
        raise CannotOpen
    return content_of(keyring, sealed)


def _text(question: dict[str, Any], name: str) -> str:
    said = question.get(name)
    return said if isinstance(said, str) else ""


def _id(question: dict[str, Any]) -> UUID:
    try:
        return UUID(_text(question, "release"))
    except ValueError:
        raise NoSuchRelease from None
