"""What the intake desk does, for tests that begin after it: a report that waits, one that was accepted."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import triage
from cases.models.case import Case, CaseEvent, Notice
from cases.models.job import Job
from cases.models.report import Report, ReportCase, ReportEvent
from cases.routing import place
from tests import make
from tests.make import NOW, District

# What may be told for each outcome.
REPLIES = {
    "substantiated": "经现场核查属实，已责令整改。",
    "partly": "经现场核查部分属实，已责令整改。",
    "unsubstantiated": "经现场核查，反映的情况不属实。",
    "unverifiable": "经现场核查无法核实，将加强巡查。",
}


def waiting(session: Session, *args: Any, **facts: Any) -> Report:
    """A report that waits for a person at the desk."""
    report = make.report(session, *args, **({"emergency": "yes"} | facts))
    triage.judge(session, report.id, now=NOW)
    assert report.state == "in_review"
    return report


def accepted(session: Session, district: District, *args: Any, join: Case | None = None, **facts: Any) -> Report:
    """A report that the desk has accepted, into a case of its own unless it joins one."""
    report = waiting(session, *args, **facts)
    triage.accept(
        session, report, place(session, report), category_code=report.category_code, by=district.intake, now=NOW,
        join=join,
    )  # fmt: skip
    return report


def case_of(session: Session, report: Report) -> Case:
    """The case that a report has joined."""
    linked = select(Case).join(ReportCase, ReportCase.case_id == Case.id).where(ReportCase.report_id == report.id)
    return session.scalars(linked).one()


def entries(session: Session, of: Case | Report) -> list[str]:
    """The kinds of entries on a trail, in order."""
    if isinstance(of, Case):
        return list(session.scalars(select(CaseEvent.kind).where(CaseEvent.case_id == of.id).order_by(CaseEvent.seq)))
    found = select(ReportEvent.kind).where(ReportEvent.report_id == of.id).order_by(ReportEvent.seq)
    return list(session.scalars(found))


def notices(session: Session, kind: str) -> list[Notice]:
    """The notices of a kind, in order."""
    return list(session.scalars(select(Notice).where(Notice.kind == kind).order_by(Notice.id)))


def jobs(session: Session, step: str) -> list[Job]:
    """The jobs of a step, in order."""
    return list(session.scalars(select(Job).where(Job.step == step).order_by(Job.id)))
