"""The neutral words of a notice: a category, a number and what is due; nothing of a reporter, a place or a person."""

from sqlalchemy.orm import Session

from cases import policy
from cases.models.case import Case
from cases.words import CLOCKS


def about(session: Session, case: Case, clock: str, what: str, *, whose: str = "") -> str:
    """One line about a case: its category, its number, which time limit, of which office if it is not its own, what."""
    category = policy.category_version(session, case.category_code, case.category_version)
    of_whom = f"（{whose}）" if whose else ""
    return f"{category.zh}：案件 {case.number} 的{CLOCKS.get(clock, '办理')}{of_whom}{what}"
