"""/o/v1/desk/floods…: many reports of one place, joined and answered in one act; and how much waits, in numbers."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from pydantic import Field

from api.cursors import bound, pack, where_after
from api.dependencies import CurrentActor, Now, OfficerSession, PageAfter, PageLimit
from api.errors import title_of
from api.officers.bodies import Body, Long
from api.officers.desk import DeskOfficer, doubt_of, report_head
from api.officers.shapes import case_head
from api.rights import Scope, may
from api.routes import officers_router
from cases import triage
from cases.lifecycle.report import REPORT_MOVES
from people.roles import Role

MOST = 100

router = officers_router("/desk", tags=["desk"])


class ChosenIn(Body):
    """A report in the version that was seen."""

    id: UUID
    version: Annotated[int, Field(ge=1, lt=2**31)]


class ReportsIn(Body):
    """Which reports an act is about."""

    reports: Annotated[list[ChosenIn], Field(min_length=1, max_length=500)]


class FloodMerge(ReportsIn):
    """How it was seen that they are one matter."""

    evidence: Long


class RepliesIn(ReportsIn):
    """The result, told to each reporter under their own code."""

    text: Long


@router.get("/board", name="desk_board")
@may(Role.INTAKE_OFFICER, Role.SAFETY_OFFICE, scope=Scope.DISTRICT)
def desk_board(session: OfficerSession, _actor: CurrentActor, now: Now) -> dict[str, Any]:
    """How much waits for the desk, and how much of it is held."""
    found = triage.board(session, now=now)
    return {"all": _numbers(found.all), "held": _numbers(found.held), "reasons": dict(found.reasons)}


@router.get("/floods", name="list_floods")
@may(Role.INTAKE_OFFICER, scope=Scope.DISTRICT, refusal=triage.NotTheDesk)
def list_floods(session: OfficerSession, _actor: DeskOfficer, now: Now) -> dict[str, Any]:
    """Cases that several waiting reports may belong to, those with the most first; what is dealt with makes room."""
    rows = triage.floods(session, now=now, limit=MOST)
    return {
        "items": [
            {"case": case_head(row.case), "waiting": row.waiting, "first_due_at": row.first_due_at.isoformat()}
            for row in rows
        ],
    }  # fmt: skip


@router.get("/floods/{case_id}", name="flood_reports")
@may(Role.INTAKE_OFFICER, scope=Scope.DISTRICT, refusal=triage.NotTheDesk)
def flood_reports(
    case_id: UUID, session: OfficerSession, actor: DeskOfficer, now: Now, limit: PageLimit, after: PageAfter = None
) -> dict[str, Any]:
    """The reports that may belong to it, each with what its reporter wrote, the next due first."""
    whose = bound("flood", str(case_id), actor.account_id)
    rows = triage.reports_of(session, case_id, now=now, limit=limit, after=where_after(whose, after))
    end = rows[-1] if len(rows) == limit else None
    return {
        "items": [
            {
                **report_head(row, now=now), "text": row.text, "address": row.address,
                "doubt": doubt_of(triage.score_of(session, row, now=now)),
            }
            for row in rows
        ],
        "next": pack(whose, end.review_due_at, str(end.id)) if end else None,
    }  # fmt: skip


@router.post("/floods/{case_id}/merges", status_code=201, name="merge_flood")
@may(Role.INTAKE_OFFICER, scope=Scope.DISTRICT, refusal=triage.NotTheDesk)
def merge_flood(
    case_id: UUID, request: Request, body: FloodMerge, session: OfficerSession, actor: DeskOfficer, now: Now
) -> dict[str, Any]:
    """Let the chosen reports join the case; each keeps its own number and reply."""
    return _told(request, triage.merge_all(session, case_id, _chosen(body), evidence=body.evidence, by=actor, now=now))


@router.post("/replies", status_code=201, name="reply_to_many")
@may(REPORT_MOVES["reply"], scope=Scope.DISTRICT, refusal=triage.NotTheDesk)
def reply_to_many(
    request: Request, body: RepliesIn, session: OfficerSession, actor: DeskOfficer, now: Now
) -> dict[str, Any]:
    """R7: tell the reporters of the chosen reports the result, each under their own code."""
    return _told(request, triage.reply_all(session, _chosen(body), text=body.text, by=actor, now=now))


def _chosen(body: ReportsIn) -> list[triage.ChosenReport]:
    return [triage.ChosenReport(each.id, each.version) for each in body.reports]


def _numbers(count: triage.Count) -> dict[str, Any]:
    due = count.next_due_at.isoformat() if count.next_due_at else None
    return {"waiting": count.waiting, "overdue": count.overdue, "next_due_at": due}


def _told(request: Request, answers: list[triage.FloodAnswer]) -> dict[str, Any]:
    done = sum(answer.code is None for answer in answers)
    return {
        "done": done, "refused": len(answers) - done, "results": [_answer(request, answer) for answer in answers],
    }  # fmt: skip


def _answer(request: Request, answer: triage.FloodAnswer) -> dict[str, Any]:
    if answer.code is None:
        return {"report_id": str(answer.report_id), "done": True, "version": answer.version}
    title = title_of(request, answer.code) or answer.detail
    problem = {**answer.told, "code": answer.code, "title": title, "detail": answer.detail}
    return {"report_id": str(answer.report_id), "done": False, "problem": problem}
