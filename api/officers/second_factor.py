"""/o/v1/me/…: enrol a second factor, give a fresh code, change the password, see and end one's sessions."""

from typing import Any
from uuid import UUID

from fastapi import Response

from api import own_account
from api.dependencies import OFFICERS, BearerToken, IdentifiedActor, Now
from api.officers.bodies import Body, Code, Password
from api.rights import EVERY_OFFICER, Scope, may
from api.routes import officers_router
from kit.db import unit_of_work
from people import accounts, second_factor, sessions

router = officers_router("/me", tags=["sign-in"])


class PasswordIn(Body):
    """One's own password, again."""

    password: Password


class CodeIn(Body):
    """A code of the second factor."""

    code: Code


class NewPassword(Body):
    """The old and the new password."""

    password: Password
    new_password: Password


@router.post("/second-factor", status_code=201, name="begin_second_factor")
@may(EVERY_OFFICER, scope=Scope.SELF, enrolling=True)
def begin_second_factor(body: PasswordIn, actor: IdentifiedActor, now: Now, response: Response) -> dict[str, Any]:
    """A secret for an authenticator, as an address and as a square to scan; a first code confirms it."""
    begun = own_account.begin_factor(body.password, by=actor, now=now)
    response.headers["Cache-Control"] = "no-store"
    return {"uri": begun.uri, "secret": begun.secret, "qr_svg": begun.square}


@router.post("/second-factor/confirmation", status_code=201, name="confirm_second_factor")
@may(EVERY_OFFICER, scope=Scope.SELF, enrolling=True)
def confirm_second_factor(
    body: CodeIn, actor: IdentifiedActor, token: BearerToken, now: Now, response: Response
) -> dict[str, Any]:
    """The first code: from here on it is asked for. The recovery codes are told this once; other sessions end."""
    codes = own_account.confirm_factor(token, body.code, by=actor, now=now)
    response.headers["Cache-Control"] = "no-store"
    return {"recovery_codes": codes}


@router.post("/second-factor/recovery-codes", status_code=201, name="renew_recovery_codes")
@may(EVERY_OFFICER, scope=Scope.SELF, grave=True)
def renew_recovery_codes(actor: IdentifiedActor, now: Now, response: Response) -> dict[str, Any]:
    """Ten new recovery codes, told this once; the older ones are void."""
    with unit_of_work(OFFICERS) as session:
        if second_factor.enrolled(session, actor.account_id or 0) is None:
            raise second_factor.NotEnrolling
        codes = second_factor.new_recovery_codes(session, actor.account_id or 0)
        accounts.note(session, actor.account_id or 0, "codes", by=actor, now=now)
    response.headers["Cache-Control"] = "no-store"
    return {"recovery_codes": codes}


@router.post("/second-factor/fresh-codes", status_code=204, name="give_fresh_code")
@may(EVERY_OFFICER, scope=Scope.SELF)
def give_fresh_code(body: CodeIn, actor: IdentifiedActor, token: BearerToken, now: Now) -> None:
    """A fresh code opens the gravest acts for five minutes, in this session."""
    own_account.give_fresh_code(token, body.code, by=actor, now=now)


@router.post("/passwords", status_code=204, name="change_password")
@may(EVERY_OFFICER, scope=Scope.SELF, enrolling=True)
def change_password(body: NewPassword, actor: IdentifiedActor, now: Now) -> None:
    """A new password. Every session ends with the old one, this one too."""
    own_account.change_password(body.password, body.new_password, by=actor, now=now)


@router.get("/sessions", name="list_sessions")
@may(EVERY_OFFICER, scope=Scope.SELF, enrolling=True)
def list_sessions(actor: IdentifiedActor, token: BearerToken, now: Now) -> dict[str, Any]:
    """One's own open sessions, the newest first; `current` is the one that asks."""
    with unit_of_work(OFFICERS) as session:
        rows = sessions.open_sessions(session, by=actor, now=now)
        mine = sessions.token_hash(token)
        return {
            "items": [
                {"id": row.id, "created_at": row.created_at, "seen_at": row.seen_at, "expires_at": row.expires_at,
                 "current": bytes(row.token_hash) == mine}
                for row in rows
            ],
            "recovery_codes_left": second_factor.left(session, actor.account_id or 0),
        }  # fmt: skip


@router.post("/sessions/ending", status_code=204, name="end_all_sessions")
@may(EVERY_OFFICER, scope=Scope.SELF, enrolling=True)
def end_all_sessions(actor: IdentifiedActor, now: Now) -> None:
    """End all of one's sessions, this one too."""
    with unit_of_work(OFFICERS) as session:
        sessions.end_all(session, by=actor, now=now)


@router.post("/sessions/{session_id}/ending", status_code=204, name="end_one_session")
@may(EVERY_OFFICER, scope=Scope.SELF, enrolling=True)
def end_one_session(session_id: UUID, actor: IdentifiedActor, now: Now) -> None:
    """End one of one's sessions."""
    with unit_of_work(OFFICERS) as session:
        sessions.end_one(session, session_id, by=actor, now=now)
