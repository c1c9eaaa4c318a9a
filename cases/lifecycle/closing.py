"""The closing guards of C4.3, as data for a screen and as the last lock before T16.

A guard whose own machine is not built yet stays shut as soon as a case would need it. A mandatory penalty keeps a case
in `closure_review` until one of its lawful exits is there, rectified or not (X22).
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cases.lifecycle import lawful_exits
from cases.models.case import Case, Task
from cases.models.exposure import Exposure, PublicExposure
from cases.models.handling import Acceptance, RecordCopy, Verdict
from kit.errors import Conflict

FOUND = ("substantiated", "partly")
COPIES = 4


@dataclass(frozen=True)
class GuardState:
    """One line of the closing screen."""

    code: str
    holds: bool
    reason: str


class GuardsOpen(Conflict):
    """The case cannot close while a guard is open; `guards` lists them all."""

    code = "case.guards_open"
    message = "The case cannot be closed yet."


def panel(session: Session, case: Case) -> list[GuardState]:
    """Every closing guard with its state, in the order of C4.3."""
    return [GuardState(code, not why, why or "ok") for code, ask in _GUARDS.items() for why in [ask(session, case)]]


def all_hold(*, session: Session, case: Case, **_: Any) -> None:
    """T16: raises GuardsOpen unless every guard holds."""
    states = panel(session, case)
    if not all(state.holds for state in states):
        raise GuardsOpen(guards=[asdict(state) for state in states])


def _replied(_: Session, case: Case) -> str:
    return "a reply to a reporter is open" if case.replies_open else ""


def _accepted(session: Session, case: Case) -> str:
    if case.outcome not in FOUND:
        return "" if _verdict(session, case) else "no second person has approved the verdict"
    last = select(Acceptance.result).where(Acceptance.case_id == case.id).order_by(Acceptance.accepted_at.desc())
    return "" if session.scalars(last.limit(1)).first() == "pass" else "not accepted after rectification"


def _penalised(session: Session, case: Case) -> str:
    wanted = case.penalty_policy == "mandatory" or _decided(session, case, "penalise")
    return lawful_exits.penalty_exit(session, case, wanted=wanted and case.outcome in FOUND)


def _measures_lifted(session: Session, case: Case) -> str:
    return lawful_exits.measures_settled(session, case, suspension_decided=_decided(session, case, "suspend"))


def _referred(session: Session, case: Case) -> str:
    return lawful_exits.referrals_answered(session, case, prosecution_decided=_decided(session, case, "prosecute"))


def _not_listed(_: Session, case: Case) -> str:
    return "a major hazard is listed before it is closed" if case.grade == "major" else ""


def _documented(session: Session, case: Case) -> str:
    rows = session.execute(
        select(func.count(), func.count(RecordCopy.delivered_at)).where(RecordCopy.case_id == case.id)
    ).one()
    return "" if rows[0] >= COPIES and rows[0] == rows[1] else f"{rows[1]} of {max(rows[0], COPIES)} copies delivered"


def _tasks_answered(session: Session, case: Case) -> str:
    waiting = select(func.count()).where(
        Task.case_id == case.id, Task.kind.in_(("lead", "coop")), Task.state.in_(("open", "signed"))
    )
    count = session.scalar(waiting)
    return f"{count} department tasks are not answered" if count else ""


def _exposure_follows(session: Session, case: Case) -> str:
    stale = (
        select(PublicExposure.public_id)
        .join(Exposure, Exposure.public_id == PublicExposure.public_id)
        .where(Exposure.case_id == case.id, Exposure.state == "published", PublicExposure.progress != "rectified")
    )
    return "the public status does not follow yet" if session.scalars(stale.limit(1)).first() else ""


def _verdict(session: Session, case: Case) -> Verdict | None:
    found = select(Verdict).where(Verdict.case_id == case.id, Verdict.state == "approved")
    return session.scalars(found.order_by(Verdict.decided_at.desc()).limit(1)).first()


def _decided(session: Session, case: Case, consequence: str) -> bool:
    verdict = _verdict(session, case)
    consequences = (verdict.consequences or {}) if verdict else {}
    return bool(consequences.get(consequence, {}).get("decided"))


_GUARDS: dict[str, Callable[[Session, Case], str]] = {
    "G-REP": _replied,
    "G-ACC": _accepted,
    "G-PEN": _penalised,
    "G-MEA": _measures_lifted,
    "G-REF": _referred,
    "G-LIST": _not_listed,
    "G-DOC": _documented,
    "G-TASK": _tasks_answered,
    "G-EXP": _exposure_follows,
}
