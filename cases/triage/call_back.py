"""R6 about what went out by itself before its second person came (R2): a town is on its way to what is no matter."""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from cases.lifecycle import report as machine
from cases.lifecycle.case import CASE_MOVES
from cases.lifecycle.machine import sources
from cases.models.report import Report, ReportCase
from cases.routing import void_not_accepted
from cases.triage.reports import case_of
from kit.errors import Conflict
from people.actors import Actor


class CaseGoesOn(Conflict):
    """Somebody is there, or somebody else reported the same: what is found decides, and no refusal."""

    code = "refusal.case_goes_on"
    message = "The case that was opened meanwhile goes on. Reject the proposal; its verdict says what was found."


def call_back(session: Session, report: Report, *, proposed_by: int, by: Actor, now: datetime) -> None:
    """Do not accept a locked report that was dispatched provisionally, and void its case by the same two people (T20).

    Whoever was sent out is told at once. Raises CaseGoesOn, StillOpen, SamePerson.
    """
    case = case_of(session, report)
    others = select(exists().where(ReportCase.case_id == case.id, ReportCase.report_id != report.id))
    if "void" not in sources(CASE_MOVES, case.state) or session.scalar(others):
        raise CaseGoesOn
    void_not_accepted(session, case, asked_by=proposed_by, by=by, now=now)
    machine.move(report, "call_back", by=by)
