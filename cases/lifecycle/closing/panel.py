"""All guards at once, in the order of C4.3: what the closing screen shows, and what T16 asks."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.orm import Session

from cases.lifecycle.closing import aftermath, enforcement, findings, paper, public
from cases.lifecycle.closing.shut import Shut
from cases.models.case import Case
from kit.errors import Conflict


@dataclass(frozen=True)
class GuardState:
    """One line of the closing screen. `reason` is a stable code, `ok` where the guard holds; then nothing links."""

    code: str
    holds: bool
    reason: str
    zh: str
    en: str
    link: str | None


class GuardsOpen(Conflict):
    """The case cannot close while a guard is open; `guards` lists them all."""

    code = "case.guards_open"
    message = "The case cannot be closed yet."


_GUARDS: dict[str, Callable[[Session, Case], Shut | None]] = {
    "G-REP": paper.replied,
    "G-ACC": findings.accepted,
    "G-LOOK": aftermath.looked_at_again,
    "G-DEC": aftermath.decision_followed,
    "G-PEN": enforcement.penalised,
    "G-MEA": enforcement.measures_settled,
    "G-REF": enforcement.referrals_answered,
    "G-LIST": public.not_listed,
    "G-DOC": paper.documented,
    "G-TASK": paper.tasks_answered,
    "G-EXP": public.exposure_follows,
}


def panel(session: Session, case: Case) -> list[GuardState]:
    """Every closing guard with its state; asked in any state of the case, it tells what closing would still miss."""
    return [_line(code, ask(session, case)) for code, ask in _GUARDS.items()]


def all_hold(*, session: Session, case: Case, **_: Any) -> None:
    """T16: raises GuardsOpen unless every guard holds."""
    states = panel(session, case)
    if not all(state.holds for state in states):
        raise GuardsOpen(guards=[asdict(state) for state in states])


def _line(code: str, shut: Shut | None) -> GuardState:
    if shut is None:
        return GuardState(code, holds=True, reason="ok", zh="符合", en="Holds", link=None)
    return GuardState(code, holds=False, reason=shut.reason, zh=shut.zh, en=shut.en, link=shut.link)
