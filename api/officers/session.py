"""/o/v1/sessions, /o/v1/me, /o/v1/notices: sign in, who am I, what must I know."""

from typing import Any

from fastapi import Request, Response
from sqlalchemy import select

from api.cursors import bound
from api.dependencies import OFFICERS, BearerToken, CurrentActor, IdentifiedActor, Now, OfficerSession, host_of
from api.officers.bodies import SignIn
from api.paging import Page
from api.rights import EVERY_OFFICER, WRITERS, Scope, anybody, may
from api.routes import officers_router
from api.signing_in import signed_in
from cases import notices
from kit.db import unit_of_work
from people import sessions
from people.actors import Actor
from people.models import Account, Org

router = officers_router(tags=["officers"])


@router.post("/sessions", status_code=201, name="sign_in")
@anybody
def create_session(body: SignIn, request: Request, response: Response, now: Now) -> dict[str, Any]:
    """Sign in with name and password; the token goes into `Authorization: Bearer`."""
    signed = signed_in(host_of(request), body.username, body.password, body.code, now=now)
    response.headers["Cache-Control"] = "no-store"
    return {"token": signed.token, "expires_at": signed.expires_at.isoformat(), "me": _me(signed.actor)}


@router.post("/sessions/end", status_code=204, name="sign_out")
@may(EVERY_OFFICER, scope=Scope.SELF, enrolling=True)
def end_session(token: BearerToken, _actor: IdentifiedActor, now: Now) -> None:
    """End this session at once."""
    with unit_of_work(OFFICERS) as session:
        sessions.sign_out(session, token, now=now)


@router.get("/me", name="me")
@may(EVERY_OFFICER, scope=Scope.SELF, enrolling=True)
def me(actor: CurrentActor) -> dict[str, Any]:
    """Who is signed in."""
    return _me(actor)


@router.get("/orgs", name="list_orgs")
@may(EVERY_OFFICER, scope=Scope.HOUSE)
def list_orgs(session: OfficerSession) -> dict[str, Any]:
    """Every active office."""
    rows = session.scalars(select(Org).where(Org.active).order_by(Org.code))
    names = ("id", "code", "kind", "name_zh", "name_en", "unit_code", "department_kind")
    return {"items": [{name: getattr(org, name) for name in names} for org in rows]}


@router.get("/colleagues", name="list_colleagues")
@may(EVERY_OFFICER, scope=Scope.OFFICE)
def list_colleagues(session: OfficerSession, actor: CurrentActor) -> dict[str, Any]:
    """Active officers of one's own office, to assign work to."""
    rows = session.execute(
        select(Account.id, Account.name).where(Account.org_id == actor.org_id, Account.active).order_by(Account.id)
    )
    return {"items": [{"id": id_, "name": name} for id_, name in rows]}


@router.get("/notices", name="list_notices")
@may(EVERY_OFFICER, scope=Scope.OFFICE)
def list_notices(session: OfficerSession, actor: CurrentActor, page: Page) -> dict[str, Any]:
    """Unread notices of one's office, newest first."""
    whose = bound("notices", actor.account_id)
    (before,) = page.key(whose) or (None,)
    rows = notices.unread(session, by=actor, limit=page.limit, before=before)
    return {
        "items": [
            {"id": n.id, "kind": n.kind, "text": n.text, "at": n.created_at.isoformat(),
             "case_id": str(n.case_id) if n.case_id else None}
            for n in rows
        ],
        "next": page.next(whose, rows, lambda row: (row.id,)),
    }  # fmt: skip


@router.post("/notices/{notice_id}/reading", name="read_notice")
@may(WRITERS, scope=Scope.OFFICE)
def read_notice(notice_id: int, session: OfficerSession, actor: CurrentActor, now: Now) -> dict[str, bool]:
    """Note that the office has read a notice."""
    return {"first": notices.mark_read(session, notice_id, by=actor, now=now)}


def _me(actor: Actor) -> dict[str, Any]:
    return {
        "account_id": actor.account_id, "name": actor.name, "org_id": actor.org_id, "org_kind": actor.org_kind,
        "roles": sorted(actor.roles), "must_enrol": actor.lacks == "factor",
    }  # fmt: skip
