"""Certificates of the demo's officers: without two that count, no check is an enforcement check (M61, F21)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kit.clock import LOCAL_ZONE
from people import certificates
from people.actors import Actor
from people.models import Account, AccountRole, Certificate
from people.roles import Role

HOLDERS = (Role.TOWN_OFFICER, Role.DEPT_OFFICER, Role.DEPT_LEADER)


def certify(session: Session, now: datetime) -> None:
    """Enter one for every officer who has none, as whoever reviews the law enters them. Repeating adds none."""
    legal = session.scalars(select(Account).where(Account.username == "legal")).one()
    by = Actor("officer", legal.name, legal.id, legal.org_id, "district", frozenset({Role.LEGAL_REVIEWER}))
    roles = select(AccountRole.account_id).where(AccountRole.role.in_([str(role) for role in HOLDERS]))
    held = select(Certificate.account_id)
    without = select(Account.id).where(Account.id.in_(roles), Account.id.not_in(held)).order_by(Account.id)
    year = now.astimezone(LOCAL_ZONE).year
    for account_id in session.scalars(without).all():
        certificates.enter(
            session, account_id, number=f"望执法{account_id:06d}", scope=[certificates.EVERYTHING], known=(),
            valid_from=date(year, 1, 1), valid_to=date(year + 1, 12, 31), by=by, now=now,
        )  # fmt: skip
