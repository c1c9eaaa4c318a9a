"""A report's photos as they came: which there are, and whether they lie in the store as the worker has seen them."""

from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from cases.models.report import SEALED, Report, ReportPhoto
from cases.releases.refusals import CannotOpen
from kit.storage import Missing, store
from kit.storage.contract import digest_of


def has_originals(session: Session, report: Report) -> bool:
    """Whether any photo of a report is still there as it came."""
    return session.scalar(_kept(report.id).with_only_columns(ReportPhoto.id).limit(1)) is not None


def must_be_whole(session: Session, report_id: UUID) -> None:
    """Each of them is there, sealed, and what was seen of it: looked at before anybody uses up a reading.

    Raises CannotOpen, StorageUnavailable.
    """
    for photo in session.scalars(_kept(report_id)).all():
        if not _is_whole(photo.storage_key or "", photo.sealed_sha256):
            raise CannotOpen


def _kept(report_id: UUID) -> Select[ReportPhoto]:
    of_report = select(ReportPhoto).join(Report, Report.client_id == ReportPhoto.report_client_id)
    return of_report.where(Report.id == report_id, ReportPhoto.named, ReportPhoto.storage_key.is_not(None))


def _is_whole(key: str, sha256: bytes | None) -> bool:
    """One that the worker has not looked at has no hash yet: each of its pieces still proves itself."""
    try:
        with store().open(key) as file:
            return key.startswith(SEALED) and (sha256 is None or digest_of(file) == sha256.hex())
    except Missing:
        return False
