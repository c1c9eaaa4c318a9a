"""The life of a measure (C4.4) as a table: proposed, approved, in force, lifted by its organ after acceptance."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import policy
from cases.journey import Kind
from cases.lifecycle import beside, powers
from cases.lifecycle.beside import NEW, BesideMove
from cases.lifecycle.guards import Incomplete, SamePerson, near_enough_or_reason, of_a_tasked_body
from cases.models.measure import Measure, MeasureReview
from cases.models.policy import MeasureType
from kit.errors import Conflict, Invalid
from people.actors import Actor
from people.models import Account
from people.roles import Role

OTHER = "other"
_OFFICERS = frozenset({Role.TOWN_OFFICER, Role.DEPT_OFFICER})
_LEADERS = frozenset({Role.TOWN_LEADER, Role.DEPT_LEADER})
_ANYBODY = _OFFICERS | _LEADERS | {Role.TOWN_CLERK}
_HOLDING = frozenset({"in_force", "extended"})


class NotAccepted(Conflict):
    """It is lifted only after a passed review, signed by the organ that ordered it (M41)."""

    code = "measure.not_accepted"
    message = "It is lifted only after a passed review by the organ that ordered it."


class TermTooLong(Invalid):
    """The end lies beyond the legal maximum, or before now (F45)."""

    code = "measure.term"
    message = "The end of the measure is outside what the law allows."
    pointer = "/until"


class NotRenewable(Conflict):
    """The law lets this measure go on no longer (F45)."""

    code = "measure.not_renewable"
    message = "The law lets this measure go on no longer."


class WeakerInstead(Invalid):
    """What is lifted only after acceptance is not got rid of by putting something milder in its place (M41)."""

    code = "measure.weaker_instead"
    message = "What is lifted only after a passed review gives way only to what stops as much and is lifted so too."
    pointer = "/replaces_id"


class EndsByAcceptance(Invalid):
    """What is lifted only after acceptance has no date on which it ends by itself (M41)."""

    code = "measure.ends_by_acceptance"
    message = "This measure ends by a passed review, and on no date."
    pointer = "/until"


def argued(*, session: Session, thing: Measure, now: datetime, **_: Any) -> None:
    """M49: a ground of the list, and reasons in words."""
    policy.reason(session, "measure_ground", thing.ground, now, field="ground")
    if not thing.reasoning.strip():
        raise Incomplete("Say why this measure is needed.", missing=["reasoning"], pointer="/reasoning")


def has_power(*, session: Session, thing: Measure, now: datetime, **_: Any) -> None:
    """M51: the organ has this power on the day."""
    powers.source_of(session, thing.org_id, type_of(session, thing), now)


def not_the_proposer(*, thing: Measure, by: Actor, **_: Any) -> None:
    """C2: whoever proposes does not approve."""
    if by.is_person(thing.proposed_by):
        raise SamePerson("Whoever proposed the measure does not approve it.")


def by_others(*, thing: Measure, by: Actor, **_: Any) -> None:
    """M41, M64: whoever proposed or enforced it does not review it."""
    if by.is_person(thing.proposed_by, *thing.officer_ids):
        raise SamePerson("Whoever enforced the measure does not review it.")


def other_ground_is_approved(*, thing: Measure, note: str, **_: Any) -> None:
    """M49: a ground outside the list needs the leader's own reasons."""
    if thing.ground == OTHER and not note.strip():
        raise Incomplete("A ground outside the list needs the leader's reasons.", missing=["note"], pointer="/note")


def decided_by_the_county(*, session: Session, thing: Measure, decision_ref: str | None, **_: Any) -> None:
    """M43, F08: a closure cites the decision of the government at county level."""
    if type_of(session, thing).needs_decision and not (decision_ref or "").strip():
        raise Incomplete("A closure cites the county government's decision.", missing=["decision_ref"],
                         pointer="/decision_ref")  # fmt: skip


def as_strict(*, session: Session, thing: Measure, **_: Any) -> None:
    """M41, M43: a suspension gives way to another, or to a closure, which is graver; a closure to no less than that."""
    old = session.get(Measure, thing.replaces_id) if thing.replaces_id is not None else None
    if old is None:
        return
    before, after = type_of(session, old), type_of(session, thing)
    milder = before.needs_decision and not after.needs_decision
    milder = milder or (before.needs_acceptance and not (after.needs_acceptance or after.needs_decision))
    if milder or (before.needs_acceptance and before.stops_business and not after.stops_business):
        raise WeakerInstead


def until_accepted(*, session: Session, thing: Measure, until: datetime | None, **_: Any) -> None:
    """M41: a suspension holds until its review is passed; where the law sets a term, that is the latest (F45)."""
    kind = type_of(session, thing)
    if until is not None and kind.needs_acceptance and kind.term_amount is None:
        raise EndsByAcceptance


def has_owner(*, session: Session, thing: Measure, owner_id: int, **_: Any) -> None:
    """M17, G-MEA: a person of the organ answers for it while it holds."""
    owner = session.get(Account, owner_id)
    if owner is None or owner.org_id != thing.org_id or not owner.active:
        raise Incomplete("Name an active officer of your body who answers for it.", missing=["owner_id"],
                         pointer="/owner_id")  # fmt: skip


