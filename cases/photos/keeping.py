"""Who can still open a citizen's photo as it came, and letting go of it: without its envelope nobody ever can."""

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from cases.models.report import PhotoKey, ReportPhoto
from kit.storage import store
from people.models import SealedOriginal


def forget_key(session: Session, photo: ReportPhoto) -> None:
    """The worker has looked at a photo: from here on the vault alone can open it."""
    session.execute(delete(PhotoKey).where(PhotoKey.storage_key == photo.storage_key))


def let_go_of_original(session: Session, photo: ReportPhoto) -> None:
    """Let go of a locked photo as it came, if it is here: its envelope, so that no copy opens again, and the file."""
    if photo.storage_key is None:
        return
    forget_key(session, photo)
    session.execute(delete(SealedOriginal).where(SealedOriginal.storage_key == photo.storage_key))
    store().delete(photo.storage_key)
    photo.storage_key, photo.sealed_sha256 = None, None
    session.flush()


def let_go_of_envelopes(session: Session) -> None:
    """Let go of envelopes and keys whose file no photo names: another content was announced meanwhile."""
    session.execute(delete(PhotoKey).where(~_is_named(PhotoKey.storage_key)))
    session.execute(delete(SealedOriginal).where(~_is_named(SealedOriginal.storage_key)))


def _is_named(key: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    return select(ReportPhoto.id).where(ReportPhoto.storage_key == key).exists()
