"""Doing one act to many cases: each in a savepoint of its own, a preview in one more that is rolled back."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cases import access, policy
from cases.bulk.acts import Act
from cases.models.bulk import BulkAct
from kit.errors import Conflict, Invalid, Refusal
from people.actors import Actor
from people.roles import Role


class TooManyCases(Invalid):
    """More cases than a person can answer for in one act."""

    code = "bulk.too_many"
    message = "Fewer cases at once, please."
    pointer = "/cases"


class Repeated(Invalid):
    """A case stands twice among those chosen."""

    code = "bulk.repeated"
    message = "A case stands here twice."
    pointer = "/cases"


class IdReused(Conflict):
    """The id was used for another act."""

    code = "bulk.id_reused"
    message = "This id belongs to another act."


@dataclass(frozen=True)
class Chosen:
    """A case in the version that the actor saw."""

    id: UUID
    version: int


@dataclass(frozen=True)
class Answer:
    """What one case answers: its number and new version, or the refusal by its code with all that it told."""

    case_id: str
    number: str | None = None
    version: int | None = None
    code: str | None = None
    detail: str | None = None
    told: dict[str, Any] = field(default_factory=dict)


def preview(session: Session, act: Act, chosen: Sequence[Chosen], *, by: Actor, now: datetime) -> list[Answer]:
    """What `do` would answer now, case by case; nothing of it stays. Raises TooManyCases, Repeated."""
    _check(session, chosen, by, now)
    trial = session.begin_nested()
    try:
        return _each(session, act, chosen, by=by, now=now)
    finally:
        trial.rollback()
        session.expire_all()


def do(
    session: Session, act: Act, chosen: Sequence[Chosen], *, client_id: UUID, by: Actor, now: datetime
) -> tuple[list[Answer], bool]:
    """Do it to each case that lets it; gives the answers, and whether they are new.

    The same `client_id` again is answered with what was answered before. Raises TooManyCases, Repeated, IdReused.
    """
    _check(session, chosen, by, now)
    body = [act.name, asdict(act), [[str(each.id), each.version] for each in chosen]]
    body_hash = hashlib.sha256(json.dumps(body, sort_keys=True, default=str).encode()).digest()
    mine = {"account_id": by.account_id, "client_id": client_id}
    # Whoever sends the same at once waits here for the first to end.
    row = insert(BulkAct).values(**mine, body_hash=body_hash, act=act.name, at=now, answers=[])
    if session.execute(row.on_conflict_do_nothing().returning(BulkAct.client_id)).first() is None:
        return _before(session, client_id, body_hash, by), False
    answers = _each(session, act, chosen, by=by, now=now)
    kept = session.get_one(BulkAct, (by.account_id, client_id))
    kept.answers = [asdict(answer) for answer in answers]
    return answers, True


def _before(session: Session, client_id: UUID, body_hash: bytes, by: Actor) -> list[Answer]:
    known = session.scalars(
        select(BulkAct).where(BulkAct.account_id == by.account_id, BulkAct.client_id == client_id)
    ).one()
    if known.body_hash != body_hash:
        raise IdReused
    return [Answer(**answer) for answer in known.answers]


def _each(session: Session, act: Act, chosen: Sequence[Chosen], *, by: Actor, now: datetime) -> list[Answer]:
    """In the order of their ids, so that two who chose the same do not wait for each other; answered as chosen."""
    answers = {one.id: _one(session, act, one, by=by, now=now) for one in sorted(chosen, key=lambda one: one.id)}
    return [answers[one.id] for one in chosen]


def _one(session: Session, act: Act, one: Chosen, *, by: Actor, now: datetime) -> Answer:
    try:
        with session.begin_nested():
            case = access.lock(session, one.id, by=by, expected_version=one.version)
            act(session, case, by=by, now=now)
            session.flush()
            return Answer(str(one.id), number=case.number, version=case.version)
    except Refusal as refusal:
        told = json.loads(json.dumps(refusal.extra | {"pointer": refusal.pointer}, default=str))
        return Answer(str(one.id), code=refusal.code, detail=refusal.message, told=told)
    except IntegrityError:
        raced = Conflict("Somebody else did this at the same moment; look again.")
        return Answer(str(one.id), code=raced.code, detail=raced.message)


def _check(session: Session, chosen: Sequence[Chosen], by: Actor, now: datetime) -> None:
    if by.has(Role.DISCIPLINE):
        raise access.ReadsOnly
    most: int = policy.value(session, "bulk_most_cases", now)
    if len(chosen) > most:
        raise TooManyCases(most=most)
    if len({one.id for one in chosen}) < len(chosen):
        raise Repeated
