"""`seed-demo` and `demo-accounts`: a fictional district with its boundaries, offices and people, to try it all on."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import policy
from cli.demo import district
from cli.demo.certificates import certify
from cli.demo.offices import Office, Person, demo_password, offices, people
from cli.refusal import CannotGoOn
from cli.terminal import say
from kit import clock
from kit.db import OWNER, unit_of_work
from people import sign_in
from people.models import Account, AccountRole, Org

SHOWN = ("", "group", "yunjin", "fire")  # stems of the offices whose accounts stand for all others


def seed_demo() -> None:
    """Load the fictional demo district: boundaries, zones, offices, accounts. Repeating changes nothing."""
    now = clock.now()
    with unit_of_work(OWNER) as session:
        staffed = offices(_departments(session, now))
        _refuse_a_real_district(session, staffed)
        district.load(session, now)
        orgs = _keep_offices(session, staffed)
        made = _keep_people(session, staffed, orgs)
        session.flush()
        certify(session, now)
    say(f"{district.DISTRICT_NAME[0]}: {len(staffed)} offices, {made} new accounts. ./jz demo-accounts lists them.")


def demo_accounts(
    *, every: Annotated[bool, typer.Option("--all", help="Every town and department, not one of each.")] = False
) -> None:
    """Show name, password, role and office of the demo district's accounts."""
    with unit_of_work(OWNER) as session:
        staffed = offices(_departments(session, clock.now()))
        present = set(session.scalars(select(Account.username)))
    rows = [person for person in people(staffed) if person.username in present]
    shown = rows if every else [person for person in rows if person.office.stem in SHOWN]
    if not shown:
        return
    print(f"{'account':<18} {'password':<22} {'role':<28} office")
    for person in shown:
        roles = ", ".join(person.roles)
        print(f"{person.username:<18} {demo_password(person.job):<22} {roles:<28} {person.office.name_zh}")
    if len(shown) < len(rows):
        print(f"... and {len(rows) - len(shown)} more for the other towns and departments: ./jz demo-accounts --all")


def _departments(session: Session, now: datetime) -> list[tuple[str, str, str]]:
    """The departments that the catalogue names, after those that another stands in for."""
    named = {kind for row in policy.categories(session, now) for kind in (*row.lead_dept_kinds, *row.coop_dept_kinds)}
    acting = {policy.acting_kind(session, kind, now) for kind in named}
    known = policy.department_kinds(session)
    return [(kind, known[kind].zh, known[kind].en) for kind in sorted(acting) if known[kind].nature == "department"]


def is_another_district() -> bool:
    """Whether this database holds offices that are not the demo's."""
    with unit_of_work(OWNER) as session:
        return bool(_others(session, offices(_departments(session, clock.now()))))


def _others(session: Session, staffed: list[Office]) -> set[str]:
    return set(session.scalars(select(Org.code))) - {office.code for office in staffed}


def _refuse_a_real_district(session: Session, staffed: list[Office]) -> None:
    """Demo departments beside real ones would get real tasks."""
    if others := _others(session, staffed):
        raise CannotGoOn(
            f"This database holds offices of another district ({min(others)} ...); the demo is not loaded."
        )


def _keep_offices(session: Session, staffed: list[Office]) -> dict[str, Org]:
    orgs = {org.code: org for org in session.scalars(select(Org))}
    for number, office in enumerate(staffed):
        if office.code not in orgs:
            orgs[office.code] = Org(
                code=office.code, kind=office.kind, department_kind=office.department_kind, name_zh=office.name_zh,
                name_en=office.name_en, unit_code=office.unit_code, duty_phone=f"0990-5550{number:03d}",
            )  # fmt: skip
            session.add(orgs[office.code])
    session.flush()
    for office in staffed[1:]:
        orgs[office.code].parent_id = orgs[staffed[0].code].id
    return orgs


def _keep_people(session: Session, staffed: list[Office], orgs: dict[str, Org]) -> int:
    """Accounts that are missing. One hash serves everybody of the same job.

    Argon2 is slow on purpose; a hundred hashes would take longer than all the rest of `up`.
    """
    present = set(session.scalars(select(Account.username)))
    missing = [person for person in people(staffed) if person.username not in present]
    hashes: dict[str, str] = {}
    for person in missing:
        org = orgs[person.office.code]
        if person.job in hashes:
            session.add(_account(person, org, hashes[person.job]))
            continue
        first = sign_in.create_officer(
            session, org=org, username=person.username, name=person.name,
            password=demo_password(person.job), roles=list(person.roles),
        )  # fmt: skip
        hashes[person.job] = first.password_hash
    return len(missing)


def _account(person: Person, org: Org, password_hash: str) -> Account:
    account = Account(org_id=org.id, username=person.username, name=person.name, password_hash=password_hash)
    account.roles = [AccountRole(role=str(role)) for role in person.roles]
    return account
