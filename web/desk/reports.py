"""/desk/reports: the district's desk. What waits for a look, an extract, a reply; one report with what helps to decide.

Nobody else sees reports (C12).
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Final, Literal, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, StreamingResponse
from sqlalchemy import select

from api.cursors import bound, pack, where_after
from api.rights import Scope, may
from api.shown_photos import photo_of
from cases import policy, triage
from cases.models.decisions import Refusal
from cases.models.report import Report
from geo.models import Unit
from people.models import Org
from people.roles import Role
from web.desk import words
from web.desk.door import AtWork, Here
from web.desk.due import Due, due
from web.desk.frame import desk_page, desk_router

router = desk_router()
LIST: Final = "/desk/reports"
TOGETHER: Final = 50
Which = Literal["waiting", "refusals", "to_confirm", "to_reply", "dissatisfied", "unheard"]
# What each list goes by, and its cursor with it.
GOES_BY: Final = {
    "waiting": "review_due_at", "to_confirm": "review_due_at", "to_reply": "reply_due_at",
    "dissatisfied": "replied_at", "unheard": "unheard_since",
}  # fmt: skip
LISTS: Final[dict[str, Callable[..., Sequence[Report]]]] = {
    "waiting": triage.waiting, "to_confirm": triage.to_confirm, "to_reply": triage.to_reply,
    "unheard": triage.unheard,
}  # fmt: skip
Given = Mapping[str, str] | None
After = Annotated[str, Query(max_length=300)]


class Shown(NamedTuple):
    """One row as the page shows it; a reporter who waits for an answer has no deadline, but has waited."""

    report: Report
    due: Due | None
    since: datetime | None
    category: str
    missing: int


@router.get("/reports", name="desk_reports")
@may(Role.INTAKE_OFFICER, scope=Scope.DISTRICT, refusal=triage.NotTheDesk)
def reports_page(request: Request, here: Here, which: Which = "waiting", after: After = "") -> HTMLResponse:
    """One page of one list, the next due first."""
    whose = bound("desk reports", which, here.actor.account_id)
    rows, ends = _rows(here, which, after=where_after(whose, after or None))
    known = {each.category_code: each.zh for each in policy.categories(here.session, here.now)}
    missing = triage.how_many_missing(here.session, rows)
    return desk_page(
        request, "desk/reports.html", here, which=which, lists=words.REPORT_LISTS,
        board=triage.board(here.session, now=here.now),
        rows=[_shown(row, which, known, missing[row.id], here.now) for row in rows],
        first=_address(which) if after else None,
        onward=_address(which, after=pack(whose, *ends)) if ends else None,
    )  # fmt: skip


@router.get("/reports/{report_id}", name="desk_report_page")
@may(Role.INTAKE_OFFICER, scope=Scope.DISTRICT, refusal=triage.NotTheDesk)
def report_page(request: Request, here: Here, report_id: UUID) -> HTMLResponse:
    """One report. The first look at it stops its clock (R2)."""
    report = triage.lock_to_read(here.session, report_id, by=here.actor)
    triage.mark_seen(here.session, report, by=here.actor, now=here.now)
    return shown(request, here, report)


@router.get("/reports/{report_id}/photos/{photo_id}/{size}", name="desk_report_photo")
@may(Role.INTAKE_OFFICER, scope=Scope.DISTRICT, refusal=triage.NotTheDesk)
def report_photo(report_id: UUID, photo_id: UUID, size: Literal["large", "small"], here: Here) -> StreamingResponse:
    """A clean copy of one of its photos."""
    return photo_of(here.session, triage.find(here.session, report_id, by=here.actor), photo_id, size)


def shown(
    request: Request,
    here: AtWork,
    report: Report,
    *,
    at: str = "",
    fault: str = "",
    given: dict[str, str] | None = None,
) -> HTMLResponse:
    """The page of a report; after a refusal with its words in the form `at`, and what was given still there."""
    session, now = here.session, here.now
    found = triage.of_report(session, report, now=now)
    inside = found.placing.inside
    proposed = session.scalars(
        select(Refusal).where(Refusal.report_id == report.id, Refusal.state == "proposed")
    ).one_or_none()
    towns = select(Org.id, Org.name_zh).where(Org.kind.in_(("town", "group")), Org.active).order_by(Org.code)
    return desk_page(
        request, "desk/report.html", here, status=422 if fault else 200, report=report, found=found,
        unit=session.get_one(Unit, inside.unit_id).name_zh if inside else None,
        due=_due(report, now), missing=triage.how_many_missing(session, [report])[report.id],
        known={each.category_code: each.zh for each in policy.categories(session, now)},
        towns=[(id_, name) for id_, name in session.execute(towns)],
        reasons=[(each.code, each.zh) for each in policy.reasons(session, "not_accept", now)],
        circumstances=policy.category_in_force(session, report.category_code, now).variants,
        proposed=proposed, is_mine=proposed is not None and here.actor.is_person(proposed.proposed_by),
        signals=[triage.SIGNAL_WORDS[name][0] for name in found.score.signals], at=at, fault=fault,
        given=defaultdict(str, given or {}),
    )  # fmt: skip


def _rows(
    here: AtWork, which: Which, *, after: tuple[datetime, UUID] | None
) -> tuple[Sequence[Report], tuple[datetime, str] | None]:
    """The reports of a page, and where it ends if another follows."""
    if which == "refusals":
        pairs = triage.refusals_to_confirm(here.session, limit=TOGETHER, after=after)
        last = pairs[-1] if len(pairs) == TOGETHER else None
        ends = (last[1].accept_due_at or here.now, str(last[0].id)) if last else None
        return [report for _refusal, report in pairs], ends
    if which == "dissatisfied":
        rows: Sequence[Report] = triage.dissatisfied(here.session, now=here.now, limit=TOGETHER, after=after)
    else:
        rows = LISTS[which](here.session, limit=TOGETHER, after=after)
    end = rows[-1] if len(rows) == TOGETHER else None
    return rows, (getattr(end, GOES_BY[which]), str(end.id)) if end else None


def _shown(report: Report, which: Which, known: dict[str, str], missing: int, now: datetime) -> Shown:
    since = report.unheard_since if which == "unheard" else report.replied_at if which == "dissatisfied" else None
    name = known.get(report.category_code, report.category_code)
    return Shown(report, None if since else _due(report, now), since, name, missing)


def _due(report: Report, now: datetime) -> Due | None:
    """What the desk owes next: a first look, a decision, a reply."""
    if report.state in {"submitted", "in_review"} and report.seen_at is None:
        return due(report.review_due_at, "first_look", None, now=now)
    if report.state in {"submitted", "in_review", "need_more"}:
        return due(report.accept_due_at, "decision_of_desk", None, now=now) if report.accept_due_at else None
    return due(report.reply_due_at, "reply", None, now=now) if report.reply_due_at else None


def _address(which: Which, **more: str) -> str:
    return f"{LIST}?{urlencode({'which': which, **more})}"
