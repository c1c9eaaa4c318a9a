"""What a machine is made of: moves with their rule, and the one function that makes a move."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from kit.errors import Conflict, NotAllowed, Refusal
from people.actors import Actor
from people.roles import Role

SYSTEM_ONLY: frozenset[Role] = frozenset()


class HasState(Protocol):
    """Anything with a state."""

    state: Any


class Versioned(HasState, Protocol):
    """Anything with a state and a version of its own."""

    version: Any


class NotInState(Conflict):
    """The thing is in a state from which this move does not start."""

    code = "case.not_in_state"


class NotYourRole(NotAllowed):
    """The actor holds none of the roles that may make this move."""

    code = "role.missing"


Guard = Callable[..., None]


@dataclass(frozen=True)
class Move:
    """One row of a machine: `rule` is its id in domain.md, `by` the roles that may (the system may where `system`).

    A move that takes a thing back to where it was has no one target but `returns_to`, the states it may go back to; one
    that `stays` leaves it in the state in which it is made.
    """

    rule: str
    source: frozenset[str]
    target: str
    by: frozenset[Role] = SYSTEM_ONLY
    system: bool = False
    citizen: bool = False
    guards: tuple[Guard, ...] = ()
    returns_to: frozenset[str] = frozenset()
    stays: bool = False

    @property
    def targets(self) -> frozenset[str]:
        """Every state that the move may lead to."""
        return self.source if self.stays else self.returns_to or frozenset({self.target})

    def leads_to(self, source: str) -> frozenset[str]:
        """Every state that the move may lead to from this one."""
        return frozenset({source}) if self.stays else self.targets


def check(thing: HasState, move: Move, *, by: Actor) -> None:
    """Raise NotInState or NotYourRole unless this actor may make this move now. Guards come after."""
    if not may_make(move, by):
        needed = " / ".join(sorted(move.by))
        raise NotYourRole(f"{move.rule} needs one of: {needed or 'the system'}.", rule=move.rule)
    if thing.state not in move.source:
        raise NotInState(f"{move.rule} does not start from {thing.state}.", rule=move.rule, state=thing.state)


def may_make(move: Move, by: Actor) -> bool:
    """Whether this actor's roles allow the move in any state."""
    if by.kind == "system":
        return move.system
    if by.kind == "citizen":
        return move.citizen
    return by.has(*move.by)


def hold(move: Move, **facts: Any) -> None:
    """Ask the guards of a move, in their order. The refusal of the first that does not hold names it in `guard`."""
    for guard in move.guards:
        try:
            guard(**facts)
        except Refusal as refusal:
            refusal.extra.setdefault("guard", getattr(guard, "__name__", ""))
            refusal.extra.setdefault("rule", move.rule)
            raise


def apply(thing: Versioned, move: Move, *, back_to: str | None = None) -> None:
    """`enter` for what has a version of its own, which is counted up."""
    enter(thing, move, back_to=back_to)
    thing.version += 1


def enter(thing: HasState, move: Move, *, back_to: str | None = None) -> None:
    """Put the thing into the move's target state, or back to one of `returns_to`.

    Raises ValueError for a state that the move does not lead to: the caller's fault, no refusal.
    """
    target = thing.state if move.stays else back_to if move.returns_to else move.target
    if target not in move.targets:
        raise ValueError(f"{move.rule} does not lead to {target}")
    thing.state = target


def sources(machine: Mapping[str, Move], state: str) -> list[str]:
    """The names of the moves that start from `state`."""
    return [name for name, move in machine.items() if state in move.source]
