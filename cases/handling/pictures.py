"""Photos that officers take for a case, and finding one to show."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cases import access, trail
from cases.journey import Step
from cases.lifecycle.look_back import PICTURE
from cases.models.aftercare import LookBack
from cases.models.case import Case
from cases.models.handling import Picture
from kit.errors import Conflict, NotAllowed, NotFound
from kit.storage import Kept
from people.actors import Actor
from people.roles import Role

ROLES = ("near", "far", "before", "after", "permit", "look_back")


class NoSuchPicture(NotFound):
    """There is no such picture, or it is not for this actor."""

    code = "picture.unknown"


class MayNotAdd(NotAllowed):
    """Only those who handle a case add pictures to it (M07)."""

    code = "role.missing"


class IdReused(Conflict):
    """The same id was used for another picture of this case."""

    code = "picture.id_reused"
    message = "This id belongs to another picture."


def add_picture(
    session: Session,
    case: Case,
    file: Kept,
    *,
    role: str,
    client_id: UUID | None = None,
    by: Actor,
    now: datetime,
) -> Picture:
    """Attach a sealed file to a case; a worker makes the clean copies that are shown.

    An image that another case has is kept and marked, and proves nothing (X20). `client_id` lets a retry find the
    first; ask `sent_before` for it.
    """
    if not _may_add(session, case, role, by):
        raise MayNotAdd
    picture = Picture(
        case_id=case.id, role=role, account_id=by.account_id, received_at=now, sha256=file.sha256, client_id=client_id,
        reused=bool(session.scalar(select(func.handling.is_used_elsewhere(file.sha256, case.id)))),
        storage_key=file.key, wrapped=file.wrapped, sealed_sha256=file.sealed_sha256, state="stored",
    )  # fmt: skip
    session.add(picture)
    session.flush()
    trail.enqueue(session, Step.CLEAN_PICTURE, picture.id, now=now)
    return picture


def _may_add(session: Session, case: Case, role: str, by: Actor) -> bool:
    """Those who handle it; and to show what a look-back found, only who is making it (M07, M64)."""
    if role != PICTURE:
        return by.has(Role.TOWN_OFFICER, Role.TOWN_CLERK, Role.TOWN_LEADER, Role.DEPT_OFFICER, Role.DEPT_LEADER)
    theirs = select(LookBack.id).where(
        LookBack.case_id == case.id, LookBack.state == "visiting", LookBack.assignee_id == by.account_id
    )
    return session.scalar(theirs.limit(1)) is not None


def sent_before(
    session: Session, case: Case, *, client_id: UUID | None, role: str, sha256: bytes, by: Actor
) -> Picture | None:
    """The picture that this officer sent for this case under this id already. Raises IdReused for other content."""
    if client_id is None:
        return None
    # Of two that come at once, the second waits here until the first is stored or has failed.
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(client_id), 0))))
    mine = (Picture.case_id == case.id, Picture.account_id == by.account_id, Picture.client_id == client_id)
    picture = session.scalars(select(Picture).where(*mine)).one_or_none()
    if picture is not None and (picture.role, picture.sha256) != (role, sha256):
        raise IdReused
    return picture


def find_picture(session: Session, picture_id: UUID, *, by: Actor) -> Picture:
    """A clean picture of a case that the actor may see. Raises NoSuchPicture."""
    statement = (
        select(Picture)
        .join(Case, Case.id == Picture.case_id)
        .where(Picture.id == picture_id, Picture.state == "clean", access.visible_to(by))
    )
    picture = session.scalars(statement).one_or_none()
    if picture is None:
        raise NoSuchPicture
    return picture
