"""Who may use which power, on which day, and with how many certified officers (M51, M58, M61, F19-F21)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import policy, ties
from cases.lifecycle.certified import certified
from cases.models.case import Case
from cases.models.delegation import Delegation
from cases.models.policy import MeasureType
from kit.clock import LOCAL_ZONE
from kit.errors import Invalid, NotAllowed
from people import persons
from people.actors import Actor
from people.models import Account, Org

ANY_DEPARTMENT = "department"


class NoPower(NotAllowed):
    """The body has this power neither of its own nor by a delegation in force on the day (F19, M58)."""

    code = "power.none"
    message = "Your body has no such power on this day."


class TooFewOfficers(Invalid):
    """At least two certified officers of the acting body must act (F21, X23); `uncertified` names who is not."""

    code = "power.too_few_officers"
    message = "At least two officers with valid certificates must act."
    pointer = "/officer_ids"


def has_own_power(session: Session, org: Org, power: MeasureType, at: datetime) -> bool:
    """Whether the law gives this power to the body itself: to any department, or to departments of its kind."""
    if org.kind != "department":
        return False
    kinds = {policy.acting_kind(session, kind, at) for kind in power.organ_kinds} | set(power.organ_kinds)
    return ANY_DEPARTMENT in kinds or org.department_kind in kinds


def delegations_on(session: Session, org_id: int, at: datetime) -> list[Delegation]:
    """The delegations to a body that are in force on the local day of `at`: published, begun and not over."""
    day = at.astimezone(LOCAL_ZONE).date()
    valid = select(Delegation).where(
        Delegation.to_org_id == org_id, Delegation.valid_from <= day, Delegation.valid_to >= day,
        Delegation.published != "", Delegation.ended_at.is_(None) | (Delegation.ended_at > at),
    )  # fmt: skip
    return list(session.scalars(valid.order_by(Delegation.registered_at, Delegation.id)))


def source_of(session: Session, org_id: int, power: MeasureType, at: datetime) -> Delegation | None:
    """The delegation by which a body has a power on the day of `at`, or None for its own power. Raises NoPower."""
    if has_own_power(session, session.get_one(Org, org_id), power, at):
        return None
    for delegation in delegations_on(session, org_id, at):
        if power.delegable and power.code in delegation.items:
            return delegation
    raise NoPower(power=power.code)


def may_penalise(session: Session, org_id: int, at: datetime) -> None:
    """Whether a body may decide any penalty at all on the day of `at`. Raises NoPower."""
    if session.get_one(Org, org_id).kind == "department":
        return
    powers = {row.code for row in policy.measure_types(session, at) if row.delegable and row.nature != "measure"}
    if not any(powers & set(row.items) for row in delegations_on(session, org_id, at)):
        raise NoPower


def two_certified(
    *, session: Session, case: Case, by: Actor, now: datetime, officer_ids: Sequence[int], **_: Any
) -> None:
    """F21: at least two different active officers of the acting body, each certified on the day."""
    ties.screen(session, case, officer_ids)
    known = select(Account.id).where(Account.id.in_(officer_ids), Account.org_id == by.org_id, Account.active)
    held = certified(session, case, set(session.scalars(known)), now=now)
    enough = persons.number(session, held) >= policy.value(session, "enforcement_officers", now)
    if not enough or set(held) != set(officer_ids):
        raise TooFewOfficers(uncertified=sorted(set(officer_ids) - set(held)))
