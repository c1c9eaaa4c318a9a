"""Everything an officer may read of one case, in one value."""

from dataclasses import dataclass
from typing import Any, TypeVar

from geoalchemy2.functions import ST_X, ST_Y
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from cases import clocks, policy
from cases.handling import secrecy
from cases.lifecycle import closing
from cases.lifecycle.case import CASE_MOVES
from cases.lifecycle.closing import GuardState
from cases.lifecycle.machine import may_make
from cases.models.case import Case, CaseEvent, Clock, Task
from cases.models.delivery import OrderDelivery
from cases.models.handling import Acceptance, AcceptanceArrival, Completion, Order, Picture, RecordCopy, Verdict, Visit
from people.actors import Actor

T = TypeVar("T")


@dataclass(frozen=True)
class Dossier:
    """A case with what was done for it, what may be done next by this actor, and what keeps it open."""

    case: Case
    lon: float | None
    lat: float | None
    tasks: list[Task]
    clocks: list[Clock]
    events: list[CaseEvent]
    pictures: list[Picture]
    visits: list[Visit]
    verdicts: list[Verdict]
    orders: list[Order]
    deliveries: list[OrderDelivery]
    completions: list[Completion]
    arrivals: list[AcceptanceArrival]
    acceptances: list[Acceptance]
    copies: list[RecordCopy]
    guards: list[GuardState]
    next_moves: list[str]
    yellow_share: float  # of policy, for the colours of its clocks (D8)


def dossier(session: Session, case: Case, *, by: Actor) -> Dossier:
    """Read a case that the actor was allowed to load."""
    lon, lat = session.execute(select(ST_X(Case.point), ST_Y(Case.point)).where(Case.id == case.id)).one()
    tasks = select(Task).where(Task.case_id == case.id).options(joinedload(Task.org)).order_by(Task.created_at, Task.id)
    events = select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.seq)

    def of(table: type[T], order: Any) -> list[T]:
        return list(session.scalars(select(table).where(table.case_id == case.id).order_by(order)))  # type: ignore[attr-defined]

    return Dossier(
        case, lon, lat, secrecy.tasks(by, session.scalars(tasks)), clocks.running(session, case),
        secrecy.events(by, session.scalars(events)),
        of(Picture, Picture.received_at), of(Visit, Visit.started_at), of(Verdict, Verdict.proposed_at),
        of(Order, Order.issued_at), of(OrderDelivery, OrderDelivery.recorded_at),
        of(Completion, Completion.stated_at), of(AcceptanceArrival, AcceptanceArrival.arrived_at),
        of(Acceptance, Acceptance.accepted_at),
        of(RecordCopy, RecordCopy.recipient),
        closing.panel(session, case) if case.state == "closure_review" else [],
        [name for name, move in CASE_MOVES.items() if case.state in move.source and may_make(move, by)],
        policy.value(session, "yellow_share", case.opened_at),
    )  # fmt: skip
