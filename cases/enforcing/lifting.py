"""How a measure that holds goes on or ends (C4.4): extended, reviewed on request, lifted, expired (M41, M42, F45)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from cases import clocks, notices, trail
from cases.enforcing.measure import term
from cases.journey import Kind
from cases.lifecycle import beside
from cases.lifecycle.guards import Incomplete
from cases.lifecycle.machine import Move, check
from cases.lifecycle.measure import MEASURE_MOVES, by_others, type_of
from cases.lifecycle.proof import shown_by_the_acceptor
from cases.lifecycle.whereabouts import distance_m, stored
from cases.models.case import Case
from cases.models.handling import AcceptanceArrival
from cases.models.measure import Measure, MeasureReview
from geo.points import Point
from people.actors import SYSTEM, Actor
from people.roles import Role

AT_ONCE = 500
REVIEW = Move(
    "M41", frozenset({"lift_requested"}), "",
    frozenset({Role.TOWN_OFFICER, Role.TOWN_LEADER, Role.DEPT_OFFICER, Role.DEPT_LEADER}),
)  # fmt: skip


def extend(
    session: Session, case: Case, measure: Measure, *, reason: str, until: datetime | None, by: Actor, now: datetime
) -> Measure:
    """F45: let a measure with a term go on, before it ends; both ends are kept (X15). Raises NotRenewable."""
    # An end at midnight is the end of the day before, and the new time is counted from that day (D1).
    last_moment = (measure.ends_at or now) - timedelta(microseconds=1)
    ends_at = term(session, measure, until=until, since=last_moment, now=now)
    beside.move(
        session, case, measure, MEASURE_MOVES["extend"], by=by, now=now,
        trail_={"reason": reason, "ends_at": ends_at and ends_at.isoformat()},
    )  # fmt: skip
    measure.ends_at, measure.extensions = ends_at, measure.extensions + 1
    return measure


def request_lift(
    session: Session, case: Case, measure: Measure, *, application: str, by: Actor, now: datetime
) -> Measure:
    """M42: the party's application, entered by an office; the organ that ordered it has ten days to look (F38)."""
    beside.move(session, case, measure, MEASURE_MOVES["request_lift"], by=by, now=now)
    measure.lift_requested_at, measure.lift_request = now, application
    if type_of(session, measure).needs_acceptance:
        clocks.start_beside(session, case, "acceptance_suspended", about=measure.id, org_id=measure.org_id, now=now)
    notices.tell(
        session, measure.org_id, "lift_requested", f"案件 {case.number}：申请复产，请现场审查", now=now, case_id=case.id
    )
    return measure


def begin_review(
    session: Session,
    case: Case,
    measure: Measure,
    *,
    point: Point | None,
    distance_reason: str | None,
    by: Actor,
    now: datetime,
) -> AcceptanceArrival:
    """M41: check in at the place; the photo that a review needs is taken after. Farther than the limit needs a reason.

    Raises NotYourBody, SamePerson, Incomplete.
    """
    metres = distance_m(session, case, point)
    beside.move(
        session, case, measure, MEASURE_MOVES["begin_review"], by=by, now=now, distance_m=metres,
        distance_reason=distance_reason, trail_={"distance_m": metres and round(metres)},
    )  # fmt: skip
    made = AcceptanceArrival(
        case_id=case.id, measure_id=measure.id, org_id=by.org_id, account_id=by.account_id, arrived_at=now,
        point=stored(point), distance_m=metres, distance_reason=distance_reason,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def review(
    session: Session,
    case: Case,
    measure: Measure,
    *,
    result: str,
    findings: Sequence[str],
    note: str,
    by: Actor,
    now: datetime,
) -> MeasureReview:
    """M41: the check on site, signed for the organ by somebody who neither proposed nor enforced the measure.

    They have checked in there, and show by a new photo of their own what they found (X20). What fails goes back into
    force. Raises SamePerson, NotYourBody, Incomplete, PictureReused.
    """
    check(measure, REVIEW, by=by)
    beside.of_its_organ(thing=measure, by=by)
    by_others(thing=measure, by=by)
    if not findings:
        raise Incomplete("List what was checked.", missing=["findings"], pointer="/findings")
    arrival = _arrival_of(session, measure, by)
    shown_by_the_acceptor(session=session, case=case, by=by, arrival=arrival)
    made = MeasureReview(
        case_id=case.id, measure_id=measure.id, arrival_id=arrival.id if arrival else None, org_id=by.org_id,
        result=result, findings=list(findings), note=note, signed_by=by.account_id, signed_at=now,
    )  # fmt: skip
    session.add(made)
    clocks.stop_beside(session, case, "acceptance_suspended", about=measure.id, now=now)
    case.version += 1
    trail.record(session, case, Kind.MEASURE_REVIEWED, by=by, now=now, id=str(measure.id), result=result)
    if result == "fail":
        refuse_lift(session, case, measure, note=note, by=by, now=now)
    return made


def _arrival_of(session: Session, measure: Measure, by: Actor) -> AcceptanceArrival | None:
    """The actor's newest check-in since the lift was asked for; used once."""
    used = exists().where(MeasureReview.arrival_id == AcceptanceArrival.id)
    theirs = select(AcceptanceArrival).where(
        AcceptanceArrival.measure_id == measure.id, AcceptanceArrival.account_id == by.account_id,
        AcceptanceArrival.arrived_at >= measure.lift_requested_at, ~used,
    )  # fmt: skip
    return session.scalars(theirs.order_by(AcceptanceArrival.arrived_at.desc()).limit(1)).first()


def refuse_lift(session: Session, case: Case, measure: Measure, *, note: str, by: Actor, now: datetime) -> Measure:
    """The measure stays in force."""
    beside.move(session, case, measure, MEASURE_MOVES["refuse_lift"], by=by, now=now, trail_={"note": note})
    return measure


def lift(session: Session, case: Case, measure: Measure, *, note: str, by: Actor, now: datetime) -> Measure:
    """M41: a leader of the organ lifts it; a suspension only after a passed review. Raises NotAccepted."""
    beside.move(session, case, measure, MEASURE_MOVES["lift"], by=by, now=now, trail_={"note": note})
    measure.ended_at, measure.ended_by, measure.end_note = now, by.account_id, note
    return measure


def expire(session: Session, *, now: datetime) -> None:
    """F45: end every measure that has reached its legal end, and tell its organ and the district."""
    over = select(Measure.case_id).where(
        Measure.state.in_(("in_force", "extended", "lift_requested")), Measure.ends_at <= now
    )
    # The case first, as officers take it: what an officer holds just now waits for the next sweep.
    cases = select(Case).where(Case.id.in_(over)).order_by(Case.id).limit(AT_ONCE)
    for case in session.scalars(cases.with_for_update(skip_locked=True)).all():
        theirs = select(Measure).where(
            Measure.case_id == case.id, Measure.state.in_(("in_force", "extended", "lift_requested")),
            Measure.ends_at <= now,
        )  # fmt: skip
        for measure in session.scalars(theirs).all():
            beside.move(session, case, measure, MEASURE_MOVES["expire"], by=SYSTEM, now=now)
            measure.ended_at = now
            text = f"案件 {case.number}：措施已到法定期限，自动失效"
            notices.tell(session, measure.org_id, "measure_expired", text, now=now, case_id=case.id)
            notices.tell_district(session, "measure_expired", text, now=now, case_id=case.id)
