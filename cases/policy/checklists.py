"""What a visit must look at: the four blocks of M34, as the district has laid them down for a category."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from cases.models.policy import CategoryVersion, PolicyValue
from cases.policy.values import value

CHECKLIST = "checklist"


def checklist(session: Session, category: CategoryVersion, at: datetime) -> list[dict[str, Any]]:
    """The blocks in force at `at`: those of the category, else of its group, else everybody's.

    Values `checklist.FW-01`, `checklist.fireworks` and `checklist`, each a list of {code, zh, en, ask_zh, ask_en}.
    """
    keys = [f"{CHECKLIST}.{category.category_code}", f"{CHECKLIST}.{category.group_code}", CHECKLIST]
    newest = (
        select(PolicyValue.key, PolicyValue.value)
        .where(PolicyValue.key.in_(keys), PolicyValue.effective_at <= at)
        .ext(distinct_on(PolicyValue.key))
        .order_by(PolicyValue.key, PolicyValue.version.desc())
    )
    found = {key: blocks for key, blocks in session.execute(newest)}  # noqa: C416 - `dict()` would lose the types
    blocks: list[dict[str, Any]] = next((found[key] for key in keys if found.get(key)), [])
    return blocks


def needs_permit_check(session: Session, category: CategoryVersion, penalty_policy: str, at: datetime) -> bool:
    """Whether a verification must look at permits: for licence-bound categories, and where a penalty must follow."""
    return penalty_policy == "mandatory" or category.category_code in value(session, "permit_check", at)
