"""/o/v1/urge-orders, interviews, bulletins and candidates: what the safety office demands, and what bodies answer."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Query
from pydantic import AwareDatetime, Field

from api.cursors import bound
from api.dependencies import CurrentActor, Now, OfficerSession, SeenVersion
from api.officers.bodies import FIRST, LAST, Body, Long, Reason
from api.paging import Page
from api.rights import CASE_READERS, WATCHERS, Scope, may
from api.routes import officers_router
from cases.lifecycle.urging import INTERVIEW_MOVES, URGE_MOVES
from cases.models.case import Case
from cases.models.supervision import Interview, UrgeOrder, UrgeReply
from cases.supervision import bulletins, holding, interviews, reading, urging
from cases.supervision.interviews import Record
from cases.supervision.urging import Demand
from people.roles import Role

router = officers_router(tags=["supervision"])
Moment = Annotated[AwareDatetime, Field(ge=FIRST, lt=LAST)]
OrgId = Annotated[int, Field(ge=1, lt=2**31)]


class UrgeOrderIn(Body):
    """A demand by hand; without `reply_due_at` the policy's time holds."""

    case_id: UUID
    level: Literal["reminder", "urge_order"]
    org_id: OrgId
    text: Long
    reply_due_at: Moment | None = None


class UrgeReplyIn(Body):
    """What was done, or why not."""

    text: Long


class Judgement(Body):
    """What the safety office says to a reply, or why it takes an order back."""

    comment: Long


class InterviewIn(Body):
    """Whom to call, about what."""

    case_id: UUID
    org_id: OrgId
    kind: Literal["talk", "interview"]
    topic: Long


class InterviewRecord(Body):
    """What was said, with whom, and what was promised until when."""

    held_at: Moment
    attendees: Long
    commitments: Long
    commitments_due_at: Moment


class BulletinIn(Body):
    """Which entries are criticised before all, in which words."""

    entry_ids: Annotated[list[UUID], Field(min_length=1, max_length=100)]
    text: Long


def the_order(
    order_id: UUID, session: OfficerSession, actor: CurrentActor, seen: SeenVersion
) -> tuple[Case, UrgeOrder]:
    """The order of the path with its case, locked, in the version that the officer saw."""
    return holding.a_thing(session, UrgeOrder, order_id, by=actor, seen=seen, unknown=urging.NoSuchOrder)


def the_interview(
    interview_id: UUID, session: OfficerSession, actor: CurrentActor, seen: SeenVersion
) -> tuple[Case, Interview]:
    """The interview of the path with its case, locked, in the version that the officer saw."""
    return holding.a_thing(session, Interview, interview_id, by=actor, seen=seen, unknown=interviews.NoSuchInterview)


TheOrder = Annotated[tuple[Case, UrgeOrder], Depends(the_order)]
TheInterview = Annotated[tuple[Case, Interview], Depends(the_interview)]


@router.get("/urge-orders", name="list_urge_orders")
@may(CASE_READERS)
def list_urge_orders(
    session: OfficerSession,
    actor: CurrentActor,
    page: Page,
    case_id: UUID | None = None,
    state: Annotated[Literal["issued", "replied", "accepted", "rejected", "withdrawn"] | None, Query()] = None,
) -> dict[str, Any]:
    """One's office's urge orders, or those of every body for the district, newest first."""
    whose = bound("urge-orders", case_id, state, actor.org_id)
    after = page.after(whose)
    rows = reading.orders(session, by=actor, limit=page.limit, case_id=case_id, state=state, after=after)
    return {
        "items": [_order(order, reply) for order, reply in rows],
        "next": page.next(whose, rows, lambda row: (row[0].issued_at, row[0].id)),
    }


