"""A photo joins its report, whichever came first: promised, late, twice, or waiting up to seven days."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
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


class Known(NamedTuple):
    """What is known of a photo by its ids, and of its report."""

    state: str | None
    sha256: bytes | None
    bytes: int | None
    report_state: str | None
    waiting: int


# Asked for each photo, and mostly for nothing: so it is one statement (Lanes.row), and not three of a session.
KNOWN = """
select photo.state, photo.sha256, photo.bytes,
       (select state from intake.report where client_id = %(report_id)s),
       (select count(*) from intake.photo where report_client_id = %(report_id)s)
from (select) as one
left join intake.photo on photo.report_client_id = %(report_id)s and photo.client_id = %(photo_id)s
"""


def asked(upload: Upload) -> dict[str, UUID]:
    """The values of `KNOWN`."""
    return {"report_id": upload.report_client_id, "photo_id": upload.photo_client_id}


def expected(upload: Upload, row: Sequence[Any] | None) -> Known | None:
    """Look before bytes are taken: the stored photo for a replay, None to go on. Raises what would be refused after.

    `row` is what `KNOWN` found.
    """
    known = Known._make(row or (None, None, None, None, 0))
    if known.sha256 is not None and known.sha256.hex() != upload.sha256:
        raise PhotoIdReused
    if known.state in HERE:
        return known
    _check_room(known.report_state, announced=known.state is not None, waiting=known.waiting)
    return None


def already_stored(photo: ReportPhoto | Known) -> str:
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
    waiting = 0 if report or photo else _waiting(session, upload)
    _check_room(report.state if report else None, announced=photo is not None, waiting=waiting)
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


def _waiting(session: Session, upload: Upload) -> int:
    counted = select(func.count()).where(ReportPhoto.report_client_id == upload.report_client_id)
    return session.scalar(counted) or 0


def _check_room(report_state: str | None, *, announced: bool, waiting: int) -> None:
    if report_state == "withdrawn":
        raise Withdrawn
    if announced:
        return
    if report_state is not None:
        raise NotInManifest
    if waiting >= MOST_WAITING_PER_REPORT:
        raise Quota
