"""The only ways for the district desk and the worker to load a report."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.models.case import Case
from cases.models.report import Report, ReportCase
from kit.errors import Conflict, NotAllowed, NotFound, Stale, Unconditional
from people.actors import Actor
from people.roles import Role

UNDECIDED = ("submitted", "in_review", "need_more")


class NoSuchReport(NotFound):
    """There is no such report."""

    code = "report.unknown"
    message = "There is no such report."


class NoSuchCaseToJoin(NotFound):
    """There is no such case."""

    code = "case.unknown"
    message = "There is no such case."


class NotLinked(Conflict):
    """This report has joined no case yet."""

    code = "report.not_accepted_yet"
    message = "This report has joined no case yet."


class NotTheDesk(NotAllowed):
    """Only the district's intake desk sees reports (C12, Q2)."""

    code = "report.desk_only"
    message = "Only the intake desk works on reports."


def find(session: Session, report_id: UUID, *, by: Actor) -> Report:
    """A report, to be read by the desk. Raises NotTheDesk, NoSuchReport."""
    _only_the_desk(by)
    report = session.get(Report, report_id)
    if report is None:
        raise NoSuchReport
    return report


def lock(session: Session, report_id: UUID, *, by: Actor, expected_version: int | None = None) -> Report:
    """A report, locked for a change by the desk or the system. Raises also Stale and Unconditional."""
    _only_the_desk(by)
    statement = select(Report).where(Report.id == report_id).with_for_update()
    report = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if report is None:
        raise NoSuchReport
    if by.kind == "officer" and expected_version is None:
        raise Unconditional
    if expected_version is not None and report.version != expected_version:
        raise Stale(current={"id": str(report.id), "state": report.state, "version": report.version})
    return report


def lock_to_read(session: Session, report_id: UUID, *, by: Actor) -> Report:
    """A report, locked because the first look is written down; needs no version. Raises NotTheDesk, NoSuchReport."""
    _only_the_desk(by)
    report = session.scalars(select(Report).where(Report.id == report_id).with_for_update()).one_or_none()
    if report is None:
        raise NoSuchReport
    return report


def case_of(session: Session, report: Report) -> Case:
    """The case that a report has joined, locked. Raises NotLinked, also when it left a void case for the desk."""
    linked = session.get(ReportCase, report.id)
    if linked is None or report.state in UNDECIDED:
        raise NotLinked
    return session.scalars(select(Case).where(Case.id == linked.case_id).with_for_update()).one()


def _only_the_desk(by: Actor) -> None:
    if by.kind != "system" and not by.has(Role.INTAKE_OFFICER):
        raise NotTheDesk