@router.post("/urge-orders", status_code=201, name="issue_urge_order")
@may(Role.SAFETY_OFFICE)
def issue_urge_order(body: UrgeOrderIn, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """M74: urge a body about a case."""
    case = holding.a_case(session, body.case_id, by=actor)
    demand = Demand(body.level, body.org_id, body.text, reply_due_at=body.reply_due_at)
    return _order(urging.issue(session, case, demand, by=actor, now=now))


@router.post("/urge-orders/{order_id}/replies", status_code=201, name="reply_to_urge_order")
@may(URGE_MOVES["reply"], scope=Scope.OFFICE)
def reply_to_urge_order(
    found: TheOrder, body: UrgeReplyIn, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """The body's answer, once for each order."""
    case, order = found
    reply = urging.reply(session, case, order, text=body.text, by=actor, now=now)
    return _order(order, reply)


@router.post("/urge-orders/{order_id}/acceptances", status_code=201, name="accept_urge_reply")
@may(URGE_MOVES["accept"])
def accept_urge_reply(found: TheOrder, body: Judgement, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """Take a reply as good."""
    case, order = found
    return _order(urging.accept(session, case, order, comment=body.comment, by=actor, now=now))


@router.post("/urge-orders/{order_id}/rejections", status_code=201, name="reject_urge_reply")
@may(URGE_MOVES["reject"])
def reject_urge_reply(found: TheOrder, body: Judgement, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """Reject a reply; the answer is the 督办单 that follows."""
    case, order = found
    return _order(urging.reject(session, case, order, comment=body.comment, by=actor, now=now))


@router.post("/urge-orders/{order_id}/withdrawals", status_code=201, name="withdraw_urge_order")
@may(URGE_MOVES["withdraw"])
def withdraw_urge_order(
    found: TheOrder, body: Judgement, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """Take back an order that was issued wrongly."""
    case, order = found
    return _order(urging.withdraw(session, case, order, comment=body.comment, by=actor, now=now))


@router.get("/interviews", name="list_interviews")
@may(CASE_READERS)
def list_interviews(
    session: OfficerSession,
    actor: CurrentActor,
    page: Page,
    case_id: UUID | None = None,
    state: Annotated[Literal["planned", "held", "dropped"] | None, Query()] = None,
) -> dict[str, Any]:
    """Interviews of one's office, or of every body for the district."""
    whose = bound("interviews", case_id, state, actor.org_id)
    after = page.after(whose)
    rows = reading.interviews(session, by=actor, limit=page.limit, case_id=case_id, state=state, after=after)
    return {
        "items": [_interview(row) for row in rows],
        "next": page.next(whose, rows, lambda row: (row.planned_at, row.id)),
    }


@router.post("/interviews", status_code=201, name="plan_interview")
@may(Role.SAFETY_OFFICE)
def plan_interview(body: InterviewIn, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """M77: call a body to a talk about a case."""
    case = holding.a_case(session, body.case_id, by=actor)
    made = interviews.plan(
        session, case, org_id=body.org_id, topic=body.topic, kind=body.kind, by=actor, now=now
    )  # fmt: skip
    return _interview(made)


@router.post("/interviews/{interview_id}/records", status_code=201, name="record_interview")
@may(INTERVIEW_MOVES["hold"])
def record_interview(
    found: TheInterview, body: InterviewRecord, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """Write down what was said; what was promised is followed up."""
    case, interview = found
    record = Record(body.held_at, body.attendees, body.commitments, body.commitments_due_at)
    return _interview(interviews.hold(session, case, interview, record, by=actor, now=now))


@router.post("/interviews/{interview_id}/cancellations", status_code=201, name="drop_interview")
@may(INTERVIEW_MOVES["drop"])
def drop_interview(found: TheInterview, body: Reason, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """Call off a planned interview."""
    case, interview = found
    return _interview(interviews.drop(session, case, interview, reason=body.reason, by=actor, now=now))


@router.get("/bulletin-entries", name="list_bulletin_entries")
@may(WATCHERS)
def list_bulletin_entries(session: OfficerSession, actor: CurrentActor, page: Page) -> dict[str, Any]:
    """What has come up for the next bulletin."""
    whose = bound("bulletin-entries", actor.org_id)
    rows = bulletins.listed(session, by=actor, limit=page.limit, after=page.after(whose))
    return {
        "items": [
            {"id": e.id, "case_id": e.case_id, "case_number": number, "org_id": e.org_id, "leaders": e.leaders,
             "listed_at": e.listed_at, "due_at": e.due_at}
            for e, number in rows
        ],
        "next": page.next(whose, rows, lambda row: (row[0].listed_at, row[0].id)),
    }  # fmt: skip


@router.post("/bulletin-entries/{entry_id}/strikings", status_code=201, name="strike_bulletin_entry")
@may(Role.SAFETY_OFFICE)
def strike_bulletin_entry(entry_id: UUID, body: Reason, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """Take an entry off the list, with a reason."""
    entry = bulletins.strike(session, entry_id, reason=body.reason, by=actor, now=now)
    return {"id": entry.id, "struck_at": entry.struck_at}


@router.post("/bulletins", status_code=201, name="issue_bulletin")
@may(Role.SAFETY_OFFICE)
def issue_bulletin(body: BulletinIn, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """通报: to every body, about the named entries."""
    made = bulletins.issue(session, body.entry_ids, text=body.text, by=actor, now=now)
    return {"id": made.id, "number": made.number, "issued_at": made.issued_at}


@router.get("/bulletins", name="list_bulletins")
@may(CASE_READERS)
def list_bulletins(session: OfficerSession, actor: CurrentActor, page: Page) -> dict[str, Any]:
    """The newest bulletins, which every body may read."""
    whose = bound("bulletins", actor.org_id)
    rows = bulletins.issued(session, limit=page.limit, after=page.after(whose))
    return {
        "items": [{"id": b.id, "number": b.number, "text": b.text, "issued_at": b.issued_at} for b in rows],
        "next": page.next(whose, rows, lambda row: (row.issued_at, row.id)),
    }


@router.get("/listing-candidates", name="list_listing_candidates")
@may(WATCHERS)
def list_listing_candidates(session: OfficerSession, actor: CurrentActor, page: Page) -> dict[str, Any]:
    """Cases that have come up for supervised listing."""
    whose = bound("listing-candidates", actor.org_id)
    rows = reading.candidates(session, by=actor, limit=page.limit, after=page.after(whose))
    return {
        "items": [
            {"id": c.id, "case_id": case.id, "case_number": case.number, "org_id": case.responsible_org_id,
             "reason": c.reason, "leaders": c.leaders, "proposed_at": c.proposed_at}
            for c, case in rows
        ],
        "next": page.next(whose, rows, lambda row: (row[0].proposed_at, row[0].id)),
    }  # fmt: skip


def _order(order: UrgeOrder, reply: UrgeReply | None = None) -> dict[str, Any]:
    return {
        "id": order.id, "number": order.number, "case_id": order.case_id, "org_id": order.org_id, "level": order.level,
        "state": order.state, "version": order.version, "text": order.text, "by_hand": order.issued_by is not None,
        "issued_at": order.issued_at, "reply_due_at": order.reply_due_at, "comment": order.comment,
        "reply": None if reply is None else {"text": reply.text, "at": reply.replied_at, "late": _late(order, reply)},
    }  # fmt: skip


def _late(order: UrgeOrder, reply: UrgeReply) -> bool:
    due: datetime = order.reply_due_at
    return reply.replied_at > due


def _interview(row: Interview) -> dict[str, Any]:
    return {
        "id": row.id, "case_id": row.case_id, "org_id": row.org_id, "kind": row.kind, "state": row.state,
        "version": row.version, "topic": row.topic, "due_at": row.due_at, "held_at": row.held_at,
        "attendees": row.attendees, "commitments": row.commitments, "commitments_due_at": row.commitments_due_at,
        "order_id": row.order_id,
    }  # fmt: skip
