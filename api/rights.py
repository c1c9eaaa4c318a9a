"""Who may ask what: one policy for each route, declared above its function and read where a request begins.

A policy says which roles of domain.md C2 may come in, and within which scope. Roles of an act are those of its row in
the machine that makes it, so that a rule is written once; the act then asks what needs more than a role. What results
for every role and route is in docs/rights.csv, which tests ask of the running application (T16, G12).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeVar

from cases.lifecycle.machine import Move
from kit.errors import NotAllowed
from people.actors import Actor
from people.roles import HANDLERS, Role

F = TypeVar("F", bound=Callable[..., Any])
OF_THE_DISTRICT = frozenset({"district", "city"})


class NotYourAct(NotAllowed):
    """The actor holds none of the roles that this route is for, or is not of the district where it is the district's.

    Nothing was looked up before it is told, so it says nothing about whether a case is there.
    """

    code = "role.missing"
    message = "Your roles do not allow this."


class MustEnrol(NotAllowed):
    """The account must have a second factor and has none yet; this session is good for enrolling one."""

    code = "second_factor.required"
    message = "Enrol a second factor first."


class NeedsFreshCode(NotAllowed):
    """For the gravest acts, a code of the second factor is given anew: a session left open is not enough."""

    code = "second_factor.fresh"
    message = "Give a fresh code of your second factor first."


class Scope(StrEnum):
    """How far a policy reaches; rows are then held to it by cases/access.py and by row-level security."""

    ANYBODY = "anybody"  # nobody signs in, and only what is public can be read
    REPORTER = "reporter"  # nobody signs in: a report comes in, or the holder of a code asks about it
    SENDER = "sender"  # nobody signs in: what is public, and by its key an application sends and asks about its own
    MEDIA = "media"  # nobody signs in: a newsroom pulls by its key (people/media_keys.py)
    SELF = "self"  # what is one's own: session, absence, declared relation
    OFFICE = "office"  # what belongs to one's office
    CASE = "case"  # cases within reach: a town its own, a department those it has a task in, the district all (M11)
    DISTRICT = "district"  # what the district keeps: reports, exposures, rewards, releases
    HOUSE = "house"  # what every officer may know: offices, leaders, calendars


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may come in, how far, and how a refusal is told."""

    who: frozenset[Role]
    scope: Scope
    refusal: type[NotAllowed] = NotYourAct
    grave: bool = False  # asks for a fresh code of whoever has a second factor
    enrolling: bool = False  # open to whoever must enrol one first
    moves: tuple[Move, ...] = ()  # what the act may make: whoever draws a screen asks them from which state

    @property
    def signs_in(self) -> bool:
        """Whether this is for officers."""
        return self.scope not in {Scope.ANYBODY, Scope.REPORTER, Scope.SENDER, Scope.MEDIA}

    def admit(self, actor: Actor) -> None:
        """Raise the policy's refusal, MustEnrol or NeedsFreshCode unless it lets this officer in."""
        if actor.lacks == "factor" and not self.enrolling:
            raise MustEnrol
        if not actor.has(*self.who) or (self.scope is Scope.DISTRICT and actor.org_kind not in OF_THE_DISTRICT):
            raise self.refusal
        if self.grave and actor.lacks == "fresh_code":
            raise NeedsFreshCode


NOBODY: Final = Policy(frozenset(), Scope.SELF)  # of what has declared none: it lets nobody in
_DECLARED: Final[dict[Callable[..., Any], Policy]] = {}

EVERY_OFFICER = frozenset(Role)
# The discipline body reads and writes nothing (M78): its database role could not.
WRITERS = EVERY_OFFICER - {Role.DISCIPLINE}
# Finance pays by number and must not see what was reported; whoever runs the machine needs no case (C2).
# The hotline sees how one stands (api/officers/fields.py).
CASE_READERS = EVERY_OFFICER - {Role.FINANCE, Role.SYSADMIN, Role.HOTLINE_CLERK}
HEAD_READERS = CASE_READERS | {Role.HOTLINE_CLERK}
LEADERS = frozenset({Role.TOWN_LEADER, Role.DEPT_LEADER})
# Those who act on cases, each within its machine.
ACTORS = HANDLERS | {Role.INTAKE_OFFICER, Role.SAFETY_OFFICE}
# Those who watch over all of it (M78).
WATCHERS = frozenset({Role.SAFETY_OFFICE, Role.DISCIPLINE})


def anybody(function: F) -> F:
    """Anybody may ask: what is public."""
    return _declare(function, Policy(frozenset(), Scope.ANYBODY))


def reporter(function: F) -> F:
    """Whoever reports, or holds the code of a report."""
    return _declare(function, Policy(frozenset(), Scope.REPORTER))


def sender(function: F) -> F:
    """Anybody about what is public; an application, by its key, about what it has sent (GeoReport v2)."""
    return _declare(function, Policy(frozenset(), Scope.SENDER))


def media(function: F) -> F:
    """Whoever holds a key of the media."""
    return _declare(function, Policy(frozenset(), Scope.MEDIA))


def may(
    *who: Role | Move | Iterable[Role],
    scope: Scope = Scope.CASE,
    refusal: type[NotAllowed] = NotYourAct,
    grave: bool = False,
    enrolling: bool = False,
) -> Callable[[F], F]:
    """Officers with one of these roles, or with one that a row of a machine lets make its move."""
    roles = frozenset(role for each in who for role in _roles(each))
    moves = tuple(each for each in who if isinstance(each, Move))
    return lambda function: _declare(function, Policy(roles, scope, refusal, grave, enrolling, moves))


def policy_of(endpoint: Callable[..., Any] | None) -> Policy:
    """What a route has declared; a route without a policy lets nobody in."""
    return _DECLARED.get(endpoint, NOBODY) if endpoint else NOBODY


def _roles(who: Role | Move | Iterable[Role]) -> Iterable[Role]:
    if isinstance(who, Role):
        return (who,)
    return who.by if isinstance(who, Move) else who


def _declare(function: F, policy: Policy) -> F:
    _DECLARED[function] = policy
    return function
