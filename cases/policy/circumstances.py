"""What a category means under the circumstances of one case: the variants of the catalogue ((d)), as rows.

A leak, children on board, a unit that refuses: each is a named circumstance of its category, and says what it changes.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy.orm import Session

from cases.models.case import Case
from cases.models.policy import CategoryVersion
from cases.policy.catalogue import category_version
from kit.errors import Invalid


class UnknownCircumstance(Invalid):
    """The catalogue knows no such circumstance of this category; `known` lists those that it has."""

    code = "circumstance.unknown"
    pointer = "/when"
    message = "This category has no such circumstance."


def variant(category: CategoryVersion, when: str) -> dict[str, Any]:
    """One circumstance of a category: {when, zh, en, set}, and `desk` where the desk alone may find it.

    Raises UnknownCircumstance.
    """
    for row in category.variants:
        if row["when"] == when:
            return dict(row)
    raise UnknownCircumstance(known=[row["when"] for row in category.variants])


def under(category: CategoryVersion, circumstances: Collection[str]) -> CategoryVersion:
    """The category with what its circumstances change, in the order of the catalogue; a copy that is never stored.

    Its urgency stays: how urgent a case is, the case itself says, and then never has more time than any other (C5).
    """
    if not circumstances:
        return category
    changed = {column.name: getattr(category, column.name) for column in CategoryVersion.__table__.columns}
    for row in category.variants:
        if row["when"] in circumstances:
            changed |= {name: value for name, value in row["set"].items() if name != "urgency"}
    return CategoryVersion(**changed)


def category_of(session: Session, case: Case) -> CategoryVersion:
    """What this case's category means for it: the version it was opened under (M03), with its circumstances."""
    return under(category_version(session, case.category_code, case.category_version), case.circumstances)
