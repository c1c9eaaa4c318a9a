"""A photo joins its report, whichever came first: promised, late, twice, or waiting up to seven days."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cases import trail
from cases.lifecycle.machine import NotInState
from cases.models.report import Report, ReportPhoto
from kit.errors import Invalid, TooMany
from people.actors import CITIZEN

MOST_WAITING_PER_REPORT = 9
HERE = ("waiting", "stored", "clean", "rejected")


class NotInManifest(Invalid):
    """The report is here and does not name this photo."""

    code = "photo.not_in_manifest"
    message = "The report does not name this photo."
    pointer = "/photo_id"


class PhotoIdReused(Invalid):
    """This id was announced or sent with other content."""

    code = "photo.id_reused"
    message = "This id belongs to another photo."
    pointer = "/photo_id"


class Quota(TooMany):
    """Too many photos wait for a report that has not come."""

    code = "photo.quota"
    message = "Too many photos wait for this report; send the report first."
    retryable = True


class Withdrawn(NotInState):
    """The report was withdrawn; nothing more is taken for it."""

    code = "report.withdrawn"
    message = "This report was withdrawn."


@dataclass(frozen=True)
class Upload:
    """A photo by its client's ids, with the hash that was announced, lower-case hex."""

    report_client_id: UUID
    photo_client_id: UUID
    sha256: str


def expect(session: Session, upload: Upload) -> ReportPhoto | None:
    """Look before bytes are taken: the stored photo for a replay, None to go on. Raises what would be refused after."""
    photo = session.get(ReportPhoto, (upload.report_client_id, upload.photo_client_id))
    if photo is not None and photo.sha256.hex() != upload.sha256:
        raise PhotoIdReused
    if photo is not None and photo.state in HERE:
        return photo
    _room_for(session, upload, photo)
    return None


def already_stored(photo: ReportPhoto) -> str:
    """The state a phone is told of a stored photo: `waiting` or `stored`."""
    return "waiting" if photo.state == "waiting" else "stored"


def new_key() -> str:
    """A storage key of our own making; it says nothing of the photo."""
    token = secrets.token_hex(16)
    return f"originals/{token[:2]}/{token}"


def attach(session: Session, upload: Upload, *, key: str, size: int, now: datetime) -> ReportPhoto:
    """Note a durable file as this photo. A rival that was first wins, and its row is given back."""
    report = session.scalars(
        select(Report).where(Report.client_id == upload.report_client_id).with_for_update()
    ).one_or_none()
    photo = session.scalars(
        select(ReportPhoto)
        .where(
            ReportPhoto.report_client_id == upload.report_client_id,
            ReportPhoto.client_id == upload.photo_client_id,
        )
        .with_for_update()
    ).one_or_none()
    if photo is not None and photo.state in HERE:
        return photo
    _room_for(session, upload, photo)
    if photo is None:
        photo = ReportPhoto(
            report_client_id=upload.report_client_id, client_id=upload.photo_client_id,
            sha256=bytes.fromhex(upload.sha256), bytes=size, named=False, state="waiting",
        )  # fmt: skip
        session.add(photo)
    photo.storage_key, photo.stored_at, photo.bytes = key, now, size
    photo.state = "stored" if photo.named else "waiting"
    session.flush()
    if report is not None:
        trail.record_photo(session, report, photo.id, by=CITIZEN, now=now)
    return photo


def _room_for(session: Session, upload: Upload, photo: ReportPhoto | None) -> None:
    state = session.scalar(select(Report.state).where(Report.client_id == upload.report_client_id))
    if state == "withdrawn":
        raise Withdrawn
    if state is not None and photo is None:
        raise NotInManifest
    waiting = select(func.count()).where(ReportPhoto.report_client_id == upload.report_client_id)
    if state is None and photo is None and (session.scalar(waiting) or 0) >= MOST_WAITING_PER_REPORT:
        raise Quota
