"""`./jz open-office` and `./jz open-town-offices`: the bodies that answer for the district's places and departments."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cases.policy import department_kinds
from cases.routing import unanswered
from cli.refusal import CannotGoOn
from cli.terminal import say
from geo.models import Unit
from kit import clock
from kit.db import OWNER, unit_of_work
from people.models import Org
from people.offices import body_of, open_office


class Kind(StrEnum):
    """What a body is (domain.md C2): a group verifies what a town must never get (M117)."""

    CITY = "city"
    DISTRICT = "district"
    TOWN = "town"
    DEPARTMENT = "department"
    GROUP = "group"


def open_one(
    code: Annotated[str, typer.Argument(help="Its code, such as 990101001; officers are made for it by this code.")],
    *,
    kind: Annotated[Kind, typer.Option(help="What it is.")],
    name: Annotated[str, typer.Option(help="Its full name, as letters show it.")],
    english: Annotated[str, typer.Option(help="Its name in English.")] = "",
    unit: Annotated[str, typer.Option(help="The division code of the town it answers for.")] = "",
    department: Annotated[str, typer.Option(help="Which department it is, such as fire.")] = "",
    phone: Annotated[str, typer.Option(help="Where its people on duty are reached.")] = "",
) -> None:
    """Open an office: the district's own first, then its departments; towns by open-town-offices."""
    with unit_of_work(OWNER) as session:
        _may_open(session, code, kind, unit, department)
        parent = None if kind in (Kind.CITY, Kind.DISTRICT) else _district(session)
        open_office(
            session, code, kind, name, name_en=english, unit_code=unit or None,
            department_kind=department or None, duty_phone=phone, parent=parent,
        )  # fmt: skip
    say(f"{name} ({code}) is open. ./jz create-officer makes accounts for it.")


def open_towns(
    *,
    district: Annotated[str, typer.Option(help="Six digits; only its units are looked at.")] = "",
    yes: Annotated[bool, typer.Option(help="Open them without asking.")] = False,
) -> None:
    """Open an office for each unit of the boundaries in force for which nobody answers yet."""
    with unit_of_work(OWNER) as session:
        units = [unit for unit in unanswered(session, clock.now()) if unit.district_code.startswith(district)]
        if not units:
            say("Every unit of the boundaries in force is answered for.")
            return
        for unit in units:
            print(f"  {unit.code}  {body_of(unit.name_zh, unit.kind)}")
        if not yes and not _agreed(len(units)):
            raise CannotGoOn("Nothing was changed.")
        for unit in units:
            _open_for(session, unit)
    say(f"{len(units)} offices are open. ./jz create-officer makes accounts for them, by the codes above.")


def _open_for(session: Session, unit: Unit) -> None:
    name = body_of(unit.name_zh, unit.kind)
    _may_open(session, unit.code, Kind.TOWN, unit.code, "")
    open_office(
        session, unit.code, Kind.TOWN, name, name_en=unit.name_en, unit_code=unit.code, parent=_district(session)
    )


def _may_open(session: Session, code: str, kind: Kind, unit: str, department: str) -> None:
    """Raises CannotGoOn with what to do instead."""
    taken = session.scalars(select(Org).where(or_(Org.code == code, Org.unit_code == (unit or code)))).first()
    if taken:
        raise CannotGoOn(f"{taken.name_zh} ({taken.code}) has that code or unit already.")
    if unit and session.scalars(select(Unit.id).where(Unit.code == unit)).first() is None:
        raise CannotGoOn(f"There is no unit {unit}; ./jz import-boundaries brings them in.")
    if bool(unit) != (kind == Kind.TOWN):
        raise CannotGoOn("A town answers for a unit (--unit), and nobody else does.")
    known = department_kinds(session)
    if (kind == Kind.DEPARTMENT) != bool(department) or (department and department not in known):
        listed = "\n".join(f"  {each}  {row.zh}" for each, row in sorted(known.items()) if row.nature == "department")
        raise CannotGoOn(
            f"A department says which one it is (--department), and nobody else does. There are:\n{listed}"
        )


def _district(session: Session) -> Org:
    """The office that towns and departments belong to; it must be there first."""
    district = session.scalars(select(Org).where(Org.kind == Kind.DISTRICT, Org.active).order_by(Org.id)).first()
    if district is None:
        raise CannotGoOn("Open the district's own office first: ./jz open-office CODE --kind district --name …")
    return district


def _agreed(number: int) -> bool:
    if not sys.stdin.isatty():
        raise CannotGoOn("Nothing was changed: nobody is here to agree. Add --yes to open them.")
    return typer.confirm(f"Open these {number} offices?")
