"""Whose turn it is while a case waits for its acceptance or its end, or is in other hands (X53).

Until then it is the body's that answers for the case.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from cases.lifecycle import accepting, closing
from cases.lifecycle.closing.enforcement import AWAITED, OPEN_TRACK, UNDECIDED
from cases.models.case import Case, Task
from cases.models.handling import Visit
from cases.models.measure import HOLDING, Measure
from cases.models.penalty import DECIDED, Penalty
from cases.models.referral import CriminalTransfer, Referral
from people.models import Org

TRACKED = "external"
Find = Callable[[Session, Case], int | None]


def falls_to(session: Session, case: Case) -> int | None:
    """The organ that a penalty falls to: the department that leads the case (M03), else the body that answers for it.

    Where a town has the powers by delegation the department stays answerable for them (F19). A body without any hands
    the matter over: that is its duty as the first to find it (M56), and time runs for that as well.
    """
    leading = select(Task.org_id).join(Org, Org.id == Task.org_id)
    leading = leading.where(Task.case_id == case.id, Task.kind == "lead", Task.state != "cancelled", Org.active)
    return _first(session, leading.order_by(Task.created_at, Task.id)) or case.responsible_org_id


def turn_of(session: Session, case: Case) -> int | None:
    """The body that the whole case waits for now; where the town still has something to do, the town (X53, M56)."""
    if case.state == "referred":
        return _receiver(session, case)
    if case.state == "acceptance":
        return _acceptor(session, case)
    if case.state != "closure_review":
        return case.responsible_org_id
    bodies = [_answers(session, case, each) for each in closing.panel(session, case) if not each.holds]
    bodies = bodies or [_closer(session, case)]
    return case.responsible_org_id if case.responsible_org_id in bodies else bodies[0]


def _answers(session: Session, case: Case, guard: closing.GuardState) -> int | None:
    find = _BY_REASON.get(guard.reason) or _BY_GUARD.get(guard.code)
    return (find(session, case) if find is not None else None) or case.responsible_org_id


def _district(session: Session, _: Case) -> int | None:
    return _first(session, select(Org.id).where(Org.kind == "district", Org.active).order_by(Org.id))


def _closer(session: Session, case: Case) -> int | None:
    """T16: nothing is left but to close it."""
    above = case.grade == "major" or case.urgency == "immediate"
    return _district(session, case) if above else case.responsible_org_id


def _acceptor(session: Session, case: Case) -> int | None:
    """T15, M64: whoever accepts; where another body must and none is there, the district, which brings one in."""
    if not accepting.by_others(session, case):
        return case.responsible_org_id
    return accepting.whose(session, case) or _district(session, case)


def _receiver(session: Session, case: Case) -> int | None:
    """T11: whoever has it; a refusal, a body outside and a finding are the safety office's to settle, track, confirm.

    What is tracked outside is waited for only where the whole case is away and nothing else is awaited (G-REF).
    """
    tracked = Referral.state == TRACKED
    states = Referral.state.in_((*AWAITED, TRACKED) if case.state == "referred" else AWAITED)
    awaited = select(Referral).where(Referral.case_id == case.id, states)
    referral = session.scalars(awaited.order_by(tracked, Referral.sent_at.desc()).limit(1)).first()
    if referral is None:
        transfer = select(CriminalTransfer.org_id).where(
            CriminalTransfer.case_id == case.id, CriminalTransfer.state.in_(UNDECIDED)
        )
        return _first(session, transfer)
    taken = referral.to_org_id if referral.state in {"sent", "accepted"} else None
    return taken or _district(session, case)


def _with_a_task(session: Session, case: Case) -> int | None:
    waiting = select(Task.org_id).where(
        Task.case_id == case.id, Task.kind.in_(("lead", "coop")), Task.state.in_(("open", "signed"))
    )
    return _first(session, waiting.order_by(Task.created_at, Task.id))


def _penalising(session: Session, case: Case) -> int | None:
    track = select(Penalty.org_id).where(Penalty.case_id == case.id, Penalty.state.in_(OPEN_TRACK))
    return _first(session, track.order_by(Penalty.filed_at)) or falls_to(session, case)


def _has_decided(session: Session, case: Case) -> int | None:
    decided = select(Penalty.org_id).where(Penalty.case_id == case.id, Penalty.state.in_(DECIDED))
    return _first(session, decided.order_by(Penalty.decided_at))


def _keeps_a_slip(session: Session, case: Case) -> int | None:
    """M44: whoever handed it over, and says that it was taken."""
    outside = select(Referral.from_org_id).where(
        Referral.case_id == case.id, Referral.to_org_id.is_(None), Referral.accepted_at.is_not(None)
    )
    taken = select(CriminalTransfer.org_id).where(
        CriminalTransfer.case_id == case.id, CriminalTransfer.state == "accepted", ~CriminalTransfer.by_police
    )
    return _first(session, outside.order_by(Referral.sent_at.desc())) or _first(session, taken)


def _with_a_measure(session: Session, case: Case) -> int | None:
    open_ = ("proposed", "approved", *HOLDING)
    measures = select(Measure.org_id).where(Measure.case_id == case.id, Measure.state.in_(open_))
    return _first(session, measures.order_by(Measure.proposed_at))


def _who_visits(session: Session, case: Case) -> int | None:
    return _first(session, select(Visit.org_id).where(Visit.case_id == case.id, Visit.state == "open"))


def _first(session: Session, found: Select[Any]) -> int | None:
    return session.scalars(found.limit(1)).first()


_BY_GUARD: Mapping[str, Find] = {
    "G-REP": _district, "G-LOOK": _district, "G-LIST": _district, "G-EXP": _district, "G-TASK": _with_a_task,
    "G-PEN": _penalising, "G-MEA": _with_a_measure, "G-REF": _receiver,
}  # fmt: skip
_BY_REASON: Mapping[str, Find] = {
    "penalty_copy_missing": _has_decided,
    "record_open": _who_visits,
    "slip_not_stored": _keeps_a_slip,
}
