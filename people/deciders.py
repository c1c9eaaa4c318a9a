"""Roles that give the decisions for which reports and cases wait: no leave takes the last from an office (M15, D8).

Whoever stands in takes over work and notices, and no role: a role is given by name and written down (C2, M78), and what
somebody decides without one is void (F19, X23). So it is asked before a leave who else decides meanwhile.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from people import persons
from people.models import Account, AccountRole
from people.roles import Role
from people.roster import Absence

DECIDE = (Role.TOWN_LEADER, Role.DEPT_LEADER, Role.INTAKE_OFFICER, Role.SAFETY_OFFICE)


def missing(session: Session, account_id: int, from_at: datetime, to_at: datetime) -> list[Role]:
    """The deciding roles of an account that at some instant of the stretch no other person of its office would hold.

    That person is active and not away then.
    """
    held = select(AccountRole.role).where(AccountRole.account_id == account_id, AccountRole.role.in_(DECIDE))
    roles = sorted(map(Role, session.scalars(held)))
    return [role for role in roles if not _always_held(session, role, account_id, from_at, to_at)]


def _always_held(session: Session, role: Role, account_id: int, from_at: datetime, to_at: datetime) -> bool:
    """Whether somebody else is there throughout: people leave at the beginning of an absence, so that is asked."""
    others = _others(session, role, account_id)
    away = _absences(session, others, from_at, to_at)
    instants = {from_at, *(row.from_at for row in away if row.from_at > from_at)}
    return all(set(others) - {row.account_id for row in away if row.from_at <= at < row.to_at} for at in instants)


def _others(session: Session, role: Role, account_id: int) -> Sequence[int]:
    office = select(Account.org_id).where(Account.id == account_id).scalar_subquery()
    holders = (
        select(Account.id)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(Account.org_id == office, Account.active, AccountRole.role == role)
    )
    return session.scalars(holders.where(Account.id.not_in(persons.accounts_of(session, account_id)))).all()


def _absences(session: Session, people: Sequence[int], from_at: datetime, to_at: datetime) -> Sequence[Absence]:
    found = select(Absence).where(
        Absence.account_id.in_(people), Absence.cancelled_at.is_(None), Absence.from_at < to_at, Absence.to_at > from_at
    )
    return session.scalars(found).all()
