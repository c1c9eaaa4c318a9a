"""A report as a request of GeoReport v2, for the application that sent it and nobody else: how it stands, no more."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from api.dependencies import CITIZENS
from api.mobile.tracking import LINES, said
from cases import intake, policy
from cases.models.report import Report, ReportEvent
from kit.clock import LOCAL_ZONE
from kit.db import unit_of_work
from mobile_contract.v1.enums import LABELS

CLOSED = frozenset({"closed", "not_accepted", "redirected", "withdrawn"})
# What a step makes of a report, in the words that applications which follow updates know; of all others nothing.
BECOMES = {
    "received": "open", "accepted": "open", "refusal_overturned": "open", "reopened": "open", "review_upheld": "open",
    "dispatched": "investigating", "verifying": "investigating", "rectifying": "in_progress", "resumed": "in_progress",
    "on_hold": "action_scheduled", "redirected": "not_councils_responsibility", "not_accepted": "no_further_action",
    "withdrawn": "cancelled", "report_closed": "closed",
}  # fmt: skip


def requests(application: UUID, references: Sequence[str], *, now: datetime) -> list[dict[str, Any]]:
    """How those of these reports stand that an application has sent."""
    with unit_of_work(CITIZENS) as session:
        names = {row.category_code: row.zh for row in policy.categories(session, now)}
        found = intake.of_application(session, application, references)
        return [_request(session, report, names) for report in found]


def updates(application: UUID, span: tuple[datetime, datetime], *, skip: int, most: int) -> list[dict[str, Any]]:
    """The steps of an application's reports within a span, the newest first; what is nothing to a reporter is none."""
    with unit_of_work(CITIZENS) as session:
        steps = intake.steps_of(session, application, span, kinds=LINES, limit=most, skip=skip)
        return [_update(report, event) for report, event in steps]


def _request(session: Session, report: Report, names: dict[str, str]) -> dict[str, Any]:
    told = [event for event in intake.trail_of(session, report) if _stage(event) in LINES]
    due = report.review_due_at if report.state in {"submitted", "in_review"} else report.reply_due_at
    return {
        "service_request_id": report.reference, "status": "closed" if report.state in CLOSED else "open",
        "status_notes": LABELS["report_state"][report.state].zh,
        "service_name": names.get(report.category_code, report.category_code), "service_code": report.category_code,
        "description": None, "agency_responsible": None, "service_notice": None,
        "requested_datetime": _w3(report.received_at), "updated_datetime": _w3(told[-1].at),
        "expected_datetime": _w3(due) if due and report.state not in CLOSED else None, "address": None,
        "address_id": None, "zipcode": None, "lat": None, "long": None, "media_url": None,
    }  # fmt: skip


def _update(report: Report, event: ReportEvent) -> dict[str, Any]:
    stage = _stage(event)
    return {
        "update_id": f"{report.reference}.{event.seq}", "service_request_id": report.reference,
        "status": BECOMES.get(stage, "unchanged"), "updated_datetime": _w3(event.at),
        "description": said(event, english=False), "media_url": None,
    }  # fmt: skip


def _stage(event: ReportEvent) -> str:
    return str(event.body.get("stage", event.kind))


def _w3(moment: datetime) -> str:
    return moment.astimezone(LOCAL_ZONE).isoformat(timespec="seconds")
