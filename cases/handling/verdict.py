"""T7, T9, T10: a finder proposes what was found; somebody else approves it or sends it back."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import clocks
from cases.handling import second_look
from cases.lifecycle import case as machine
from cases.models.case import Case
from cases.models.handling import Verdict, Visit
from kit.errors import Conflict
from people.actors import Actor


class NothingToDecide(Conflict):
    """No verdict of this case waits for approval."""

    code = "verdict.none_proposed"
    message = "No verdict waits for a decision."


def propose(
    session: Session,
    case: Case,
    *,
    outcome: str,
    summary: str,
    qualification: str,
    sanction: str,
    by: Actor,
    now: datetime,
) -> Verdict:
    """T7: propose the verdict of a locked case after a completed visit. Raises Incomplete."""
    visit = last_visit(session, case)
    verdict = Verdict(
        case_id=case.id, visit_id=visit.id if visit else None, outcome=outcome, summary=summary,
        qualification=qualification, proposed_sanction=sanction, proposed_by=by.account_id, proposed_at=now,
        state="proposed",
    )  # fmt: skip
    machine.move(
        session, case, "propose_verdict", by=by, now=now, visit=visit, verdict=verdict, trail_={"outcome": outcome}
    )
    session.add(verdict)
    session.flush()
    return verdict


def find_unsubstantiated(session: Session, case: Case, *, comment: str, by: Actor, now: datetime) -> Verdict:
    """T9: approve that the facts were not found; never by whoever verified (X21).

    Where the safety office looks again, the case has no outcome yet: nobody is told what is not confirmed.
    """
    verdict, visit = proposed(session, case)
    machine.move(
        session, case, "find_unsubstantiated", by=by, now=now, visit=visit, verdict=verdict, comment=comment,
        trail_={"outcome": verdict.outcome},
    )  # fmt: skip
    decide(verdict, "approved", comment=comment, by=by, now=now)
    if second_look.draw(session, case, verdict, by=by, now=now).state != "waiting":
        case.outcome = verdict.outcome
    return verdict


def return_verdict(session: Session, case: Case, *, comment: str, by: Actor, now: datetime) -> Verdict:
    """T10: send a verdict back for more; only the time that remained is left."""
    verdict, visit = proposed(session, case)
    machine.move(
        session, case, "return_verdict", by=by, now=now, visit=visit, verdict=verdict, comment=comment,
        trail_={"comment": comment},
    )  # fmt: skip
    clocks.resume(session, case, "verify", now=now)
    decide(verdict, "returned", comment=comment, by=by, now=now)
    return verdict


def proposed(session: Session, case: Case) -> tuple[Verdict, Visit]:
    """The verdict that waits for approval, with its visit. Raises NothingToDecide."""
    verdict = session.scalars(
        select(Verdict).where(Verdict.case_id == case.id, Verdict.state == "proposed")
    ).one_or_none()
    if verdict is None:
        raise NothingToDecide
    return verdict, session.get_one(Visit, verdict.visit_id)


def decide(verdict: Verdict, state: str, *, comment: str | None, by: Actor, now: datetime, **found: Any) -> None:
    """Write down who decided a verdict, how and when."""
    verdict.state, verdict.decided_by, verdict.decided_at, verdict.comment = state, by.account_id, now, comment
    for name, value in found.items():
        setattr(verdict, name, value)


def last_visit(session: Session, case: Case) -> Visit | None:
    """The newest visit of a case; one that was broken off has found nothing."""
    made = select(Visit).where(Visit.case_id == case.id, Visit.state != "broken_off")
    return session.scalars(made.order_by(Visit.started_at.desc()).limit(1)).one_or_none()
