"""R6: not to accept a report. One officer proposes with a listed reason, another confirms; its reporter is told why."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from cases import policy, trail
from cases.journey import Kind
from cases.lifecycle import deciding
from cases.lifecycle import refusal as machine
from cases.lifecycle import report as report_machine
from cases.lifecycle.guards import SamePerson
from cases.lifecycle.machine import check
from cases.models.decisions import Refusal
from cases.models.reply import Recheck
from cases.models.report import Question, Report
from cases.triage.call_back import CaseGoesOn, call_back
from kit.errors import Conflict, Invalid, NotFound
from people.actors import Actor

OPEN = ("in_review", "accepted")


class NoSuchRefusal(NotFound):
    """This report has no such proposal."""

    code = "refusal.unknown"
    message = "There is no such proposal for this report."


class RefusalProposed(Conflict):
    """A proposal waits for its second person already."""

    code = "refusal.proposed_already"
    message = "A proposal not to accept this report waits for a second person."


class NotAskedYet(Conflict):
    """A hazard is not dropped because a form is incomplete: the reporter is asked first, and given the time (R3)."""

    code = "refusal.ask_first"
    message = "Ask the reporter first, and wait until the time for an answer is over."


class EvidenceMissing(Invalid):
    """This reason needs its evidence, for the second person and for whoever checks again (R6)."""

    code = "refusal.evidence_missing"
    message = "Say what this reason rests on."
    pointer = "/evidence"


def propose_refusal(
    session: Session, report: Report, *, reason: str, text: str, evidence: str, by: Actor, now: datetime
) -> Refusal:
    """Propose not to accept a locked report; `text` is what its reporter will be told.

    Raises UnknownReason, RefusalProposed, NotAskedYet, EvidenceMissing.
    """
    check(report, report_machine.REPORT_MOVES["refuse"], by=by)
    if _open(session, report) is not None:
        raise RefusalProposed
    policy.reason(session, "not_accept", reason, now)
    _must_rest_on_something(session, report, reason, evidence, now)
    refusal = Refusal(
        id=uuid4(), report_id=report.id, reason_code=reason, text=text, evidence=evidence, state="proposed",
        version=1, proposed_by=by.account_id, proposed_at=now,
    )  # fmt: skip
    session.add(refusal)
    report.seen_at = report.seen_at or now
    report.version += 1
    trail.record(session, report, Kind.REFUSAL_PROPOSED, by=by, now=now, reason=reason)
    return refusal


def confirm_refusal(session: Session, report: Report, refusal_id: UUID, *, by: Actor, now: datetime) -> Refusal:
    """A second person confirms: the report is not accepted, and its reporter reads why.

    Where it went out by itself meanwhile, its case ends with it, as long as nobody is there (R2, T20).
    Raises SamePerson, CaseGoesOn, StillOpen.
    """
    refusal = _proposal(session, report, refusal_id)
    _by_another(refusal, by)
    _not_wrong_before(session, refusal, by)
    if report.state == "verifying":
        raise CaseGoesOn
    machine.move(refusal, "confirm", by=by)
    if report.state == "accepted":
        call_back(session, report, proposed_by=refusal.proposed_by, by=by, now=now)
    else:
        report_machine.move(report, "refuse", by=by)
    refusal.decided_by, refusal.decided_at = by.account_id, now
    report.waits_for = None
    reason = policy.reason(session, "not_accept", refusal.reason_code, now)
    trail.record(
        session, report, Kind.NOT_ACCEPTED, by=by, now=now, reason=reason.code, zh=reason.zh, en=reason.en,
        text=refusal.text,
    )  # fmt: skip
    return refusal


def reject_refusal(
    session: Session, report: Report, refusal_id: UUID, *, note: str, by: Actor, now: datetime
) -> Refusal:
    """A second person does not agree. Raises SamePerson.

    The report stays on the desk, with the whole time anew; or with the town, if it went out by itself meanwhile (R2).
    """
    refusal = _proposal(session, report, refusal_id)
    _by_another(refusal, by)
    machine.move(refusal, "reject", by=by)
    refusal.decided_by, refusal.decided_at, refusal.note = by.account_id, now, note
    report.version += 1
    due_at = deciding.begin_anew(session, report, now=now) if report.state == "in_review" else None
    trail.record(session, report, Kind.REFUSAL_REJECTED, by=by, now=now, follow_at=due_at)
    return refusal


def overtake(session: Session, report: Report, *, by: Actor, now: datetime) -> None:
    """Let an open proposal go, because something else was decided about its report."""
    refusal = _open(session, report)
    if refusal is not None:
        machine.move(refusal, "overtake", by=by)
        refusal.decided_by, refusal.decided_at = by.account_id, now


def refusals_to_confirm(
    session: Session, *, limit: int, after: tuple[datetime, UUID] | None = None
) -> list[tuple[Refusal, Report]]:
    """Proposals that wait for a second person, the next due first; `after` is due instant and id of the last row.

    It is due when the report is to be decided (F39). One that went out by itself meanwhile is among them (R2).
    """
    statement = (
        select(Refusal, Report)
        .join(Report, Report.id == Refusal.report_id)
        .where(Refusal.state == "proposed", Report.state.in_(OPEN))
        .order_by(Report.accept_due_at, Refusal.id)
    )
    if after is not None:
        statement = statement.where(tuple_(Report.accept_due_at, Refusal.id) > after)
    return [(refusal, report) for refusal, report in session.execute(statement.limit(limit))]


def _open(session: Session, report: Report) -> Refusal | None:
    found = select(Refusal).where(Refusal.report_id == report.id, Refusal.state == "proposed")
    return session.scalars(found).one_or_none()


def _proposal(session: Session, report: Report, refusal_id: UUID) -> Refusal:
    found = select(Refusal).where(Refusal.id == refusal_id, Refusal.report_id == report.id)
    refusal = session.scalars(found.with_for_update()).one_or_none()
    if refusal is None:
        raise NoSuchRefusal
    return refusal


def _by_another(refusal: Refusal, by: Actor) -> None:
    if by.is_person(refusal.proposed_by):
        raise SamePerson("Whoever proposed does not confirm (R6).")


def _not_wrong_before(session: Session, refusal: Refusal, by: Actor) -> None:
    """R6: whoever proposed or confirmed a refusal of this report that was found wrong does not confirm the next."""
    wrong = select(Refusal).join(Recheck, Recheck.refusal_id == Refusal.id)
    wrong = wrong.where(Recheck.report_id == refusal.report_id, Recheck.state == "overturned")
    if by.is_person(*(person for each in session.scalars(wrong) for person in (each.proposed_by, each.decided_by))):
        raise SamePerson("Somebody else confirms, after a refusal of this report was found wrong (R6).")


def _must_rest_on_something(session: Session, report: Report, reason: str, evidence: str, now: datetime) -> None:
    needs: dict[str, list[str]] = policy.value(session, "refusal_needs", now)
    if reason in needs["evidence"] and not evidence.strip():
        raise EvidenceMissing
    in_vain = select(Question.id).where(
        Question.report_id == report.id, Question.answered_at.is_(None), Question.due_at <= now
    )
    if reason in needs["silence"] and session.scalars(in_vain.limit(1)).first() is None:
        raise NotAskedYet
