"""Builders of who there is: a district with its bodies, its people and the boundaries of its towns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from shapely import box
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from geo.models import ADMIN, LIVE, Boundary, Edition, Unit
from geo.shapes import stored
from people.actors import Actor
from people.models import Account, AccountRole, Org
from people.roles import Role

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
DISTRICT_CODE = "990199"
# Two squares of about 1.9 km that share the border at 120.02 E.
WEST = (120.00, 31.00, 120.02, 31.02)
EAST = (120.02, 31.00, 120.04, 31.02)
TOWN_ROLES = (Role.TOWN_CLERK, Role.TOWN_OFFICER, Role.TOWN_OFFICER, Role.TOWN_LEADER)
_numbers = count(1)


@dataclass(frozen=True)
class Town:
    """A town with the people of domain.md C2 in it."""

    org: Org
    clerk: Actor
    officer: Actor
    colleague: Actor
    leader: Actor


@dataclass(frozen=True)
class District:
    """A small district: two towns side by side, the departments of fire and police, its office and its group."""

    office: Org
    west: Town
    east: Town
    fire: Org
    police: Org
    group: Org
    edition: Edition
    intake: Actor
    supervisor: Actor
    fire_officer: Actor
    fire_leader: Actor
    police_officer: Actor


def district(session: Session) -> District:
    """A district with its bodies, people and boundaries, written in as few statements as it takes: nearly every test
    begins with one.
    """
    codes = (f"{DISTRICT_CODE}001", f"{DISTRICT_CODE}002")
    bodies = [
        _body("district"), _body("town", unit_code=codes[0]), _body("town", unit_code=codes[1]),
        _body("department", department_kind="fire"), _body("department", department_kind="police"), _body("group"),
    ]  # fmt: skip
    session.add_all(bodies)
    session.flush()
    office, west, east, fire, police, group = bodies
    alone = [
        (office, Role.INTAKE_OFFICER), (office, Role.SAFETY_OFFICE), (fire, Role.DEPT_OFFICER),
        (fire, Role.DEPT_LEADER), (police, Role.DEPT_OFFICER),
    ]  # fmt: skip
    people = officers(session, [*((each, role) for each in (west, east) for role in TOWN_ROLES), *alone])
    size = len(TOWN_ROLES)
    intake, supervisor, fire_officer, fire_leader, police_officer = people[2 * size :]
    return District(
        office=office, west=Town(west, *people[:size]), east=Town(east, *people[size : 2 * size]),
        fire=fire, police=police, group=group, edition=edition(session, {codes[0]: WEST, codes[1]: EAST}),
        intake=intake, supervisor=supervisor, fire_officer=fire_officer, fire_leader=fire_leader,
        police_officer=police_officer,
    )  # fmt: skip


def org(session: Session, kind: str, *, unit_code: str | None = None, department_kind: str | None = None) -> Org:
    """A body of a kind; a town answers for the unit of its code."""
    made = _body(kind, unit_code=unit_code, department_kind=department_kind)
    session.add(made)
    session.flush()
    return made


def _body(kind: str, *, unit_code: str | None = None, department_kind: str | None = None) -> Org:
    number = next(_numbers)
    return Org(
        code=f"ORG-{number}", kind=kind, department_kind=department_kind, unit_code=unit_code,
        name_zh=f"{kind}{number}", name_en=f"{kind.title()} {number}", active=True,
    )  # fmt: skip


def town(session: Session, unit_code: str | None = None) -> Town:
    """A town with a clerk, two officers and a leader."""
    body = org(session, "town", unit_code=unit_code)
    return Town(body, *officers(session, [(body, role) for role in TOWN_ROLES]))


def deputy(session: Session, of: Town) -> Actor:
    """A second leader of a town, who has had no hand in anything (M64)."""
    return officer(session, of.org, Role.TOWN_LEADER)


def officer(session: Session, body: Org, *roles: Role) -> Actor:
    """An officer of a body who can act, but not sign in: the password is none."""
    account = _account(body, *roles)
    session.add(account)
    session.flush()
    return _actor(account, body, *roles)


def officers(session: Session, posts: Sequence[tuple[Org, Role]]) -> list[Actor]:
    """One officer for each post, of one role each."""
    accounts = [_account(body, role) for body, role in posts]
    session.add_all(accounts)
    session.flush()
    return [_actor(account, body, role) for account, (body, role) in zip(accounts, posts, strict=True)]


def _account(body: Org, *roles: Role) -> Account:
    number = next(_numbers)
    account = Account(org_id=body.id, username=f"user{number}", name=f"officer-{number}", password_hash="!")
    account.roles = [AccountRole(role=str(role)) for role in roles]
    return account


def _actor(account: Account, body: Org, *roles: Role) -> Actor:
    return Actor("officer", account.name, account.id, body.id, body.kind, frozenset(roles))


def edition(
    session: Session,
    squares: dict[str, tuple[float, float, float, float]],
    *,
    layer: str = ADMIN,
    priority: int = 0,
    valid: tuple[datetime, datetime | None] = (LONG_AGO, None),
) -> Edition:
    """An edition in force in which each unit, by its code, has a square: west, south, east, north in degrees."""
    made = Edition(
        district_code=DISTRICT_CODE, layer=layer, valid=Range(*valid), state=LIVE, source_name="squares",
        source_sha256="0" * 64, declared_datum="wgs84", report={}, imported_by="tests", created_at=LONG_AGO,
    )  # fmt: skip
    session.add(made)
    session.flush()
    for code, square in squares.items():
        unit = unit_of(session, code)
        session.add(Boundary(edition_id=made.id, unit_id=unit.id, priority=priority, geom=stored(box(*square))))
    session.flush()
    return made


def unit_of(session: Session, code: str) -> Unit:
    """The unit of a code, made when there is none."""
    known = session.scalars(select(Unit).where(Unit.code == code)).one_or_none()
    if known is not None:
        return known
    made = Unit(code=code, district_code=DISTRICT_CODE, kind="town", name_zh=f"镇{code}", open_from=LONG_AGO)
    session.add(made)
    session.flush()
    return made
