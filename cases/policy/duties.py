"""Whose duty it is: the published items a task cites (M06), and which department stands in for which."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.models.policy import DepartmentKind, DutyItem
from cases.policy.once import in_force
from cases.policy.values import value

ANY_DEPARTMENT = "department"
NO_DEPARTMENTS = {"city", "district", "town", "group"}


class DutyItemMissing(LookupError):
    """A task must cite a duty item (M06), and none is in force for this body."""


def duty_items(session: Session, at: datetime) -> list[DutyItem]:
    """Every active duty item at `at`, by code."""
    return [row for row in in_force(session, DutyItem, at) if row.active]


def public_duties(session: Session, at: datetime) -> list[DutyItem]:
    """Those of them that everybody may read (M06)."""
    return [row for row in duty_items(session, at) if row.public]


def duty_item(session: Session, org_kind: str, duty: str, at: datetime) -> DutyItem:
    """The item that a task of `duty` cites for a body of `org_kind`: town, district, group or a kind of department.

    A department's own item goes before the one for any department. Raises DutyItemMissing.
    """
    found = {row.org_kind: row for row in duty_items(session, at) if row.duty == duty}
    item = found.get(org_kind)
    if item is None and org_kind not in NO_DEPARTMENTS:
        item = found.get(ANY_DEPARTMENT)
    if item is None:
        raise DutyItemMissing(f"no duty item says that {org_kind!r} has to {duty!r}")
    return item


def department_kinds(session: Session) -> dict[str, DepartmentKind]:
    """The vocabulary of departments and other parties, by code."""
    return {row.code: row for row in session.scalars(select(DepartmentKind))}


def acting_kind(session: Session, kind: str, at: datetime) -> str:
    """The kind of department that acts for `kind` in this district: the gas authority is another's hat."""
    stands_in: dict[str, str] = value(session, "department_stands_in", at)
    return stands_in.get(kind, kind)
