"""R5: a report that is not for this district or this platform goes elsewhere, and its reporter is told where."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from cases import deadlines, policy, trail
from cases.journey import Kind
from cases.lifecycle import report as machine
from cases.models.decisions import Redirection
from cases.models.report import Report
from cases.routing import Placing
from cases.triage import refuse
from kit.errors import Conflict, Invalid
from people.actors import Actor

OUTSIDE = "outside_district"


class InsideTheDistrict(Conflict):
    """The place lies in a town of this district."""

    code = "redirect.inside"
    message = "This place lies inside the district."


class NoReceivingBody(Invalid):
    """The reporter must be told who takes it, and a phone number or a link (R5)."""

    code = "redirect.no_body"
    message = "Name the body that takes this, with a phone number or a link."
    pointer = "/body"


@dataclass(frozen=True)
class Receiver:
    """Who takes a report that is not for us. What is left out is filled in from the district's list."""

    body: str = ""
    phone: str = ""
    link: str = ""


def redirect(
    session: Session,
    report: Report,
    placing: Placing,
    *,
    reason: str,
    to: Receiver,
    text: str,
    by: Actor,
    now: datetime,
) -> Redirection:
    """Send a locked report elsewhere. `text` is added to what its reporter reads.

    Raises UnknownReason, InsideTheDistrict, NoReceivingBody.
    """
    machine.move(report, "redirect", by=by)
    why = policy.reason(session, "redirect", reason, now)
    if reason == OUTSIDE and placing.inside is not None:
        raise InsideTheDistrict
    receiver = _receiver(session, reason, to, now)
    refuse.overtake(session, report, by=by, now=now)
    redirection = Redirection(
        report_id=report.id, reason_code=reason, body=receiver.body, phone=receiver.phone, link=receiver.link,
        text=text, decided_by=by.account_id, decided_at=now, due_at=_due(session, report, now),
    )  # fmt: skip
    session.add(redirection)
    report.waits_for, report.seen_at = None, report.seen_at or now
    trail.record(
        session, report, Kind.REDIRECTED, by=by, now=now, reason=reason, zh=why.zh, en=why.en, body=receiver.body,
        phone=receiver.phone, link=receiver.link, text=text,
    )  # fmt: skip
    return redirection


def _receiver(session: Session, reason: str, to: Receiver, now: datetime) -> Receiver:
    listed: dict[str, Any] = policy.value(session, "receiving_bodies", now).get(reason, {})
    if to.body:  # another body is not reached under the listed one's number
        found = to
    else:
        found = Receiver(listed.get("zh", ""), to.phone or listed.get("phone", ""), to.link or listed.get("link", ""))
    if not found.body or not (found.phone or found.link):
        raise NoReceivingBody
    return found


def _due(session: Session, report: Report, now: datetime) -> datetime:
    """By when the reporter should have been told: three working days after receipt (R5)."""
    limit = policy.limit(policy.profile(session, report.profile_id), "redirect", report.urgency)
    calendar = policy.calendar(session, now)
    return deadlines.add(report.received_at, limit.amount, limit.unit, calendar, roll=limit.roll).due_at
