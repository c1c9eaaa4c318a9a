"""The catalogue of categories (domain.md (d)) as it stood at an instant."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from cases.models.policy import Category, CategoryVersion
from cases.policy.once import once
from kit.errors import Invalid


class UnknownCategory(Invalid):
    """No category of this code was in force."""

    code = "category.unknown"
    message = "There is no such category."
    pointer = "/category"


def category_in_force(session: Session, code: str, at: datetime) -> CategoryVersion:
    """What category `code` means at `at` (M03). Raises UnknownCategory when it means nothing yet, or no longer."""
    versions = once(session, _versions, code)
    found = next((each for each in versions if each.effective_at <= at), None)
    if found is None or not found.active:
        raise UnknownCategory
    return found


def _versions(session: Session, code: str) -> list[CategoryVersion]:
    """The newest first."""
    rows = select(CategoryVersion).where(CategoryVersion.category_code == code)
    return list(session.scalars(rows.order_by(CategoryVersion.version.desc())))


def asked_category(session: Session, code: str, *, pointer: str = "?category") -> str:
    """The category that a list is asked for; one that is used no longer still has its cases. Raises UnknownCategory."""
    if session.get(Category, code) is None:
        raise UnknownCategory(pointer=pointer)
    return code


def category_version(session: Session, code: str, version: int) -> CategoryVersion:
    """The very version a case was opened under; a change of the catalogue leaves it untouched (M03)."""
    return once(session, _version, code, version)


def _version(session: Session, code: str, version: int) -> CategoryVersion:
    return session.get_one(CategoryVersion, (code, version))


def categories(session: Session, at: datetime) -> list[CategoryVersion]:
    """Every active category at `at`, in the order of the lists."""
    newest = (
        select(CategoryVersion)
        .where(CategoryVersion.effective_at <= at)
        .ext(distinct_on(CategoryVersion.category_code))
        .order_by(CategoryVersion.category_code, CategoryVersion.version.desc())
    )
    return sorted((row for row in session.scalars(newest) if row.active), key=lambda row: row.position)
