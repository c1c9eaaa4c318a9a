"""The register of delegations (M58, F19, F20): who may use whose power, from when until when, as published."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import policy
from cases.lifecycle import powers
from cases.models.delegation import Delegation
from kit.errors import Conflict, Invalid, NotAllowed, NotFound, Stale, Unconditional
from people.actors import Actor
from people.models import Org
from people.roles import Role

REGISTRARS = (Role.SAFETY_OFFICE, Role.SYSADMIN)


class NoSuchDelegation(NotFound):
    """There is no such delegation."""

    code = "delegation.unknown"


class MayNotRegister(NotAllowed):
    """The register is kept by the safety office and the administration."""

    code = "role.missing"


class NotDelegable(Invalid):
    """The first body has no such power itself, or the law does not let it hand it on; `items` names which."""

    code = "delegation.not_delegable"
    message = "These powers cannot be handed over by this body."
    pointer = "/items"


class WrongBodies(Invalid):
    """A department hands powers to a town of the district."""

    code = "delegation.wrong_bodies"
    message = "A department hands powers over to a town."
    pointer = "/to_org_id"


class EndedAlready(Conflict):
    """The delegation has been ended."""

    code = "delegation.ended"


@dataclass(frozen=True)
class DelegationDraft:
    """What the published document says. The days are local, and `valid_to` is the last one."""

    kind: str
    from_org_id: int
    to_org_id: int
    items: list[str]
    valid_from: date
    valid_to: date
    document: str
    published: str


def delegations(session: Session) -> list[Delegation]:
    """The whole register, the newest first."""
    return list(session.scalars(select(Delegation).order_by(Delegation.registered_at.desc(), Delegation.id)))


def register(session: Session, draft: DelegationDraft, *, by: Actor, now: datetime) -> Delegation:
    """Enter a delegation. Raises MayNotRegister, WrongBodies, NotDelegable, UnknownMeasureType."""
    _may_register(by)
    giver, taker = (session.get(Org, org_id) for org_id in (draft.from_org_id, draft.to_org_id))
    if giver is None or taker is None or (giver.kind, taker.kind) != ("department", "town"):
        raise WrongBodies
    if draft.valid_to < draft.valid_from:
        raise Invalid("The last day is not before the first.", pointer="/valid_to")
    types = [policy.measure_type(session, code, now, field="items") for code in draft.items]
    refused = [
        power.code for power in types
        if not power.delegable or not powers.has_own_power(session, giver, power, now)
    ]  # fmt: skip
    if refused:
        raise NotDelegable(items=refused)
    made = Delegation(**draft.__dict__, registered_by=by.account_id, registered_at=now)
    session.add(made)
    session.flush()
    return made


def end(
    session: Session, delegation_id: UUID, *, reason: str, seen: int | None, by: Actor, now: datetime
) -> Delegation:
    """End a delegation at once, before its last day. Raises NoSuchDelegation, Unconditional, Stale, EndedAlready."""
    _may_register(by)
    found = session.scalars(select(Delegation).where(Delegation.id == delegation_id).with_for_update()).one_or_none()
    if found is None:
        raise NoSuchDelegation
    if seen is None:
        raise Unconditional
    if seen != found.version:
        raise Stale(current={"id": str(found.id), "version": found.version})
    if found.ended_at is not None:
        raise EndedAlready
    found.ended_at, found.ended_by, found.end_reason = now, by.account_id, reason
    found.version += 1
    return found


def _may_register(by: Actor) -> None:
    if not by.has(*REGISTRARS):
        raise MayNotRegister
