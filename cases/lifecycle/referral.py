"""The life of a referral (T11, T12, M56) as a table: watched until its result, refused only to the safety office."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.journey import Kind
from cases.lifecycle.beside import NEW, BesideMove, being_handled, reasoned
from cases.lifecycle.guards import Incomplete, NotYourBody, SamePerson, of_a_tasked_body
from cases.lifecycle.owing import handled_or_owed
from cases.models.case import Case
from cases.models.referral import Referral
from kit.errors import Conflict, Invalid
from people.actors import Actor
from people.models import Org
from people.roles import Role

_OFFICERS = frozenset({Role.TOWN_OFFICER, Role.DEPT_OFFICER})
_LEADERS = frozenset({Role.TOWN_LEADER, Role.DEPT_LEADER})
WHOLE = "case"
_SUPERVISOR = frozenset({Role.SAFETY_OFFICE})


class NoReceiver(Invalid):
    """A referral names another active department of the district, or a body outside it (M56)."""

    code = "referral.no_receiver"
    message = "Name another department, or a body outside the district."
    pointer = "/to_org_id"


class OnlyOutside(Conflict):
    """An organ of the district that has not accepted yet is decided about, not tracked from outside."""

    code = "referral.only_outside"
    message = "Only a body outside the district is tracked before it has accepted."


class NotWhole(Conflict):
    """The receiver does not have the whole matter: what it found does not end the case (T12)."""

    code = "referral.not_whole"
    message = "Only what came of a matter that was handed over whole ends its case."


def of_a_case_in_hand(*, session: Session, case: Case, thing: Referral, **_: Any) -> None:
    """T11: a matter goes over while it is in hand; its penalty alone also afterwards, where it is owed again (F25)."""
    if thing.scope == WHOLE:
        being_handled(case=case)
    else:
        handled_or_owed(session=session, case=case)


def receiver_has_a_desk(*, session: Session, thing: Referral, by: Actor, **_: Any) -> None:
    """T11: a department of the district that works here and is not the sender; or a named body outside."""
    if thing.to_org_id is None:
        return
    org = session.get(Org, thing.to_org_id)
    if org is None or org.kind != "department" or not org.active or org.id == by.org_id:
        raise NoReceiver


def received_by(*, thing: Referral, by: Actor, slip: str = "", **_: Any) -> None:
    """T12: the receiver itself; for a body outside, the sender with the slip that it gave."""
    _in_its_hands(thing, by)
    if thing.to_org_id is None and not slip.strip():
        raise Incomplete("Give the number of the slip.", missing=["slip"], pointer="/slip")


def not_the_sender(*, thing: Referral, by: Actor, **_: Any) -> None:
    """M44, X22: that a body outside has taken it is not said by the very person who sent it."""
    if thing.to_org_id is None and by.is_person(thing.sent_by):
        raise SamePerson("Whoever sent it does not enter the slip of its receiver.")


def answered_by(*, thing: Referral, by: Actor, **_: Any) -> None:
    """T12: the receiver; for a body outside the sender, or the safety office that tracks it."""
    if not (thing.state == "external" and by.has(Role.SAFETY_OFFICE)):
        _in_its_hands(thing, by)


def has_the_case(*, session: Session, case: Case, thing: Referral, **_: Any) -> None:
    """T12: only of a matter that it has whole, and still has, does the receiver say what was found."""
    if not holds_whole(session, case, thing):
        raise NotWhole


def holds_whole(session: Session, case: Case, thing: Referral) -> bool:
    """Whether the case is away by this referral, and not by a later one."""
    whole = select(Referral.id).where(Referral.case_id == case.id, Referral.scope == WHOLE)
    newest = session.scalars(whole.order_by(Referral.sent_at.desc(), Referral.number.desc()).limit(1)).first()
    return case.state == "referred" and newest == thing.id


def by_another(*, thing: Referral, by: Actor, **_: Any) -> None:
    """T12: who entered the result does not confirm it."""
    if by.is_person(thing.result_by):
        raise SamePerson("Whoever entered the result does not confirm it.")


def tracked_from_outside(*, thing: Referral, **_: Any) -> None:
    """G-REF: before it has accepted, only a body outside is tracked instead of awaited."""
    if thing.state == "sent" and thing.to_org_id is not None:
        raise OnlyOutside


def _in_its_hands(thing: Referral, by: Actor) -> None:
    if by.org_id != (thing.to_org_id or thing.from_org_id):
        raise NotYourBody


REFERRAL_MOVES: dict[str, BesideMove] = {
    "refer": BesideMove(
        "T11", frozenset({NEW}), "sent", _LEADERS,
        guards=(of_a_case_in_hand, of_a_tasked_body, receiver_has_a_desk), entry=Kind.REFERRED,
        starts=("referral_accept",),
    ),
    "accept": BesideMove(
        "T12", frozenset({"sent"}), "accepted", _OFFICERS | _LEADERS, guards=(received_by, not_the_sender),
        entry=Kind.REFERRAL_ACCEPTED, stops=("referral_accept",),
    ),
    "refuse": BesideMove(
        "T12", frozenset({"sent"}), "refused", _LEADERS, guards=(received_by,), entry=Kind.REFERRAL_REFUSED,
        stops=("referral_accept",),
    ),
    "uphold": BesideMove(
        "T12", frozenset({"refused"}), "accepted", _SUPERVISOR, entry=Kind.REFERRAL_SETTLED,
    ),
    "give_back": BesideMove(
        "T12", frozenset({"refused"}), "returned", _SUPERVISOR, entry=Kind.REFERRAL_SETTLED,
    ),
    "answer": BesideMove(
        "T12", frozenset({"accepted", "external"}), "answered", _OFFICERS | _LEADERS | _SUPERVISOR,
        guards=(answered_by,), entry=Kind.REFERRAL_ANSWERED, stops=("referral_check",),
    ),
    # Its result ends the whole matter, in the words of a verdict; the safety office confirms it, or asks again.
    "find": BesideMove(
        "T12", frozenset({"accepted", "external"}), "found", _OFFICERS | _LEADERS | _SUPERVISOR,
        guards=(answered_by, has_the_case), entry=Kind.REFERRAL_FOUND, stops=("referral_check",),
    ),
    "conclude": BesideMove(
        "T12", frozenset({"found"}), "concluded", _SUPERVISOR, guards=(by_another, reasoned),
        entry=Kind.REFERRAL_CONCLUDED,
    ),
    "ask_again": BesideMove(
        "T12", frozenset({"found"}), "accepted", _SUPERVISOR, guards=(reasoned,), entry=Kind.REFERRAL_ASKED_AGAIN,
    ),
    "track": BesideMove(
        "G-REF", frozenset({"sent", "accepted"}), "external", _SUPERVISOR, guards=(tracked_from_outside,),
        entry=Kind.REFERRAL_TRACKED, stops=("referral_accept",),
    ),
    "check": BesideMove(
        "G-REF", frozenset({"external"}), "external", _SUPERVISOR, entry=Kind.REFERRAL_CHECKED,
        stops=("referral_check",),
    ),
}  # fmt: skip
