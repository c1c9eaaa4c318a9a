"""Answers to the checks of a category, for records that tests write: calm ones, and those that tell something."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from cases import policy
from cases.handling import CheckAnswer
from cases.models.case import Case
from cases.policy import ANSWERS, Check


def checks_of(session: Session, case: Case) -> list[Check]:
    """The checks of a case's category."""
    return policy.checks_of(policy.category_version(session, case.category_code, case.category_version))


def calm(session: Session, case: Case) -> list[CheckAnswer]:
    """An answer to every check, from which nothing follows; a permit that was not seen had its consequences."""
    return [answer for check in checks_of(session, case) if (answer := calm_answer(check)) is not None]


def calm_answer(check: Check) -> CheckAnswer | None:
    """One answer from which nothing follows; None where nobody answers."""
    if check.kind == "permit":
        return CheckAnswer(check.code, done="已当场制止", phoned=True)
    if check.kind == "yes_no":
        return CheckAnswer(check.code, next(each for each in ("no", "yes") if each not in check.on))
    if check.kind == "measure":
        return CheckAnswer(check.code, "measured", value=check.least if check.least is not None else 1.0)
    if check.kind == "text":
        return CheckAnswer(check.code, "stated", note="现场询问得知")
    if check.kind in {"photo", "certificate"}:
        return CheckAnswer(check.code, "na", note="现场不具备条件")
    return None


def telling_answers(check: Check) -> Sequence[str | float]:
    """Every answer from which something follows: words, or numbers at the very edge."""
    if check.kind == "measure":
        least = [] if check.least is None else [check.least - 0.01]
        return [*least, *([] if check.under is None else [check.under])]
    return [each for each in ANSWERS[check.kind] if each in check.on]
