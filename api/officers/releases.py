"""/o/v1/identity-releases: who reported, asked for, agreed to by a second person, read once (C12 Q4)."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import Field, StringConstraints

from api.cursors import bound
from api.dependencies import OFFICERS, BearerToken, CurrentActor, Now, OfficerSession
from api.handed_out import zipped
from api.officers.bodies import Body, Long
from api.officers.decisions import Code, Disagreement
from api.officers.desk import TheReport
from api.officers.shapes import plain
from api.paging import Page
from api.rights import Scope, may
from api.routes import officers_router
from cases import releases, triage
from cases.lifecycle.release import RELEASE_MOVES
from cases.models.release import Release
from cases.models.report import Report
from cases.releases.asking import Wish
from cases.releases.finding import INVOLVED, NotInvolved
from cases.releases.weekly import READERS
from kit.db import unit_of_work
from people import sign_in
from people.actors import Actor
from people.roles import Role
from people.sign_in import WrongPassword

router = officers_router(tags=["identity"])
FIELDS = (
    "id state version reason_code words fields call_back asked_by asked_at lapses_at decided_by decided_at comment "
    "reader_id read_at"
)


class WishIn(Body):
    """Why, in words and as a reason of the list, and what is needed."""

    reason: Code
    words: Annotated[Long, StringConstraints(min_length=20, max_length=1000)]
    fields: Annotated[list[Literal["name", "phone", "email", "position", "photos"]], Field(min_length=1, max_length=5)]
    call_back: bool = False
    """True: the custodian reaches the reporter; whoever asks learns no identity."""


class ApprovalIn(Body):
    """Agreed, by a second person, with their password."""

    password: Annotated[str, StringConstraints(min_length=1, max_length=128)]


@router.post("/desk/reports/{report_id}/identity-releases", status_code=201, name="ask_identity")
@may(Role.INTAKE_OFFICER, scope=Scope.DISTRICT, refusal=triage.NotTheDesk)
def ask_identity(report: TheReport, body: WishIn, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """Ask to know who reported. The custodians are told."""
    return shown_release(releases.ask(session, report, wish_of(body), by=actor, now=now))


@router.get("/identity-releases", name="list_identity_releases")
@may(INVOLVED, scope=Scope.DISTRICT, refusal=NotInvolved)
def list_identity_releases(
    session: OfficerSession,
    actor: CurrentActor,
    page: Page,
    which: Annotated[Literal["waiting", "mine"], Query()] = "waiting",
) -> dict[str, Any]:
    """What waits for a custodian, or what one asked for or was to read; the oldest first."""
    whose = bound(f"releases-{which}", actor.account_id)
    found = releases.waiting if which == "waiting" else releases.mine
    rows = found(session, by=actor, limit=page.limit, after=page.after(whose))
    return {
        "items": [{**shown_release(release), "report": _named(report)} for release, report in rows],
        "next": page.next(whose, rows, lambda row: (row[0].asked_at, str(row[0].id))),
    }


@router.get("/identity-releases/{release_id}", name="identity_release")
@may(INVOLVED, scope=Scope.DISTRICT, refusal=NotInvolved)
def identity_release(release_id: UUID, session: OfficerSession, actor: CurrentActor) -> dict[str, Any]:
    """Where one wish stands."""
    return shown_release(releases.find(session, release_id, by=actor))


@router.post("/identity-releases/{release_id}/approval", status_code=201, name="approve_identity")
@may(RELEASE_MOVES["approve"], scope=Scope.DISTRICT, grave=True)
def approve_identity(
    release_id: UUID, body: ApprovalIn, session: OfficerSession, actor: CurrentActor, now: Now
) -> dict[str, Any]:
    """Agree, with one's password: one person may read it once, for a quarter of an hour."""
    releases.find(session, release_id, by=actor)
    _confirm(actor, body.password, now)
    return shown_release(releases.approve(session, release_id, by=actor, now=now))


@router.post("/identity-releases/{release_id}/refusal", status_code=201, name="refuse_identity")
@may(RELEASE_MOVES["refuse"], scope=Scope.DISTRICT)
def refuse_identity(
    release_id: UUID, body: Disagreement, session: OfficerSession, actor: CurrentActor, now: Now
) -> dict[str, Any]:
    """Do not agree, and say why."""
    return shown_release(releases.refuse(session, release_id, comment=body.note, by=actor, now=now))


@router.post("/identity-releases/{release_id}/withdrawal", status_code=201, name="withdraw_identity_wish")
@may(RELEASE_MOVES["withdraw"], scope=Scope.DISTRICT)
def withdraw_wish(release_id: UUID, session: OfficerSession, actor: CurrentActor, now: Now) -> dict[str, Any]:
    """Take the wish back."""
    return shown_release(releases.withdraw(session, release_id, by=actor, now=now))


@router.post("/identity-releases/{release_id}/reading", status_code=201, name="read_identity")
@may(RELEASE_MOVES["read"], scope=Scope.DISTRICT, grave=True)
def read_identity(
    release_id: UUID, session: OfficerSession, actor: CurrentActor, token: BearerToken, now: Now
) -> Response:
    """Read it, once; with photos as a ZIP. Show the watermark over it, and keep nothing of it."""
    release = releases.find(session, release_id, by=actor)
    reading = releases.read(session, release, token=token, by=actor, now=now)
    told = {
        "id": str(release.id), "identity": reading.identity,
        "watermark": f"{actor.name} {actor.account_id} {now.isoformat(timespec='seconds')} {release.id}",
    }  # fmt: skip
    if reading.photos:
        headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{release.id}.zip"'}
        return StreamingResponse(zipped(told, reading), 201, headers, "application/zip")
    reading.close()
    return JSONResponse(told, 201, {"Cache-Control": "no-store"})


@router.get("/identity-release-lists", name="list_identity_release_lists")
@may(READERS, scope=Scope.DISTRICT)
def release_lists(session: OfficerSession, actor: CurrentActor, page: Page) -> dict[str, Any]:
    """The weekly lists of who asked, why and how often, the newest first."""
    whose = bound("release-lists", actor.account_id)
    (before,) = page.key(whose) or (None,)
    rows = releases.lists(session, by=actor, limit=page.limit, before=date.fromisoformat(before) if before else None)
    return {
        "items": [
            {"week": each.week.isoformat(), "rows": each.rows, "made_at": each.made_at.isoformat()} for each in rows
        ],
        "next": page.next(whose, rows, lambda row: (row.week.isoformat(),)),
    }


def _confirm(actor: Actor, password: str, now: Now) -> None:
    """In a transaction of its own: a failure is counted, whatever becomes of the act. Raises WrongPassword."""
    with unit_of_work(OFFICERS) as session:
        right = sign_in.is_password_of(session, actor.account_id or 0, password, now=now)
    if not right:
        raise WrongPassword


def wish_of(body: WishIn) -> Wish:
    """What the body asks for."""
    return Wish(body.reason, body.words, tuple(body.fields), body.call_back)


def shown_release(release: Release) -> dict[str, Any]:
    """Where a wish stands; nothing of what it lets be read."""
    return {**plain(release, FIELDS), "report_id": str(release.report_id)}


def _named(report: Report) -> dict[str, Any]:
    """What a custodian needs to decide by, and nothing of what was written."""
    return {"reference": report.reference, "category": report.category_code, "state": report.state}
