"""The life of an export as a table: asked for, allowed by another person or by its small size, sent once, or over."""

from typing import Any

from cases.lifecycle import machine
from cases.lifecycle.guards import SamePerson
from cases.lifecycle.machine import Move
from cases.models.export import Export
from people.actors import Actor
from people.roles import Role

NEW = "new"
_ASKERS = frozenset({
    Role.TOWN_CLERK, Role.TOWN_LEADER, Role.DEPT_OFFICER, Role.DEPT_LEADER, Role.SAFETY_OFFICE, Role.INTAKE_OFFICER,
})  # fmt: skip
_SAFETY = frozenset({Role.SAFETY_OFFICE})


def by_another(*, thing: Export, by: Actor, **_: Any) -> None:
    """C2: whoever asks does not allow."""
    if by.is_person(thing.requested_by):
        raise SamePerson("Whoever asks for an export does not allow it.")


def by_the_asker(*, thing: Export, by: Actor, **_: Any) -> None:
    """What was allowed was allowed to one person."""
    if by.account_id != thing.requested_by:
        raise SamePerson("An export is downloaded by whoever asked for it.")


EXPORT_MOVES: dict[str, Move] = {
    "request": Move("Q5", frozenset({NEW}), "requested", by=_ASKERS),
    "allow_small": Move("Q5", frozenset({"requested"}), "approved", by=_ASKERS, guards=(by_the_asker,)),
    "approve": Move("Q5", frozenset({"requested"}), "approved", by=_SAFETY, guards=(by_another,)),
    "refuse": Move("Q5", frozenset({"requested"}), "refused", by=_SAFETY, guards=(by_another,)),
    "download": Move("Q5", frozenset({"approved"}), "downloaded", by=_ASKERS, guards=(by_the_asker,)),
    "expire": Move("Q5", frozenset({"requested", "approved"}), "expired", system=True),
}


def check(export: Export, name: str, *, by: Actor) -> None:
    """Whether the named move may be made now. Raises NotInState, NotYourRole, SamePerson."""
    row = EXPORT_MOVES[name]
    machine.check(export, row, by=by)
    machine.hold(row, thing=export, by=by)


def move(export: Export, name: str, *, by: Actor) -> None:
    """Make the named move on a locked export. Raises as `check`."""
    check(export, name, by=by)
    machine.apply(export, EXPORT_MOVES[name])
