"""The decision after a failed acceptance as a table (M40), and what waits for it."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from cases import policy
from cases.journey import Kind
from cases.lifecycle.beside import NEW, BesideMove
from cases.lifecycle.closing.aftermath import decision_followed
from cases.lifecycle.guards import Incomplete, of_a_tasked_body
from cases.models.case import Case
from cases.models.measure import HOLDING, Measure
from kit.errors import Conflict
from people.roles import Role

_ACCEPTORS = frozenset({Role.TOWN_OFFICER, Role.TOWN_LEADER, Role.DEPT_OFFICER, Role.DEPT_LEADER})
_LEADERS = frozenset({Role.TOWN_LEADER, Role.DEPT_LEADER})
UNDER_WAY = ("proposed", "approved", *HOLDING)


class Undecided(Conflict):
    """After a failed acceptance a leader decides what follows, and it is begun, before work counts as done (M40)."""

    code = "case.undecided"
    message = "A leader must first decide what follows from the failed acceptance."


class NoMeasure(Incomplete):
    """A suspension or closure is decided on a measure that an officer has proposed, and that was not dropped."""

    code = "decision.no_measure"
    pointer = "/measure_id"


def reasoned(*, basis: str, reason: str, **_: Any) -> None:
    """M40: every choice has its legal basis and its reasons."""
    given = {"basis": basis, "reason": reason}
    missing = [name for name, words in given.items() if not words.strip()]
    if missing:
        raise Incomplete("Name the legal basis and say why.", missing=missing, pointer=f"/{missing[0]}")


def carried_out(
    *, session: Session, case: Case, now: datetime, choice: str, ground: str | None, measure: Measure | None, **_: Any
) -> None:
    """M40, M49: to suspend or to close needs a ground of the list, and the measure that does it in this very case."""
    if choice == "refer":
        return
    policy.reason(session, "measure_ground", ground or "", now, field="ground")
    if measure is None or measure.case_id != case.id or measure.state not in UNDER_WAY:
        raise NoMeasure("Name the measure that was proposed for it.", missing=["measure_id"])
    kind = policy.measure_type_version(session, measure.type_code, measure.type_version)
    if not (kind.needs_decision if choice == "close" else kind.stops_business):
        raise NoMeasure("This measure does not do what was chosen.", missing=["measure_id"])


def consequence_taken(*, session: Session, case: Case, **_: Any) -> None:
    """M40, T13: nothing counts as carried out while a decision is open, or not followed."""
    shut = decision_followed(session, case)
    if shut is not None:
        raise Undecided(reason=shut.reason, link=shut.link)


DECISION_MOVES: dict[str, BesideMove] = {
    "demand": BesideMove("M40", frozenset({NEW}), "open", _ACCEPTORS, entry=Kind.DECISION_DEMANDED),
    "decide": BesideMove(
        "M40", frozenset({"open"}), "decided", _LEADERS, guards=(of_a_tasked_body, reasoned, carried_out),
        entry=Kind.DECISION_TAKEN, stops=("decision",),
    ),
}  # fmt: skip
