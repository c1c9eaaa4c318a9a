"""Opening one identity for one person, by what two people have agreed to: looked up here, whoever asks."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from cases.lifecycle import release as machine
from cases.models.release import Release
from cases.models.report import Report
from cases.releases import CannotOpen, NoSuchRelease
from people import sessions
from people.models import SealedIdentity
from vault.keyring import Keyring
from vault.opening import CannotBeOpened, opened


def read(session: Session, keyring: Keyring, question: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    """The fields that a release lets its reader see, once: it is noted as read in the transaction that opens it.

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
    sealed = session.get(SealedIdentity, found.report_id)
    if sealed is None:
        raise CannotOpen
    try:
        identity = opened(keyring, sealed)
    except CannotBeOpened as failure:
        raise CannotOpen from failure
    return {field: identity[field] for field in found.fields if field in identity}


def _text(question: dict[str, Any], name: str) -> str:
    said = question.get(name)
    return said if isinstance(said, str) else ""


def _id(question: dict[str, Any]) -> UUID:
    try:
        return UUID(_text(question, "release"))
    except ValueError:
        raise NoSuchRelease from None
