"""Guards that the answers to a category's checks open and shut: T7 to conclude, T8 to decide ((d), F18, F30, X21)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import policy
from cases.lifecycle.guards import MAJOR, Incomplete, WrongLevel, at_night
from cases.lifecycle.rounds import of_this_round
from cases.models.case import Case
from cases.models.handling import Verdict, Visit
from cases.policy import NOT_APPLICABLE, Check

DENIED = ("unsubstantiated", "unverifiable")
CRITERIA = "major_criterion"  # the list of reasons that holds them, in versions (F85)
_NUMBERED = re.compile("[0-9０-９一二三四五六七八九十]")


@dataclass(frozen=True)
class Given:
    """One answer that a completed visit gave, and whether that was by night."""

    answer: str
    value: float | None
    night: bool


@dataclass(frozen=True)
class Criterion:
    """What makes a hazard a major one by law: a criterion of the list by its code, and the clause that is met (F18)."""

    code: str
    clause: str


def checks_answered(*, session: Session, case: Case, verdict: Verdict, **_: Any) -> None:
    """T7: each check of the category was answered on some visit, and a denial rests on what it needs ((d), X21).

    Raises Incomplete; `missing` names each as checks.<code>, with .night where it was to be looked at by night.
    """
    missing: list[str] = []
    for check, given in _answers(session, case):
        if not given:
            missing += [f"checks.{check.code}"] * check.is_asked
        elif verdict.outcome in DENIED:
            missing += _undeniable(check, given, verdict.outcome)
    if missing:
        raise Incomplete("The checks of this category are not all answered.", missing=missing, pointer="/checks")


def suspicion_decided(*, session: Session, case: Case, consequences: dict[str, Any], **_: Any) -> None:
    """T8, F30, M59: where a crime is suspected at the place, the transfer to the police is decided on."""
    told = any(check.criminal and _tells(check, given) for check, given in _answers(session, case))
    if told and not consequences.get("prosecute", {}).get("decided"):
        raise Incomplete(
            "A crime is suspected: the case goes to the police as well.", missing=["prosecute"],
            pointer="/consequences/prosecute",
        )  # fmt: skip


def criterion_cited(*, session: Session, grade: str, criterion: Criterion | None, now: datetime, **_: Any) -> None:
    """T8, F18, F85, X29: a major hazard rests on a criterion of the list in force and on a clause of it, by its number.

    Raises Incomplete, UnknownReason.
    """
    if grade != MAJOR:
        return
    if criterion is None or not _NUMBERED.search(criterion.clause):
        raise Incomplete(
            "A major hazard cites its criterion and clause.", missing=["criterion"],
            pointer="/criterion" if criterion is None else "/criterion/clause",
        )  # fmt: skip
    policy.reason(session, CRITERIA, criterion.code, now, field="criterion/code")


def criterion_followed(*, session: Session, case: Case, grade: str, **_: Any) -> None:
    """T8, F18, X29: where a criterion is met, a department's leader decides on a major hazard, and nobody on less."""
    told = any(check.major and _tells(check, given) for check, given in _answers(session, case))
    if told and grade != MAJOR:
        raise WrongLevel("A criterion of a major hazard is met: the leader of a department decides.", grade=MAJOR)


def _answers(session: Session, case: Case) -> Iterator[tuple[Check, list[Given]]]:
    """Each check with the answers that completed visits of this round gave, the newest last (T18)."""
    category = policy.category_version(session, case.category_code, case.category_version)
    done = (Visit.case_id == case.id, Visit.completed_at.is_not(None), of_this_round(case, Visit.started_at))
    made = select(Visit).where(*done)
    visits = session.scalars(made.order_by(Visit.started_at)).all()
    hours = policy.value(session, "night_hours", case.opened_at)
    for check in policy.checks_of(category):
        yield check, [given for visit in visits if (given := _given(check, visit, hours)) is not None]


def _given(check: Check, visit: Visit, hours: dict[str, int]) -> Given | None:
    night = at_night(visit.started_at, hours)
    if check.kind == "permit":
        seen = (visit.permit_check or {}).get("outcome")
        return Given(str(seen), None, night) if seen else None
    row = next((row for row in visit.checks if row["code"] == check.code), None)
    return Given(str(row.get("answer", "")), row.get("value"), night) if row else None


def _tells(check: Check, given: list[Given]) -> bool:
    return bool(given) and check.tells(given[-1].answer, given[-1].value)


def _undeniable(check: Check, given: list[Given], outcome: str) -> list[str]:
    last = given[-1]
    if check.to_deny == "must" and (last.answer == NOT_APPLICABLE or _tells(check, given)):
        return [f"checks.{check.code}"]
    if check.to_deny == "plan" and outcome == "unverifiable" and last.answer == NOT_APPLICABLE:
        return [f"checks.{check.code}"]
    if check.to_deny == "night" and last.answer != NOT_APPLICABLE and not any(each.night for each in given):
        return [f"checks.{check.code}.night"]
    return []
