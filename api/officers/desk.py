"""/o/v1/desk/reports…: the district's intake desk. The only surface that sees reports (C12)."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Query, Response

from api.cursors import bound, pack, where_after
from api.dependencies import CurrentActor, Now, OfficerSession, PageLimit, SeenVersion
from api.officers import bodies
from api.officers.circumstances import circumstances_of
from api.officers.photos import photo_rows
from api.officers.shapes import case_head
from api.rights import Scope, may
from api.routes import officers_router
from cases import policy, triage
from cases.lifecycle.report import REPORT_MOVES
from cases.models.report import Report
from cases.routing import place
from people.models import Org
from people.roles import Role

router = officers_router("/desk/reports", tags=["desk"])
LISTS: dict[str, Callable[..., Sequence[Report]]] = {
    "waiting": triage.waiting, "to_confirm": triage.to_confirm, "to_reply": triage.to_reply,
    "unheard": triage.unheard,
}  # fmt: skip
# What each list goes by, and its cursor with it.
DUE = {
    "waiting": "review_due_at",
    "to_confirm": "review_due_at",
    "to_reply": "reply_due_at",
    "dissatisfied": "replied_at",
    "unheard": "unheard_since",
}


DeskOfficer = CurrentActor  # the policy of each route of the desk has let in nobody else


def the_report(report_id: UUID, session: OfficerSession, actor: DeskOfficer, seen: SeenVersion) -> Report:
    """The report of the path, locked, in the version that the officer saw."""
    return triage.lock(session, report_id, by=actor, expected_version=seen)


TheReport = Annotated[Report, Depends(the_report)]


@router.get("", name="desk_list")
@may(Role.INTAKE_OFFICER, scope=Scope.DISTRICT, refusal=triage.NotTheDesk)
def desk_list(
    session: OfficerSession,
    actor: DeskOfficer,
    now: Now,
    limit: PageLimit,
    which: Annotated[Literal["waiting", "to_confirm", "to_reply", "dissatisfied", "unheard"], Query()] = "waiting",
    after: Annotated[str | None, Query(max_length=300)] = None,
) -> dict[str, Any]:
    """What waits for the desk, the next due first."""
    whose = bound("desk", which, actor.account_id)
    last = where_after(whose, after)
    if which == "dissatisfied":
        rows: Sequence[Report] = triage.dissatisfied(session, now=now, limit=limit, after=last)
    else:
        rows = LISTS[which](session, limit=limit, after=last)
    end = rows[-1] if len(rows) == limit else None
    missing = triage.how_many_missing(session, rows)
    return {
        "items": [report_head(report, now=now) | {"photos_missing": missing[report.id]} for report in rows],
        "next": pack(whose, getattr(end, DUE[which]), str(end.id)) if end else None,
    }


@router.get("/{report_id}", name="desk_report")
@may(Role.INTAKE_OFFICER, scope=Scope.DISTRICT, refusal=triage.NotTheDesk)
def desk_report(
    report_id: UUID, session: OfficerSession, actor: DeskOfficer, now: Now, response: Response
) -> dict[str, Any]:
    """One report as the desk sees it, with what handlers might read of it (Q2). The first look stops a clock (R2)."""
    report = triage.lock_to_read(session, report_id, by=actor)
    triage.mark_seen(session, report, by=actor, now=now)
    found = triage.of_report(session, report, now=now)
    redacted = triage.redacted(session, report, now=now)
    response.headers["ETag"] = f'"{report.version}"'
    response.headers["Cache-Control"] = "no-store"
    inside = found.placing.inside
    return {
        **report_head(report, now=now),
        **said(found),
        "photos_missing": triage.how_many_missing(session, [report])[report.id],
        "photos": photo_rows(session, found.photos),
        "place": {
            "lon": found.placing.point.lon if found.placing.point else None,
            "lat": found.placing.point.lat if found.placing.point else None,
            "accuracy_m": report.accuracy_m, "datum": report.crs, "method": report.method,
            "sent_from": report.sent_from,
            "inside": inside.unit_id if inside else None, "border_m": inside.border_m if inside else None,
            "in_doubt": found.placing.in_doubt, "doubt": doubt_of(found.score),
            "near": [
                {"unit_id": c.unit_id, "code": c.code, "name": c.name_zh, "metres": round(c.metres, 1)}
                for c in found.placing.near
            ],
        },
        "extract": {
            "source": redacted.source, "proposal": redacted.proposal.text,
            "marks": [asdict(mark) for mark in redacted.proposal.marks],
            "place": redacted.place.text, "place_marks": [asdict(mark) for mark in redacted.place.marks],
        },
        "possible_duplicates": [{**case_head(each.case), "because": each.because} for each in found.duplicates],
        "names": [{"kind": each.kind, "value": each.value, "doubtful": each.doubtful} for each in found.named],
        "circumstances": circumstances_of(policy.category_in_force(session, report.category_code, now)),
        "case_id": str(found.case_id) if found.case_id else None,
        "thread": [
            {
                "sender": line.sender, "kind": line.kind, "text": line.text, "photos": line.photos,
                "sent_at": line.sent_at.isoformat(),
            }
            for line in found.thread
        ],
        "replies": [
            {
                "text": r.text, "outcome": r.outcome, "channel": r.channel, "reached": r.reached,
                "unreachable": r.unreachable, "replied_at": r.replied_at.isoformat(),
                "review_until": r.review_until.isoformat(), "satisfaction": r.satisfaction,
            }
            for r in found.replies
        ],
    }  # fmt: skip


@router.post("/{report_id}/acceptances", status_code=201, name="accept_report")
@may(REPORT_MOVES["accept"], scope=Scope.DISTRICT, refusal=triage.NotTheDesk)
def accept_report(
    report: TheReport, body: bodies.ReportAcceptance, session: OfficerSession, actor: DeskOfficer, now: Now
) -> Any:
    """R4: accept into a new, dispatched case, or into one that exists, because of `evidence` (X19)."""
    placing, reads = place(session, report), triage.Reading(body.circumstances, body.official)
    if body.join_case_id:
        case = triage.accept_into(
            session, report, body.join_case_id, placing, evidence=body.evidence, reads=reads, by=actor, now=now
        )
    else:
        case = triage.accept(
            session, report, placing, category_code=body.category or report.category_code, by=actor, now=now,
            town=town_named(session, body.town_org_id), reads=reads,
        )  # fmt: skip
    return {**report_head(report, now=now), "case": case_head(case)}


def town_named(session: OfficerSession, org_id: int | None) -> Org | None:
    """The active body that a person has named for a place, if any. Raises ChooseTown for what can be none."""
    if org_id is None:
        return None
    town = session.get(Org, org_id) if 0 < org_id < 2**31 else None
    if town is None or town.kind not in {"town", "group"} or not town.active:
        raise triage.ChooseTown
    return town


@router.post("/{report_id}/questions", status_code=201, name="ask_reporter")
@may(REPORT_MOVES["ask"], scope=Scope.DISTRICT, refusal=triage.NotTheDesk)
def ask_reporter(
    report: TheReport, body: bodies.QuestionIn, session: OfficerSession, actor: DeskOfficer, now: Now
) -> Any:
    """R3: ask the reporter for more, through the tracking code."""
    triage.ask(session, report, text=body.text, by=actor, now=now)
    return report_head(report, now=now)


@router.post("/{report_id}/extracts", status_code=201, name="confirm_extract")
@may(Role.INTAKE_OFFICER, scope=Scope.DISTRICT, refusal=triage.NotTheDesk)
def confirm_extract(
    report: TheReport, body: bodies.Extract, session: OfficerSession, actor: DeskOfficer, now: Now
) -> Any:
    """Release a rewritten text and chosen masked photos to the case's handlers (Q2)."""
    case = triage.case_of(session, report)
    said = body.overruling
    triage.confirm_extract(
        session, report, case, text=body.text, place=body.place, photo_ids=body.photo_ids, by=actor, now=now,
        overruling=triage.Overruling(frozenset(said.codes), said.reason) if said else None,
    )  # fmt: skip
    return {**report_head(report, now=now), "case": case_head(case)}


