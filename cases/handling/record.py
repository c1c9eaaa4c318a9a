"""What makes the record of a visit complete: blocks and checks answered, permits looked at, findings, action (M34)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import policy
from cases.handling.checks import CheckAnswer, missing, pictures_of
from cases.lifecycle.guards import Incomplete
from cases.models.case import Case
from cases.models.handling import Picture
from cases.policy import PERMIT_OUTCOMES, Check

ANSWERS = ("clear", "problem", "na")


@dataclass(frozen=True)
class BlockAnswer:
    """One block of the checklist: nothing wrong, a problem, or not applicable for a reason (M34)."""

    block: str
    answer: str
    note: str = ""


@dataclass(frozen=True)
class VisitRecord:
    """What the record of a visit states (F10). `evidence` gives pictures by the place of their finding in the list.

    `permit_check` holds outcome (seen, not_seen, expired, other_scope), number, picture_id and note (M31).
    `inspected_unit` is empty where nobody operates what was found; `penalty` says what the inspectors propose (M46).
    """

    place: str
    people_present: str
    findings: Sequence[str]
    facts: str
    action: str
    permit_check: dict[str, Any] | None
    signature: str  # signed or refused
    signature_note: str
    checklist: Sequence[BlockAnswer] = ()
    evidence: Mapping[int, Sequence[UUID]] = field(default_factory=dict)
    checks: Sequence[CheckAnswer] = ()
    inspected_unit: str = ""
    penalty: str = ""


def complete(session: Session, case: Case, record: VisitRecord, at: datetime) -> None:
    """Raise Incomplete, naming what is missing, unless the record may be issued by the policy in force at `at`."""
    lacks = [name for name in ("action",) if not getattr(record, name).strip()]
    lacks += ["findings"] * (not any(text.strip() for text in record.findings))
    lacks += ["signature_note"] * (record.signature == "refused" and not record.signature_note.strip())  # F10
    lacks += ["penalty"] * (says_the_penalty(case) and not record.penalty.strip())
    lacks += _unanswered(session, case, record.checklist, at)
    lacks += _unseen(session, case, record.permit_check)
    lacks += missing(checks_of_case(session, case), record.checks, permit_of(record), pictures_of(session, case))
    lacks += ["evidence"] * any(not 0 <= place < len(record.findings) for place in record.evidence)
    if lacks:
        raise Incomplete("The record cannot be issued yet.", missing=lacks)


def says_the_penalty(case: Case) -> bool:
    """M45, M46: where a penalty must follow, the record says which one, or why none."""
    return case.penalty_policy == "mandatory"


def checks_of_case(session: Session, case: Case) -> list[Check]:
    """The checks of the case's category, in the version it was opened under (M03)."""
    return policy.checks_of(policy.category_version(session, case.category_code, case.category_version))


def permit_of(record: VisitRecord) -> str | None:
    """What the permit check of a record says, which answers the category's check of its permit."""
    return (record.permit_check or {}).get("outcome")


def _unanswered(session: Session, case: Case, answers: Sequence[BlockAnswer], at: datetime) -> list[str]:
    category = policy.category_version(session, case.category_code, case.category_version)
    given = {each.block: each for each in answers}
    return [
        f"checklist.{block['code']}"
        for block in policy.checklist(session, category, at)
        if not _answered(given.get(block["code"]))
    ]


def _answered(answer: BlockAnswer | None) -> bool:
    """A block that does not apply, or shows a problem, says why."""
    return answer is not None and answer.answer in ANSWERS and (answer.answer == "clear" or bool(answer.note.strip()))


def _unseen(session: Session, case: Case, check: dict[str, Any] | None) -> list[str]:
    """What a permit check lacks: a permit that was shown has its number and a picture of it."""
    if check is None:
        return []
    if check.get("outcome") not in PERMIT_OUTCOMES:
        return ["permit_check.outcome"]
    if check["outcome"] == "not_seen":
        return []
    shown = select(Picture.id).where(Picture.case_id == case.id, Picture.id == _uuid(check.get("picture_id")))
    lacks = ["permit_check.number"] * (not str(check.get("number") or "").strip())
    return lacks + ["permit_check.picture_id"] * (session.scalar(shown) is None)


def _uuid(given: Any) -> UUID | None:
    try:
        return UUID(str(given))
    except ValueError:
        return None
