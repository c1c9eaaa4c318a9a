"""What a report is about, as the desk finds it to be before anybody is sent out (R4)."""

from datetime import datetime

from sqlalchemy.orm import Session

from cases import policy, trail
from cases.journey import Kind
from cases.lifecycle import deciding
from cases.lifecycle.machine import check
from cases.lifecycle.report import REPORT_MOVES
from cases.models.report import Report
from kit.errors import Conflict
from people.actors import Actor


class NotForATown(Conflict):
    """A matter of this category, or one that tells of deaths, is never verified by a town (F05, M117, X34)."""

    code = "routing.never_a_town"
    message = "This matter goes to the county-level group."


def categorise(session: Session, report: Report, *, category_code: str, reason: str, by: Actor, now: datetime) -> None:
    """File a locked report under another category, with that one's urgency; what its reporter chose stays on the trail.

    What is more urgent than it looked is decided sooner.
    Raises UnknownCategory, and NotForATown for a report of deaths: it stays where no town is sent out.
    """
    check(report, REPORT_MOVES["accept"], by=by)
    before = report.urgency
    refile(session, report, category_code=category_code, reason=reason, by=by, now=now)
    if policy.PRESSING.index(report.urgency) < policy.PRESSING.index(before):
        due_at = deciding.hasten(session, report, now=now)
        trail.record(session, report, Kind.HASTENED, by=by, now=now, follow_at=due_at, urgency=report.urgency)


def refile(session: Session, report: Report, *, category_code: str, reason: str, by: Actor, now: datetime) -> None:
    """`categorise` as a part of another act, which has judged the report's state. Raises the same."""
    category = policy.category_in_force(session, category_code, now)
    if report.deaths and category.routing != "group":
        raise NotForATown
    before = report.category_code
    report.category_code = category_code
    pressing = report.deaths or report.emergency != "none"
    report.urgency = "immediate" if pressing else category.urgency
    report.version += 1
    trail.record(session, report, Kind.RECATEGORISED, by=by, now=now, before=before, after=category_code, reason=reason)
