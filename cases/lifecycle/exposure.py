"""The life of an exposure (C7) as a table: drafted, reviewed by another person, published, corrected, withdrawn."""

from cases.lifecycle import machine
from cases.lifecycle.machine import Move
from cases.models.exposure import Exposure
from people.actors import Actor
from people.roles import Role

_PUBLISHER = frozenset({Role.PUBLISHER})
_REVIEWER = frozenset({Role.LEGAL_REVIEWER})

EXPOSURE_MOVES: dict[str, Move] = {
    "revise": Move("E2", frozenset({"drafting"}), "drafting", by=_PUBLISHER),
    "submit": Move("E6", frozenset({"drafting"}), "legal_review", by=_PUBLISHER),
    "return": Move("E6", frozenset({"legal_review"}), "drafting", by=_REVIEWER),
    "approve": Move("E6", frozenset({"legal_review"}), "approved", by=_REVIEWER),
    "publish": Move("E5", frozenset({"approved"}), "published", by=_PUBLISHER),
    # The party's objection was right (cases/lifecycle/exposure_notice.py).
    "send_back": Move("E6", frozenset({"approved"}), "drafting", by=_REVIEWER | {Role.SAFETY_OFFICE}),
    # Before the moment for which it was published; by the system where its ground has gone.
    "call_back": Move("E1", frozenset({"published"}), "approved", by=_PUBLISHER, system=True),
    # A correction is proposed by a publisher (cases/lifecycle/correction.py): whoever makes it is the second person.
    "correct": Move("E9", frozenset({"published"}), "published", by=_REVIEWER),
    "withdraw": Move("E9", frozenset({"published"}), "withdrawn", by=_PUBLISHER),
    "expire": Move("E7", frozenset({"published"}), "expired", system=True),
    "drop": Move("E6", frozenset({"drafting", "legal_review", "approved"}), "dropped", by=_PUBLISHER),
}


def check(exposure: Exposure, name: str, *, by: Actor) -> None:
    """Raise NotInState or NotYourRole unless the named move may be made."""
    machine.check(exposure, EXPOSURE_MOVES[name], by=by)


def move(exposure: Exposure, name: str, *, by: Actor) -> None:
    """Make the named move on an exposure that the caller has locked; raises NotInState or NotYourRole."""
    row = EXPOSURE_MOVES[name]
    machine.check(exposure, row, by=by)
    machine.apply(exposure, row)
