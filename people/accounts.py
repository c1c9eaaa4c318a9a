"""Acts on accounts and their sessions. Each act on an account is written down, and none is on one's own.

Sessions end by a trigger of the database when an account is suspended, moved, or changes its password or roles.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from kit.errors import Conflict, NotAllowed, NotFound
from people import persons, posts, second_factor, sessions, sign_in
from people.actors import Actor
from people.models import Account, AccountEntry, AccountRole, Org
from people.roles import Role

__all__ = ["AccountEntry"]


class NoSuchAccount(NotFound):
    """There is no such account, or it is suspended or restored already."""

    code = "account.unknown"
    message = "There is no such account."


class YourOwnAccount(NotAllowed):
    """Nobody gives themselves rights, or takes their own second factor away."""

    code = "account.your_own"
    message = "Somebody else does this to your account."


class NoFactor(Conflict):
    """The account has no second factor."""

    code = "second_factor.none"
    message = "This account has no second factor."


def suspend(session: Session, account_id: int, *, reason: str, by: Actor, now: datetime) -> AccountEntry:
    """Let an account sign in no more. Raises NoSuchAccount, YourOwnAccount."""
    _other(session, account_id, by, active=True).active = False
    return note(session, account_id, "suspended", reason=reason, by=by, now=now)


def restore(session: Session, account_id: int, *, reason: str, by: Actor, now: datetime) -> AccountEntry:
    """Let a suspended account sign in again. Raises NoSuchAccount, YourOwnAccount."""
    _other(session, account_id, by, active=False).active = True
    return note(session, account_id, "restored", reason=reason, by=by, now=now)


def set_roles(
    session: Session, account_id: int, roles: Iterable[Role], *, reason: str, by: Actor, now: datetime
) -> AccountEntry:
    """Give an account these roles and no other. Raises NoSuchAccount, YourOwnAccount, RolesOfAnother, RolesApart."""
    account = _other(session, account_id, by, active=True)
    given = frozenset(roles)
    posts.check(session.get_one(Org, account.org_id).kind, given)
    wanted = {str(role) for role in given}
    for held in session.scalars(select(AccountRole).where(AccountRole.account_id == account_id)):
        if held.role not in wanted:
            session.delete(held)
        wanted.discard(held.role)
    session.add_all(AccountRole(account_id=account_id, role=role) for role in sorted(wanted))
    session.flush()
    now_held = session.scalars(
        select(AccountRole.role).where(AccountRole.account_id == account_id).order_by(AccountRole.role)
    )
    return note(session, account_id, "roles", reason=reason, roles=now_held.all(), by=by, now=now)


def say_who(
    session: Session, account_id: int, staff_number: str, *, reason: str, by: Actor, now: datetime
) -> AccountEntry:
    """Enter the staff number of whoever holds an account. Raises NoSuchAccount, YourOwnAccount, NoStaffNumber."""
    _other(session, account_id, by, active=True).person_mark = persons.mark_of(staff_number)
    sessions.end_all_of(session, account_id, now)
    return note(session, account_id, "person", reason=reason, by=by, now=now)


def reset_factor(session: Session, account_id: int, *, reason: str, by: Actor, now: datetime) -> AccountEntry:
    """Take a lost second factor away and end the sessions. Raises NoSuchAccount, YourOwnAccount, NoFactor."""
    _other(session, account_id, by, active=True)
    if not second_factor.forget(session, account_id):
        raise NoFactor
    sessions.end_all_of(session, account_id, now)
    return note(session, account_id, "factor_reset", reason=reason, by=by, now=now)


def change_password(session: Session, password: str, *, by: Actor, now: datetime) -> AccountEntry:
    """Set one's own password. Raises WeakPassword."""
    sign_in.check_length(password)
    session.execute(update(Account).where(Account.id == by.account_id).values(password_hash=sign_in.hashed(password)))
    return note(session, by.account_id or 0, "password", by=by, now=now)


def entries(
    session: Session, *, limit: int, account_id: int | None = None, by_id: int | None = None, before: int | None = None
) -> Sequence[AccountEntry]:
    """What was done to accounts, the newest first."""
    found = select(AccountEntry)
    if account_id is not None:
        found = found.where(AccountEntry.account_id == account_id)
    if by_id is not None:
        found = found.where(AccountEntry.by_id == by_id)
    if before is not None:
        found = found.where(AccountEntry.id < before)
    return session.scalars(found.order_by(AccountEntry.id.desc()).limit(limit)).all()


def note(
    session: Session,
    account_id: int,
    kind: str,
    *,
    by: Actor,
    now: datetime,
    reason: str = "",
    roles: Sequence[str] | None = None,
) -> AccountEntry:
    """Write down what was done to an account."""
    entry = AccountEntry(
        account_id=account_id, kind=kind, by_id=by.account_id, at=now, reason=reason,
        roles=None if roles is None else list(roles),
    )  # fmt: skip
    session.add(entry)
    session.flush()
    return entry


def _other(session: Session, account_id: int, by: Actor, *, active: bool) -> Account:
    """Somebody else's account, locked."""
    found = session.get(Account, account_id, with_for_update=True, populate_existing=True)
    if found is None or found.active is not active:
        raise NoSuchAccount
    if by.is_person(found.id):
        raise YourOwnAccount
    return found
