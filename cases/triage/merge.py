"""Merging and separating (C3): a person finds that two reports are one matter, or that they never were (X18, X19).

Each report keeps its own number, reply and satisfaction. Neither its reporter nor a handler is told of another (X42).
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from geoalchemy2 import Geography
from sqlalchemy import cast, func, select
from sqlalchemy.orm import Session

from cases import policy, trail
from cases.journey import Kind
from cases.lifecycle import report as machine
from cases.lifecycle.machine import check
from cases.models.case import Case
from cases.models.decisions import Merge
from cases.models.report import Report, ReportCase
from cases.routing import Placing, propose_void
from cases.triage import refuse
from cases.triage.accept import NOTHING, Reading, accept, join_case, link, open_case
from cases.triage.duplicates import kinds_named_by_both
from cases.triage.mirror import settle
from cases.triage.reports import UNDECIDED, NoSuchCaseToJoin, NotLinked
from geo.points import SRID
from kit.errors import Conflict, Invalid
from people.actors import Actor
from people.models import Org

EARLY = ("registered", "dispatched", "arbitrating", "signed")


class MergedAlready(Conflict):
    """The report is in this case already."""

    code = "merge.same_case"
    message = "This report is in that case already."


class NothingSeen(Invalid):
    """Two reports are one matter because a person has seen that they are (X19)."""

    code = "merge.evidence_missing"
    message = "Say by what both are seen to be one matter."
    pointer = "/evidence"


class TooLateToMerge(Conflict):
    """Its own case is being verified: both are handled to their ends (T20)."""

    code = "merge.too_late"
    message = "The report's own case is being dealt with and cannot be taken back any more."


class OpenedItsCase(Conflict):
    """The case was opened for this very report; it is the others that can be separated from it."""

    code = "separation.opened_its_case"
    message = "This case was opened for this report."


def accept_into(
    session: Session,
    report: Report,
    case_id: UUID,
    placing: Placing,
    *,
    evidence: str,
    reads: Reading = NOTHING,
    by: Actor,
    now: datetime,
) -> Case:
    """Accept a locked report that waits for the desk into another's case: as to merge it. Raises also NotInState."""
    check(report, machine.REPORT_MOVES["accept"], by=by)
    return merge(session, report, case_id, placing, evidence=evidence, reads=reads, by=by, now=now)


def merge(
    session: Session,
    report: Report,
    case_id: UUID,
    placing: Placing,
    *,
    evidence: str,
    reads: Reading = NOTHING,
    by: Actor,
    now: datetime,
) -> Case:
    """Let a locked report join another's case, because of `evidence`; `reads` of one that is accepted by this.

    Where its own case is left without a report, that one is proposed to be voided as a repetition (two people, T20).
    Raises NothingSeen, NoSuchCaseToJoin, MergedAlready, TooLateToMerge, ClosedAlready, NotForATown.
    """
    if not evidence.strip():
        raise NothingSeen
    own_id = None if report.state in UNDECIDED else _linked(session, report).case_id
    if own_id == case_id:
        raise MergedAlready
    case, own = _both(session, case_id, own_id)
    facts = _measured(session, report, case, placing)
    if own is None:
        accept(session, report, placing, category_code=report.category_code, by=by, now=now, join=case, reads=reads)
    else:
        _leave(session, report, own, case, evidence=evidence, by=by, now=now)
    session.add(
        Merge(
            report_id=report.id, case_id=case.id, from_case_id=own_id, evidence=evidence, facts=facts,
            merged_by=by.account_id, merged_at=now,
        )
    )  # fmt: skip
    trail.record(session, report, Kind.MERGED, by=by, now=now)
    return case


def separate(
    session: Session,
    report: Report,
    placing: Placing,
    *,
    why: str,
    category_code: str,
    by: Actor,
    now: datetime,
    town: Org | None = None,
) -> Case:
    """Give a locked report that had joined another's case a case of its own, freshly dispatched.

    Raises NotLinked, OpenedItsCase, NotInState, ChooseTown, NotForATown.
    """
    linked = _linked(session, report)
    if linked.opened:
        raise OpenedItsCase
    machine.move(report, "change_case", by=by)
    (old,) = _locked(session, linked.case_id)
    case = open_case(session, report, placing, category_code=category_code, by=by, now=now, town=town)
    link(session, report, case, opened=True, now=now)
    forget_outcome(report)
    found = select(Merge).where(Merge.report_id == report.id, Merge.separated_at.is_(None))
    for row in session.scalars(found):
        row.separated_by, row.separated_at, row.separated_why, row.own_case_id = by.account_id, now, why, case.id
    settle(session, old, now=now)
    trail.record(session, report, Kind.SEPARATED, by=by, now=now, why=why)
    return case


def forget_outcome(report: Report) -> None:
    """What was found in a case that the report has left is not what its reporter is told."""
    report.outcome = report.reply_due_at = None


def _leave(session: Session, report: Report, own: Case, case: Case, *, evidence: str, by: Actor, now: datetime) -> None:
    others = select(func.count()).where(ReportCase.case_id == own.id, ReportCase.report_id != report.id)
    alone = not session.scalar(others)
    if alone and own.state not in EARLY:
        raise TooLateToMerge
    machine.move(report, "change_case", by=by)
    refuse.overtake(session, report, by=by, now=now)
    join_case(session, report, case, now=now)
    was_first = _linked(session, report).opened
    link(session, report, case, opened=False, now=now)
    forget_outcome(report)
    settle(session, own, now=now)
    if alone:
        propose_void(session, own, reason="exact_duplicate", text=evidence, same_as=case, by=by, now=now)
    elif was_first:
        _put_first(session, own)


def _put_first(session: Session, case: Case) -> None:
    """The report that joined first now stands for the case on the desk's lists."""
    first = select(ReportCase).where(ReportCase.case_id == case.id).order_by(ReportCase.linked_at).limit(1)
    session.scalars(first).one().opened = True


def _linked(session: Session, report: Report) -> ReportCase:
    found = session.get(ReportCase, report.id)
    if found is None:
        raise NotLinked
    return found


def _both(session: Session, case_id: UUID, own_id: UUID | None) -> tuple[Case, Case | None]:
    cases = {case.id: case for case in _locked(session, case_id, *([own_id] if own_id else []))}
    if case_id not in cases:
        raise NoSuchCaseToJoin
    return cases[case_id], cases[own_id] if own_id else None


def _locked(session: Session, *ids: UUID) -> list[Case]:
    """Cases in the order of their ids, so that two desks never wait for each other."""
    found = select(Case).where(Case.id.in_(ids)).order_by(Case.id).with_for_update(of=Case)
    return list(session.scalars(found.execution_options(populate_existing=True)))


def _measured(session: Session, report: Report, case: Case, placing: Placing) -> dict[str, Any]:
    """What could be measured of the two at this moment (X19).

    Metres, days, whether they are of one group, and of which kinds they name the same; not what they name.
    """
    metres = None
    if placing.point is not None:
        here = func.st_setsrid(func.st_makepoint(placing.point.lon, placing.point.lat), SRID)
        apart = func.st_distance(cast(Case.point, Geography), cast(here, Geography))
        metres = session.scalar(select(apart).where(Case.id == case.id))
    groups = {
        policy.category_in_force(session, code, report.received_at).group_code
        for code in (report.category_code, case.category_code)
    }
    days = (report.received_at - case.opened_at).total_seconds() / 86_400
    return {
        "metres": None if metres is None else round(metres, 1), "days": round(days, 2), "same_group": len(groups) == 1,
        "same_named": kinds_named_by_both(session, report, case),
    }  # fmt: skip
