"""The simulated district: towns in a row, departments and a district office, each with people of one character."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from cases import enforcing
from cases.enforcing import DelegationDraft
from geo.points import Point
from people.actors import Actor
from people.models import Org
from people.roles import Role
from tests import enforcement, make
from tests.make import DISTRICT_CODE, NOW

HONEST, LAZY, GAMING = "honest", "lazy", "gaming"
# How each town is, and how many of it may visit: there is a town of one.
TOWNS = ((HONEST, 4), (LAZY, 4), (GAMING, 4), (HONEST, 3), (LAZY, 1), (GAMING, 4))
# A whole district has more of those who do their work, or nobody would come to the end of what the others leave.
MORE_TOWNS = ((HONEST, 4), (HONEST, 3), (HONEST, 4), (HONEST, 2), (LAZY, 3), (HONEST, 4))
DEPARTMENTS = {
    "fire": HONEST, "police": HONEST, "emergency": LAZY, "housing": GAMING, "urban": HONEST, "market": LAZY,
    "transport": HONEST, "planning": GAMING,
}  # fmt: skip
SIDE = 0.02  # degrees: about two kilometres
CORNER = (120.0, 31.0)
DELEGATION_ENDS = date(2026, 6, 5)  # in the middle of the play


@dataclass(frozen=True)
class Body:
    """A town, or the county's group: who signs, who goes there, who else may look, who decides."""

    org: Org
    character: str
    square: tuple[float, float, float, float]
    clerk: Actor
    officers: tuple[Actor, ...]
    leader: Actor
    deputy: Actor

    @property
    def middle(self) -> Point:
        """A point well inside."""
        west, south, east, north = self.square
        return Point((west + east) / 2, (south + north) / 2)


@dataclass(frozen=True)
class Bureau:
    """A department: two officers with certificates, one who reviews, and a leader."""

    org: Org
    character: str
    officers: tuple[Actor, Actor]
    reviewer: Actor
    leader: Actor

    @property
    def officer(self) -> Actor:
        """Who usually acts."""
        return self.officers[0]

    @property
    def pair(self) -> list[int]:
        """The accounts of the two with certificates."""
        return [who.account_id or 0 for who in self.officers]


@dataclass(frozen=True)
class World:
    """Everybody."""

    office: Org
    intake: tuple[Actor, Actor]
    safety: tuple[Actor, Actor, Actor]
    lawyer: Actor
    towns: tuple[Body, ...]
    group: Body
    bureaus: tuple[Bureau, ...]

    def body(self, org_id: int | None) -> Body:
        """The town, or the group, of an id."""
        return next(each for each in (*self.towns, self.group) if each.org.id == org_id)

    def bureau(self, org_id: int | None) -> Bureau | None:
        """The department of an id, if it is one."""
        return next((each for each in self.bureaus if each.org.id == org_id), None)

    def another(self, body: Body) -> Body:
        """The next town in the row."""
        return self.towns[(self.towns.index(body) + 1) % len(self.towns)] if body in self.towns else self.towns[0]

    def character(self, org_id: int | None) -> str:
        """How the people of an office are. The district's own are honest, and sometimes slow."""
        found = [each for each in (*self.towns, self.group, *self.bureaus) if each.org.id == org_id]
        return found[0].character if found else HONEST


def build(session: Session, *, whole: bool) -> World:
    """Put the district in; a `whole` one has twice as many towns."""
    office = make.org(session, "district")
    rows = TOWNS + MORE_TOWNS if whole else TOWNS
    squares = {f"{DISTRICT_CODE}{number:03}": _square(number) for number in range(1, len(rows) + 1)}
    towns = [
        _body(session, make.org(session, "town", unit_code=code), character, squares[code], people=people)
        for code, (character, people) in zip(squares, rows, strict=True)
    ]
    make.edition(session, squares)
    world = World(
        office=office,
        intake=(make.officer(session, office, Role.INTAKE_OFFICER), make.officer(session, office, Role.INTAKE_OFFICER)),
        safety=tuple(make.officer(session, office, Role.SAFETY_OFFICE) for _ in range(3)),  # type: ignore[arg-type]
        lawyer=make.officer(session, office, Role.LEGAL_REVIEWER),
        towns=tuple(towns),
        group=_body(session, make.org(session, "group"), HONEST, _square(0)),
        bureaus=tuple(_bureau(session, kind, character) for kind, character in DEPARTMENTS.items()),
    )
    _delegate(session, world)
    return world


def _square(number: int) -> tuple[float, float, float, float]:
    west, south = CORNER[0] + number * SIDE, CORNER[1]
    return (west, south, west + SIDE, south + SIDE)


def _body(
    session: Session, org: Org, character: str, square: tuple[float, float, float, float], *, people: int = 4
) -> Body:  # fmt: skip
    officers = tuple(make.officer(session, org, Role.TOWN_OFFICER) for _ in range(people))
    for who in officers[:2]:
        enforcement.certify(session, who)
    clerk, leader, deputy = (
        make.officer(session, org, role) for role in (Role.TOWN_CLERK, Role.TOWN_LEADER, Role.TOWN_LEADER)
    )
    return Body(org, character, square, clerk, officers, leader, deputy)


def _bureau(session: Session, kind: str, character: str) -> Bureau:
    org = make.org(session, "department", department_kind=kind)
    first, second, reviewer = (make.officer(session, org, Role.DEPT_OFFICER) for _ in range(3))
    for who in (first, second):
        enforcement.certify(session, who)
    return Bureau(org, character, (first, second), reviewer, make.officer(session, org, Role.DEPT_LEADER))


def _delegate(session: Session, world: World) -> None:
    """Fire's power to fine is the third town's until June: a gaming one, which goes on after that (X23, M58)."""
    fire, town = world.bureaus[0], world.towns[2]
    draft = DelegationDraft(
        kind="entrusted", from_org_id=fire.org.id, to_org_id=town.org.id, items=["fine"],
        valid_from=date(2026, 1, 1), valid_to=DELEGATION_ENDS, document="委托书〔2026〕1号", published="2026-01-01",
    )  # fmt: skip
    enforcing.register(session, draft, by=world.safety[0], now=NOW)
