"""/o/v1/accounts: whoever runs the district suspends, restores, changes roles, and takes a lost second factor away."""

from typing import Annotated, Any

from fastapi import Path
from pydantic import Field

from api.dependencies import OFFICERS, IdentifiedActor, Now
from api.officers.bodies import Body, Short
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


@router.post("/{account_id}/second-factor-resets", status_code=201, name="reset_second_factor")
@may(Role.SYSADMIN, scope=Scope.DISTRICT, grave=True)
def reset_second_factor(account_id: AccountId, body: Why, actor: IdentifiedActor, now: Now) -> dict[str, Any]:
    """Take a lost second factor away: the account enrols another at its next sign-in; its sessions end."""
    with unit_of_work(OFFICERS) as session:
        return _told(accounts.reset_factor(session, account_id, reason=body.reason, by=actor, now=now))


def _told(entry: accounts.AccountEntry) -> dict[str, Any]:
    return {"account_id": entry.account_id, "kind": entry.kind, "at": entry.at, "roles": entry.roles}
