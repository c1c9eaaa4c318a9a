"""M47: make and deliver the four copies of a record; a refusal to sign is delivered too, with its note (F10)."""

import hashlib
import json
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import trail
from cases.journey import Kind
from cases.models.case import Case
from cases.models.handling import RECIPIENTS, Acceptance, RecordCopy, Visit
from kit.errors import Conflict, NotAllowed, NotFound
from people.actors import Actor
from people.roles import HANDLERS


class NoSuchCopy(NotFound):
    """There is no such copy of this case's records."""

    code = "copy.unknown"


class DeliveredAlready(Conflict):
    """This copy has been delivered."""

    code = "copy.delivered"


class MayNotDeliver(NotAllowed):
    """The safety office supervises and writes no handling results (M07)."""

    code = "role.missing"


def may_deliver(by: Actor) -> None:
    """Raise MayNotDeliver unless the actor handles cases."""
    if not by.has(*HANDLERS):
        raise MayNotDeliver


def digest(stated: dict[str, Any]) -> bytes:
    """The hash of what a record states: its own, and each copy's (M47)."""
    return hashlib.sha256(json.dumps(stated, ensure_ascii=False, sort_keys=True).encode()).digest()


def make_four(session: Session, record: Visit | Acceptance) -> None:
    """The four copies of a record that is fixed from now on, each with its hash."""
    of = {"visit_id": record.id} if isinstance(record, Visit) else {"acceptance_id": record.id}
    session.add_all(
        RecordCopy(case_id=record.case_id, recipient=recipient, record_hash=record.record_hash, **of)
        for recipient in RECIPIENTS
    )


def deliver(session: Session, case: Case, *, copy_id: UUID, note: str, by: Actor, now: datetime) -> RecordCopy:
    """Note that a copy reached its recipient. Raises NoSuchCopy, DeliveredAlready, MayNotDeliver."""
    may_deliver(by)
    copy = session.scalars(
        select(RecordCopy).where(RecordCopy.case_id == case.id, RecordCopy.id == copy_id)
    ).one_or_none()
    if copy is None:
        raise NoSuchCopy
    if copy.delivered_at is not None:
        raise DeliveredAlready
    copy.delivered_at, copy.delivered_by, copy.note = now, by.account_id, note
    case.version += 1
    trail.record(session, case, Kind.COPY_DELIVERED, by=by, now=now, recipient=copy.recipient)
    return copy