@router.post("/{report_id}/replies", status_code=201, name="reply")
@may(REPORT_MOVES["reply"], scope=Scope.DISTRICT, refusal=triage.NotTheDesk)
def reply(report: TheReport, body: bodies.Reply, session: OfficerSession, actor: DeskOfficer, now: Now) -> Any:
    """R7: tell the reporter the result."""
    triage.reply(session, report, text=body.text, channel=body.channel, unreachable=body.unreachable, by=actor, now=now)
    return report_head(report, now=now)


def said(found: triage.OnTheDesk) -> dict[str, Any]:
    """What a reporter has said and shown, and what was asked of them."""
    report = found.report
    return {
        "text": report.text, "address": report.address, "observed_on": report.observed_at.date().isoformat(),
        "photos": [{"id": str(p.id), "state": p.state, "reason": p.reason} for p in found.photos],
        "questions": [
            {"text": q.text, "asked_at": q.asked_at.isoformat(), "answered": q.answered_at is not None}
            for q in found.questions
        ],
        "additions": [
            {"kind": a.kind, "text": a.text, "photos": a.photos, "received_at": a.received_at.isoformat()}
            for a in found.additions
        ],
    }  # fmt: skip


def doubt_of(found: triage.Score) -> dict[str, Any]:
    """What speaks against a place: points, a band, and each signal in words (security.md 3.7)."""
    words = ((name, *triage.SIGNAL_WORDS[name]) for name in found.signals)
    return {
        "points": found.points, "band": found.band,
        "signals": [{"code": code, "zh": zh, "en": en} for code, zh, en in words],
    }  # fmt: skip


def report_head(report: Report, *, now: datetime) -> dict[str, Any]:
    """What lists show of a report."""
    return {
        "id": str(report.id), "reference": report.reference, "state": report.state, "version": report.version,
        "category": report.category_code, "urgency": report.urgency, "waits_for": report.waits_for,
        "emergency": report.emergency, "deaths": report.deaths, "review_due_at": report.review_due_at.isoformat(),
        "accept_due_at": report.accept_due_at.isoformat() if report.accept_due_at else None,
        "reply_due_at": report.reply_due_at.isoformat() if report.reply_due_at else None,
        "overdue": triage.is_late(report, now=now),
        "photos_promised": report.photos_promised, "outcome": report.outcome,
        "unheard_since": report.unheard_since.isoformat() if report.unheard_since else None,
    }  # fmt: skip
