"""The acts on a case: every POST below /o/v1/cases/{case_id}, and which of them are open to whom, on what, now.

An act is open where its policy admits the person and one of its moves starts from the state of what it is done to.
More than that is asked by the act itself, which tells what is missing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from fastapi import FastAPI
from pydantic import BaseModel

from api.rights import NeedsFreshCode, Policy, policy_of
from cases.lifecycle.case import CASE_MOVES
from cases.lifecycle.decision import DECISION_MOVES
from cases.lifecycle.machine import Move, may_make
from cases.lifecycle.task import TASK_MOVES
from cases.lifecycle.visit import VISIT_MOVES
from kit.errors import NotAllowed
from people.actors import Actor
from web.desk.case import inner
from web.desk.case.act_words import ACTS, GROUPS, PATH, Called

Row = Mapping[str, Any]
ON_A_CASE: Final = "/o/v1/cases/{case_id}/"
NEW: Final = "new"
# What an act is done to: a parameter of its path, the member of the case that lists such rows, and what their id is.
THINGS: Final[Mapping[str, tuple[str, str]]] = {
    "hold_id": ("holds", "id"), "extension_id": ("extensions", "id"), "measure_id": ("measures", "id"),
    "penalty_id": ("penalties", "id"), "referral_id": ("referrals", "id"), "transfer_id": ("criminal_transfers", "id"),
    "look_back_id": ("look_backs", "id"), "review_id": ("reviews", "id"), "verdict_id": ("second_looks", "verdict_id"),
    "waiver_id": ("listing_waivers", "id"), "voiding_id": ("voidings", "id"), "copy_id": ("copies", "id"),
    "order_id": ("orders", "id"), "finding_id": ("findings", "id"),
}  # fmt: skip
# Machines whose things an act names in no path: one of them must be in the state from which the move starts.
_WITHIN: Final = ((TASK_MOVES, "tasks"), (VISIT_MOVES, "visits"), (DECISION_MOVES, "decisions"))
_OVER: Final = frozenset({"closed", "void", "look_back"})
_AFTERWARDS: Final = frozenset({"ask_paper", "deliver_copy", "deliver_order"})  # also of a case that is over


@dataclass(frozen=True)
class Act:
    """One act: the name of its route, what it is called, what it takes and who may."""

    name: str
    called: Called
    body: type[BaseModel]
    policy: Policy
    thing: str = ""

    @property
    def button(self) -> str:
        """What its button says."""
        return self.called.button or self.called.title


@dataclass(frozen=True)
class Offer:
    """An act that is open to somebody now, and on what."""

    act: Act
    row: Row | None = None

    @property
    def thing_id(self) -> str:
        """The id of what it is done to; empty where that is the case."""
        return str(self.row[THINGS[self.act.thing][1]]) if self.row else ""

    @property
    def is_next(self) -> bool:
        """Whether it is the case's own next step, or something that waits for an answer."""
        return (self.act.called.group == PATH and self.act.name not in {"assign_task", "break_visit_off"}) or (
            self.row is not None and bool(self.act.policy.moves)
        )


def acts_of(app: FastAPI) -> Mapping[str, Act]:
    """Every act of the application, in the order in which a person meets them."""
    known: dict[str, Act] | None = getattr(app.state, "acts", None)
    if known is None:
        routes = inner.routes(app)
        known = {name: _act(routes[name], called) for name, called in ACTS.items()}
        app.state.acts = known
    return known


def may_use(app: FastAPI, name: str, actor: Actor) -> bool:
    """Whether the policy of a route lets this person in."""
    return _lets_in(policy_of(inner.routes(app)[name].endpoint), actor)


def _act(route: Any, called: Called) -> Act:
    thing = next((each for each in route.param_convertors if each != "case_id"), "")
    return Act(route.name, called, route.body_field.field_info.annotation, policy_of(route.endpoint), thing)


def offers(acts: Mapping[str, Act], case: Row, actor: Actor) -> list[Offer]:
    """What is open to this person, in order of the headings."""
    found = [offer for act in acts.values() if _lets_in(act.policy, actor) for offer in _open(act, case, actor)]
    return sorted(found, key=lambda offer: (not offer.is_next, GROUPS.index(offer.act.called.group)))


def _lets_in(policy: Policy, actor: Actor) -> bool:
    """A fresh code can still be given: the act itself asks for it."""
    try:
        policy.admit(actor)
    except NeedsFreshCode:
        return True
    except NotAllowed:
        return False
    return True


def _open(act: Act, case: Row, actor: Actor) -> Iterable[Offer]:
    moves = [each for each in act.policy.moves if may_make(each, actor)]
    if act.policy.moves and not moves:
        return
    if act.thing:
        member, _ = THINGS[act.thing]
        for row in case.get(member, ()):
            if _fits(act, row, moves, case):
                yield Offer(act, row)
    elif any(_starts(move, case, actor) for move in moves) or (not moves and _goes_on(act, case)):
        yield Offer(act)


def _fits(act: Act, row: Row, moves: Iterable[Move], case: Row) -> bool:
    if act.name == "deliver_copy":
        return row["delivered_at"] is None
    if act.name == "deliver_order":
        return all(each["order_id"] != row["id"] for each in case.get("deliveries", ()))
    if act.name == "link_evidence":
        return case["state"] not in _OVER
    return any(row["state"] in move.source for move in moves) if moves else case["state"] not in _OVER


def _starts(move: Move, case: Row, actor: Actor) -> bool:
    if move in CASE_MOVES.values():
        return case["state"] in move.source
    for machine, member in _WITHIN:
        if any(move is each for each in machine.values()):
            return any(row["state"] in move.source for row in case.get(member, ()) if _is_own(row, member, actor))
    return NEW in move.source and case["state"] not in _OVER


def _is_own(row: Row, member: str, actor: Actor) -> bool:
    return member != "tasks" or row["org"]["id"] == actor.org_id


def _goes_on(act: Act, case: Row) -> bool:
    return act.name in _AFTERWARDS or case["state"] not in _OVER
