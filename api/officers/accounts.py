"""/o/v1/accounts: whoever runs the district suspends, restores, changes roles, says whose it is, and resets a factor.

What was done is read here, by them and by the discipline body (M78).
"""

from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import Field

from api.cursors import bound
from api.dependencies import OFFICERS, CurrentActor, IdentifiedActor, Now, OfficerSession
from api.officers.bodies import Body, Short
from api.officers.shapes import plain
from api.paging import Page
from api.rights import Scope, may
from api.routes import officers_router
from kit.db import unit_of_work
from people import accounts
from people.roles import Role

router = officers_router("/accounts", tags=["accounts"])
AccountId = Annotated[int, Path(ge=1, lt=2**31)]


class Why(Body):
    """Why it is done."""

    reason: Short


class RolesIn(Body):
    """What the account may do from here on, and why."""

    roles: Annotated[list[Role], Field(min_length=1, max_length=len(Role))]
    reason: Short


class PersonIn(Body):
    """Whose account it is: the staff number, of which a keyed mark alone is kept."""

    staff_number: Short
    reason: Short


@router.get("/entries", name="list_account_entries")
@may(Role.SYSADMIN, Role.DISCIPLINE, scope=Scope.DISTRICT)
def list_account_entries(
    session: OfficerSession,
    actor: CurrentActor,
    page: Page,
    account_id: Annotated[int | None, Query(ge=1, lt=2**31)] = None,
    by_id: Annotated[int | None, Query(ge=1, lt=2**31)] = None,
) -> dict[str, Any]:
    """What was done to accounts, by whom and why, the newest first; of one account, or by one, where asked."""
    whose = bound("account-entries", actor.account_id, account_id, by_id)
    (before,) = page.key(whose) or (None,)
    rows = accounts.entries(session, account_id=account_id, by_id=by_id, limit=page.limit, before=before)
    return {
        "items": [plain(row, "id account_id kind by_id at reason roles") for row in rows],
        "next": page.next(whose, rows, lambda row: (row.id,)),
    }


@router.post("/{account_id}/suspensions", status_code=201, name="suspend_account")
@may(Role.SYSADMIN, scope=Scope.DISTRICT, grave=True)
def suspend_account(account_id: AccountId, body: Why, actor: IdentifiedActor, now: Now) -> dict[str, Any]:
    """Its sessions end at once, and it opens no other."""
    with unit_of_work(OFFICERS) as session:
        return _told(accounts.suspend(session, account_id, reason=body.reason, by=actor, now=now))


@router.post("/{account_id}/restorations", status_code=201, name="restore_account")
@may(Role.SYSADMIN, scope=Scope.DISTRICT, grave=True)
def restore_account(account_id: AccountId, body: Why, actor: IdentifiedActor, now: Now) -> dict[str, Any]:
    """It may sign in again."""
    with unit_of_work(OFFICERS) as session:
        return _told(accounts.restore(session, account_id, reason=body.reason, by=actor, now=now))


@router.post("/{account_id}/roles", status_code=201, name="set_roles")
@may(Role.SYSADMIN, scope=Scope.DISTRICT, grave=True)
def set_roles(account_id: AccountId, body: RolesIn, actor: IdentifiedActor, now: Now) -> dict[str, Any]:
    """What it may do from here on; its sessions end."""
    with unit_of_work(OFFICERS) as session:
        return _told(accounts.set_roles(session, account_id, body.roles, reason=body.reason, by=actor, now=now))


@router.post("/{account_id}/persons", status_code=201, name="say_whose_account")
@may(Role.SYSADMIN, scope=Scope.DISTRICT, grave=True)
def say_whose_account(account_id: AccountId, body: PersonIn, actor: IdentifiedActor, now: Now) -> dict[str, Any]:
    """Enter the staff number of its holder: accounts with the same one are one person's; its sessions end."""
    with unit_of_work(OFFICERS) as session:
        entry = accounts.say_who(session, account_id, body.staff_number, reason=body.reason, by=actor, now=now)
        return _told(entry)


@router.post("/{account_id}/second-factor-resets", status_code=201, name="reset_second_factor")
@may(Role.SYSADMIN, scope=Scope.DISTRICT, grave=True)
def reset_second_factor(account_id: AccountId, body: Why, actor: IdentifiedActor, now: Now) -> dict[str, Any]:
    """Take a lost second factor away: the account enrols another at its next sign-in; its sessions end."""
    with unit_of_work(OFFICERS) as session:
        return _told(accounts.reset_factor(session, account_id, reason=body.reason, by=actor, now=now))


def _told(entry: accounts.AccountEntry) -> dict[str, Any]:
    return {"account_id": entry.account_id, "kind": entry.kind, "at": entry.at, "roles": entry.roles}
