"""The way of a suspected crime to the police (M59, F30) as a table: report, decision in 3 days, police in 24 hours."""

from typing import Any

from sqlalchemy.orm import Session

from cases.journey import Kind
from cases.lifecycle import beside, powers
from cases.lifecycle.beside import NEW, BesideMove
from cases.lifecycle.guards import Incomplete, NotYourBody, SamePerson, of_a_tasked_body
from cases.lifecycle.owing import handled_or_owed
from cases.models.referral import CriminalTransfer
from kit.errors import Invalid
from people.actors import Actor
from people.models import Org
from people.roles import Role

POLICE = "police"
_OFFICERS = frozenset({Role.TOWN_OFFICER, Role.DEPT_OFFICER})
_LEADERS = frozenset({Role.TOWN_LEADER, Role.DEPT_LEADER})


class NotThePolice(Invalid):
    """A criminal transfer goes to the police (F30)."""

    code = "criminal.not_the_police"
    message = "A criminal transfer goes to the police."
    pointer = "/police_org_id"


def not_a_reporter(*, thing: CriminalTransfer, by: Actor, **_: Any) -> None:
    """F30: whoever investigated and reported does not decide."""
    if by.is_person(thing.reported_by, *thing.officer_ids):
        raise SamePerson("Whoever reported does not decide.")


def to_the_police(*, session: Session, police_org_id: int, **_: Any) -> None:
    """F30: to an active police body of the district."""
    org = session.get(Org, police_org_id)
    if org is None or org.department_kind != POLICE or not org.active:
        raise NotThePolice


def with_a_slip(*, slip: str, **_: Any) -> None:
    """F30, G-PEN: the police's slip has a number."""
    if not slip.strip():
        raise Incomplete("Give the number of the acceptance slip.", missing=["slip"], pointer="/slip")


def not_who_handed_over(*, thing: CriminalTransfer, by: Actor, **_: Any) -> None:
    """M44, X22: what the police say is not entered for them by whoever reported or handed over."""
    if by.org_id != thing.police_org_id and by.is_person(thing.reported_by, thing.sent_by):
        raise SamePerson("Whoever reported or handed it over does not enter what the police say.")


def by_either_side(*, thing: CriminalTransfer, by: Actor, **_: Any) -> None:
    """F30: the police answer here, or the organ enters the paper that they gave."""
    if by.org_id not in {thing.org_id, thing.police_org_id}:
        raise NotYourBody


CRIMINAL_MOVES: dict[str, BesideMove] = {
    "report": BesideMove(
        "F30", frozenset({NEW}), "reported", _OFFICERS,
        guards=(handled_or_owed, of_a_tasked_body, powers.two_certified), entry=Kind.CRIME_REPORTED,
        starts=("criminal_decision",),
    ),
    "approve": BesideMove(
        "F30", frozenset({"reported"}), "approved", _LEADERS, guards=(beside.of_its_organ, not_a_reporter),
        entry=Kind.CRIME_DECIDED, stops=("criminal_decision",), starts=("criminal_transfer",),
    ),
    "reject": BesideMove(
        "F30", frozenset({"reported"}), "rejected", _LEADERS, guards=(beside.of_its_organ, not_a_reporter),
        entry=Kind.CRIME_DECIDED, stops=("criminal_decision",),
    ),
    "send": BesideMove(
        "F30", frozenset({"approved"}), "sent", _OFFICERS, guards=(beside.of_its_organ, to_the_police),
        entry=Kind.CRIME_SENT,
    ),
    # Only the receipt ends the 24 hours: sent is not received.
    "acknowledge": BesideMove(
        "F30", frozenset({"sent"}), "accepted", _OFFICERS | _LEADERS,
        guards=(by_either_side, with_a_slip, not_who_handed_over),
        entry=Kind.CRIME_ACCEPTED, stops=("criminal_transfer",),
    ),
    "decline": BesideMove(
        "F30", frozenset({"sent", "accepted"}), "not_filed", _OFFICERS | _LEADERS,
        guards=(by_either_side, not_who_handed_over), entry=Kind.CRIME_DECLINED, stops=("criminal_transfer",),
    ),
}  # fmt: skip
