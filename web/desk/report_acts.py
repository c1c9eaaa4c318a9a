"""What the desk decides on a report from its page: accept, join to a case, ask, propose not to accept, confirm that.

Each is the function that /o/v1 calls, with the same refusals; a refusal is told beside its form, with what was written
still in it. What was done leads to the next report that waits.
"""

from collections.abc import Callable
from typing import Annotated, Final
from uuid import UUID

from fastapi import Form, Request, Response
from fastapi.responses import RedirectResponse

from api.errors import title_of
from api.rights import Scope, may
from cases import triage
from cases.lifecycle.refusal import REFUSAL_MOVES
from cases.lifecycle.report import REPORT_MOVES
from cases.models.report import Report
from cases.routing import place
from kit.errors import Invalid, Refusal, Stale
from people.models import Org
from web.desk.door import AtWork, Here
from web.desk.frame import desk_router
from web.desk.reports import LIST, shown

router = desk_router()
LONGEST: Final = 4000
Version = Annotated[int, Form(ge=1)]
CaseId = Annotated[UUID, Form()]
Text = Annotated[str, Form(max_length=LONGEST)]
Code = Annotated[str, Form(max_length=40)]
OrgId = Annotated[str, Form(pattern=r"^\d{0,9}$")]
Marks = Annotated[list[str], Form(max_length=10)]
Act = Callable[[Report], object]
AHEAD: Final = 20  # so many are looked through for the next that nobody has decided on


class Unsaid(Invalid):
    """Something must be written here."""

    code = "text.missing"
    message = "请写明内容。"
    pointer = "/text"


@router.post("/reports/{report_id}/accept", name="desk_accept_report")
@may(REPORT_MOVES["accept"], scope=Scope.DISTRICT, refusal=triage.NotTheDesk)
def accept(
    request: Request,
    here: Here,
    report_id: UUID,
    version: Version,
    category: Code = "",
    town: OrgId = "",
    circumstances: Marks = [],  # noqa: B006 - FastAPI copies it
    official: Code = "",
) -> Response:
    """R4: into a new case, dispatched to whom the place or the officer says."""

    def accepted(report: Report) -> None:
        triage.accept(
            here.session, report, place(here.session, report), category_code=category or report.category_code,
            town=_town(here, town), reads=triage.Reading(circumstances, official == "yes"), by=here.actor,
            now=here.now,
        )  # fmt: skip

    return _done(request, here, report_id, version, "accept", accepted, category=category, town=town)


@router.post("/reports/{report_id}/join", name="desk_join_report")
@may(REPORT_MOVES["accept"], scope=Scope.DISTRICT, refusal=triage.NotTheDesk)
def join(
    request: Request, here: Here, report_id: UUID, version: Version, case: CaseId, evidence: Text = ""
) -> Response:
    """R4: into a case that exists, because of what shows that it is the same matter (X19)."""

    def joined(report: Report) -> None:
        triage.accept_into(
            here.session, report, case, place(here.session, report), evidence=evidence.strip(), by=here.actor,
            now=here.now,
        )  # fmt: skip

    return _done(request, here, report_id, version, "join", joined, evidence=evidence, case=str(case))


@router.post("/reports/{report_id}/ask", name="desk_ask_reporter")
@may(REPORT_MOVES["ask"], scope=Scope.DISTRICT, refusal=triage.NotTheDesk)
def ask(request: Request, here: Here, report_id: UUID, version: Version, text: Text = "") -> Response:
    """R3: ask the reporter for more."""

    def asked(report: Report) -> None:
        triage.ask(here.session, report, text=_said(text), by=here.actor, now=here.now)

    return _done(request, here, report_id, version, "ask", asked, text=text)


@router.post("/reports/{report_id}/refuse", name="desk_propose_refusal")
@may(REPORT_MOVES["refuse"], scope=Scope.DISTRICT, refusal=triage.NotTheDesk)
def refuse(
    request: Request, here: Here, report_id: UUID, version: Version, reason: Code = "", text: Text = "",
    evidence: Text = "",
) -> Response:  # fmt: skip
    """R6: propose not to accept it; a second person decides."""

    def proposed(report: Report) -> None:
        triage.propose_refusal(
            here.session, report, reason=reason, text=_said(text), evidence=evidence.strip(), by=here.actor,
            now=here.now,
        )  # fmt: skip

    return _done(
        request, here, report_id, version, "refuse", proposed, reason=reason, text=text, evidence=evidence
    )  # fmt: skip


@router.post("/reports/{report_id}/refusals/{refusal_id}/confirm", name="desk_confirm_refusal")
@may(REFUSAL_MOVES["confirm"], scope=Scope.DISTRICT, refusal=triage.NotTheDesk)
def confirm(request: Request, here: Here, report_id: UUID, refusal_id: UUID, version: Version) -> Response:
    """R6: the second person agrees."""

    def confirmed(report: Report) -> None:
        triage.confirm_refusal(here.session, report, refusal_id, by=here.actor, now=here.now)

    return _done(request, here, report_id, version, "confirm", confirmed)


@router.post("/reports/{report_id}/refusals/{refusal_id}/reject", name="desk_reject_refusal")
@may(REFUSAL_MOVES["reject"], scope=Scope.DISTRICT, refusal=triage.NotTheDesk)
def reject(
    request: Request, here: Here, report_id: UUID, refusal_id: UUID, version: Version, note: Text = ""
) -> Response:
    """R6: the second person does not agree."""

    def rejected(report: Report) -> None:
        triage.reject_refusal(here.session, report, refusal_id, note=_said(note), by=here.actor, now=here.now)

    return _done(request, here, report_id, version, "confirm", rejected, note=note)


def _done(request: Request, here: AtWork, report_id: UUID, version: int, form: str, act: Act, **given: str) -> Response:
    """Do it and go on to what waits next; of what is refused nothing stays but the words."""
    try:
        with here.session.begin_nested():
            act(triage.lock(here.session, report_id, by=here.actor, expected_version=version))
    except Refusal as refusal:
        report = triage.lock_to_read(here.session, report_id, by=here.actor)
        told = title_of(request, refusal.code) or refusal.message
        return shown(request, here, report, at="any" if isinstance(refusal, Stale) else form, fault=told, given=given)
    waiting = (each.id for each in triage.waiting(here.session, limit=AHEAD) if each.state == "in_review")
    onward = next((each for each in waiting if each != report_id), None)
    return RedirectResponse(f"{LIST}/{onward}" if onward else LIST, 303)


def _said(text: str) -> str:
    """What somebody must say, with one kind of line end. Raises Unsaid."""
    plain = text.replace("\r\n", "\n").strip()
    if not plain:
        raise Unsaid
    return plain


def _town(here: AtWork, org_id: str) -> Org | None:
    """The body that a person has named for a place, if any. Raises ChooseTown for what can be none."""
    if not org_id:
        return None
    town = here.session.get(Org, int(org_id))
    if town is None or town.kind not in {"town", "group"} or not town.active:
        raise triage.ChooseTown
    return town
