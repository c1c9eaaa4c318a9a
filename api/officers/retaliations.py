"""/o/v1/retaliations: what reporters say of retaliation, with everybody who knew who they are (Q9, F52)."""

from typing import Any, Literal
from uuid import UUID

from fastapi import Response

from api.cursors import bound
from api.dependencies import CurrentActor, Now, OfficerSession, SeenVersion
from api.officers.bodies import Body, Long
from api.officers.releases import WishIn, shown_release, wish_of
from api.officers.shapes import plain
from api.paging import Page
from api.rights import Scope, may
from api.routes import officers_router
from cases import releases, triage
from cases.lifecycle.release import RELEASE_MOVES
from cases.lifecycle.retaliation import RETALIATION_MOVES
from cases.models.retaliation import Retaliation
from cases.triage.retaliations import READERS

router = officers_router("/retaliations", tags=["identity"])
FIELDS = "id state version case_id text filed_at due_at taken_by taken_at finding conclusion concluded_by concluded_at"


class ConclusionIn(Body):
    """What was found; `text` is told to the reporter and names nobody."""

    finding: Literal["confirmed", "not_confirmed", "handed_on"]
    text: Long


@router.get("", name="list_retaliations")
@may(READERS, scope=Scope.DISTRICT)
def list_retaliations(session: OfficerSession, actor: CurrentActor, page: Page) -> dict[str, Any]:
    """All of them, the oldest first."""
    whose = bound("retaliations", actor.account_id)
    rows = triage.retaliations(session, by=actor, limit=page.limit, after=page.after(whose))
    return {
        "items": [_shown(each) for each in rows],
        "next": page.next(whose, rows, lambda row: (row.filed_at, str(row.id))),
    }


@router.get("/{retaliation_id}", name="retaliation")
@may(READERS, scope=Scope.DISTRICT)
def retaliation(
    retaliation_id: UUID, session: OfficerSession, actor: CurrentActor, response: Response
) -> dict[str, Any]:
    """One of them, with everybody who asked for, released or read who this reporter is."""
    found = triage.read_retaliation(session, retaliation_id, by=actor)
    response.headers["ETag"] = f'"{found.version}"'
    response.headers["Cache-Control"] = "no-store"
    return {**_shown(found), "who_knew": triage.who_knew(session, found)}


@router.post("/{retaliation_id}/taking-up", status_code=201, name="take_up_retaliation")
@may(RETALIATION_MOVES["take_up"], scope=Scope.DISTRICT)
def take_up_retaliation(
    retaliation_id: UUID, session: OfficerSession, actor: CurrentActor, seen: SeenVersion, now: Now
) -> dict[str, Any]:
    """Begin to look into it."""
    report, found = triage.lock_retaliation(session, retaliation_id, by=actor, expected_version=seen)
    triage.take_up(session, report, found, by=actor, now=now)
    return _shown(found)


@router.post("/{retaliation_id}/conclusion", status_code=201, name="conclude_retaliation")
@may(RETALIATION_MOVES["conclude"], scope=Scope.DISTRICT)
def conclude_retaliation(
    retaliation_id: UUID,
    body: ConclusionIn,
    session: OfficerSession,
    actor: CurrentActor,
    seen: SeenVersion,
    now: Now,
) -> dict[str, Any]:
    """Say what was found; the reporter is told under the code."""
    report, found = triage.lock_retaliation(session, retaliation_id, by=actor, expected_version=seen)
    triage.conclude(session, report, found, finding=body.finding, text=body.text, by=actor, now=now)
    return _shown(found)


@router.post("/{retaliation_id}/identity-releases", status_code=201, name="ask_identity_for_protection")
@may(RELEASE_MOVES["ask"], scope=Scope.DISTRICT)
def ask_identity_for_protection(
    retaliation_id: UUID, body: WishIn, session: OfficerSession, actor: CurrentActor, seen: SeenVersion, now: Now
) -> dict[str, Any]:
    """Ask to know who is to be protected; the custodians are told."""
    report, _ = triage.lock_retaliation(session, retaliation_id, by=actor, expected_version=seen)
    return shown_release(releases.ask(session, report, wish_of(body), by=actor, now=now))


def _shown(found: Retaliation) -> dict[str, Any]:
    return plain(found, FIELDS)
