"""Photos that officers take for a case, and finding one to show."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import access, trail
from cases.journey import Step
from cases.models.case import Case
from cases.models.handling import Picture
from kit.errors import NotAllowed, NotFound
from people.actors import Actor
from people.roles import Role

ROLES = ("near", "far", "before", "after")


class NoSuchPicture(NotFound):
    """There is no such picture, or it is not for this actor."""

    code = "picture.unknown"


class MayNotAdd(NotAllowed):
    """Only those who handle a case add pictures to it (M07)."""

    code = "role.missing"


def add_picture(
    session: Session, case: Case, *, role: str, storage_key: str, sha256: bytes, by: Actor, now: datetime
) -> Picture:
    """Attach a stored file to a locked case; a worker makes the clean copies that are shown."""
    if not by.has(Role.TOWN_OFFICER, Role.TOWN_CLERK, Role.TOWN_LEADER, Role.DEPT_OFFICER, Role.DEPT_LEADER):
        raise MayNotAdd
    picture = Picture(
        case_id=case.id, role=role, account_id=by.account_id, received_at=now, sha256=sha256,
        storage_key=storage_key, state="stored",
    )  # fmt: skip
    session.add(picture)
    session.flush()
    trail.enqueue(session, Step.CLEAN_PICTURE, picture.id, now=now)
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