def may_go_on(*, session: Session, thing: Measure, now: datetime, **_: Any) -> None:
    """F45: only what has a term is extended: once, or as long as the hazard is not removed."""
    kind = type_of(session, thing)
    over = thing.ends_at is None or thing.ends_at <= now
    if over or kind.renewal == "no" or (kind.renewal == "once" and thing.extensions):
        raise NotRenewable


def accepted_first(*, session: Session, thing: Measure, **_: Any) -> None:
    """M41: a suspension is lifted only after a passed review by its own organ, made after the request."""
    if not type_of(session, thing).needs_acceptance:
        return
    last = last_review(session, thing)
    if last is None or last.result != "pass" or last.org_id != thing.org_id or last.signed_at < _requested(thing):
        raise NotAccepted


def term_is_over(*, thing: Measure, now: datetime, **_: Any) -> None:
    """F45: what has reached its legal end holds no longer."""
    if thing.ends_at is None or now < thing.ends_at:
        raise TermTooLong("The measure has not reached its end.")


MEASURE_MOVES: dict[str, BesideMove] = {
    "propose": BesideMove(
        "C4.4", frozenset({NEW}), "proposed", _OFFICERS,
        guards=(beside.being_handled, of_a_tasked_body, argued, has_power, as_strict), entry=Kind.MEASURE_PROPOSED,
    ),
    "approve": BesideMove(
        "C4.4", frozenset({"proposed"}), "approved", _LEADERS,
        guards=(beside.of_its_organ, not_the_proposer, other_ground_is_approved, decided_by_the_county, has_power),
        entry=Kind.MEASURE_APPROVED,
    ),
    "drop": BesideMove(
        "C4.4", frozenset({"proposed", "approved"}), "dropped", _LEADERS, guards=(beside.of_its_organ,),
        entry=Kind.MEASURE_DROPPED,
    ),
    "put_in_force": BesideMove(
        "C4.4", frozenset({"approved"}), "in_force", _OFFICERS,
        guards=(beside.of_its_organ, powers.two_certified, has_owner, has_power, as_strict, until_accepted),
        entry=Kind.MEASURE_IN_FORCE,
    ),
    "extend": BesideMove(
        "F45", frozenset(_HOLDING), "extended", _LEADERS, guards=(beside.of_its_organ, may_go_on, has_power),
        entry=Kind.MEASURE_EXTENDED,
    ),
    # Its owner has left, or has other work: what holds is never without somebody who answers for it (M17, G-MEA).
    "hand_over": BesideMove(
        "M17", frozenset({*_HOLDING, "lift_requested"}), "", _LEADERS, stays=True,
        guards=(beside.of_its_organ, has_owner, beside.reasoned), entry=Kind.MEASURE_HANDED_OVER,
    ),
    "request_lift": BesideMove(
        "M42", frozenset(_HOLDING), "lift_requested", _ANYBODY, guards=(of_a_tasked_body,),
        entry=Kind.LIFT_REQUESTED,
    ),
    "begin_review": BesideMove(
        "M41", frozenset({"lift_requested"}), "", _OFFICERS | _LEADERS, stays=True,
        guards=(beside.of_its_organ, by_others, near_enough_or_reason), entry=Kind.MEASURE_REVIEW_BEGUN,
    ),
    "refuse_lift": BesideMove(
        "M41", frozenset({"lift_requested"}), "in_force", _OFFICERS | _LEADERS, guards=(beside.of_its_organ,),
        entry=Kind.LIFT_REFUSED, stops=("acceptance_suspended",),
    ),
    "lift": BesideMove(
        "M41", frozenset({"lift_requested"}), "lifted", _LEADERS, guards=(beside.of_its_organ, accepted_first),
        entry=Kind.MEASURE_LIFTED, stops=("acceptance_suspended",),
    ),
    "expire": BesideMove(
        "F45", frozenset({*_HOLDING, "lift_requested"}), "expired", system=True, guards=(term_is_over,),
        entry=Kind.MEASURE_EXPIRED, stops=("acceptance_suspended",),
    ),
    "replace": BesideMove(
        "C4.4", frozenset({*_HOLDING, "lift_requested"}), "replaced", _OFFICERS, guards=(beside.of_its_organ,),
        entry=Kind.MEASURE_REPLACED, stops=("acceptance_suspended",),
    ),
}  # fmt: skip


def type_of(session: Session, measure: Measure) -> MeasureType:
    """What the law says of this measure, in the version it was proposed under."""
    return policy.measure_type_version(session, measure.type_code, measure.type_version)


def last_review(session: Session, measure: Measure) -> MeasureReview | None:
    """The newest review of a measure."""
    of_it = select(MeasureReview).where(MeasureReview.measure_id == measure.id)
    return session.scalars(of_it.order_by(MeasureReview.signed_at.desc()).limit(1)).one_or_none()


def _requested(measure: Measure) -> datetime:
    if measure.lift_requested_at is None:
        raise NotAccepted
    return measure.lift_requested_at
