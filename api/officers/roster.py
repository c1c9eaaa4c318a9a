"""/o/v1/absences, handovers, leader-assignments, workload; and how officers are reached outside the application."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from pydantic import AwareDatetime, Field, StringConstraints

from api.cursors import bound
from api.dependencies import CurrentActor, Now, OfficerSession
from api.officers.bodies import FIRST, LAST, Body, Short
from api.officers.shapes import plain
from api.paging import Page
from api.rights import EVERY_OFFICER, WRITERS, Scope, may
from api.routes import officers_router
from cases import supervision
from cases.deadlines import colour_at
from cases.supervision import deliveries, workload
from people import absences, leaders, reach
from people.absences import Leave
from people.leaders import Naming
from people.roster import Absence, LeaderAssignment

router = officers_router(tags=["roster"])
Id = Annotated[int, Field(ge=1, lt=2**31)]
Moment = Annotated[AwareDatetime, Field(ge=FIRST, lt=LAST)]
Day = Annotated[date, Field(ge=FIRST.date(), lt=LAST.date())]
# One plain address: no name beside it, no second one, nothing that could become a header of its own.
Address = Annotated[
    str, StringConstraints(max_length=254, pattern=r"^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]+\.[A-Za-z]+$")
]


class AbsenceIn(Body):
    """Who is away, who stands in, from when to when."""

    account_id: Id
    substitute_id: Id
    from_at: Moment
    to_at: Moment
    reason: Short


class HandoverIn(Body):
    """Whose work goes to whom, and why."""

    from_id: Id
    to_id: Id
    reason: Short


class LeaderIn(Body):
    """A named leader of a body, for a portfolio, from a day on."""

    org_id: Id
    name: Short
    title: Short
    line: Literal["party", "government"]
    portfolio: Short
    from_on: Day
    to_on: Day | None = None
    account_id: Id | None = None


class LastDay(Body):
    """The last day of an assignment."""

    to_on: Day


class MailIn(Body):
    """Where one takes mail."""

    address: Address


class BotIn(Body):
    """The robot of an office's chat group."""

    org_id: Id
    kind: Literal["dingtalk", "wecom"]
    url: Annotated[str, StringConstraints(min_length=1, max_length=1000)]


@router.get("/absences", name="list_absences")
@may(EVERY_OFFICER, scope=Scope.OFFICE)
def list_absences(session: OfficerSession, actor: CurrentActor, now: Now) -> dict[str, Any]:
    """Present and coming absences of one's office."""
    return {"items": [_absence(row) for row in absences.of_office(session, by=actor, now=now)]}


@router.post("/absences", status_code=201, name="enter_absence")
@may(WRITERS, scope=Scope.OFFICE)
def enter_absence(body: AbsenceIn, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """Enter an absence; open work goes to the substitute when it begins."""
    return _absence(absences.enter(session, Leave(**body.model_dump()), by=actor, now=now))


@router.post("/absences/{absence_id}/cancellations", status_code=201, name="cancel_absence")
@may(WRITERS, scope=Scope.OFFICE)
def cancel_absence(absence_id: UUID, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """Call an absence off, or end it early."""
    return _absence(absences.cancel(session, absence_id, by=actor, now=now))


@router.post("/handovers", status_code=201, name="hand_over")
@may(WRITERS, scope=Scope.OFFICE)
def hand_over(body: HandoverIn, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """Move all open tasks of one person to a colleague in one act."""
    made = supervision.hand_over(session, **body.model_dump(), by=actor, now=now)
    return {"id": made.id, "from_id": made.from_id, "to_id": made.to_id, "tasks": made.tasks}


@router.get("/leader-assignments", name="list_leader_assignments")
@may(EVERY_OFFICER, scope=Scope.HOUSE)
def list_leader_assignments(
    session: OfficerSession,
    _actor: CurrentActor,
    now: Now,
    org_id: Annotated[int, Query(ge=1, lt=2**31)],
    at: AwareDatetime | None = None,
) -> dict[str, Any]:
    """Who answers for a body, now or at another instant (M05)."""
    return {"items": [_leader(row) for row in leaders.at(session, org_id, at or now)]}


@router.post("/leader-assignments", status_code=201, name="assign_leader")
@may(leaders.KEEPERS, scope=Scope.DISTRICT)
def assign_leader(body: LeaderIn, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """Name a leader."""
    return _leader(leaders.assign(session, Naming(**body.model_dump()), by=actor, now=now))


@router.post("/leader-assignments/{assignment_id}/endings", status_code=201, name="end_leader_assignment")
@may(leaders.KEEPERS, scope=Scope.DISTRICT)
def end_leader_assignment(
    assignment_id: Annotated[int, Field(ge=1, lt=2**31)], body: LastDay, session: OfficerSession, actor: CurrentActor
) -> Any:
    """End an assignment; older cases keep their leader."""
    return _leader(leaders.end(session, assignment_id, last_day=body.to_on, by=actor))


@router.get("/workload", name="workload")
@may(EVERY_OFFICER, scope=Scope.OFFICE)
def read_workload(
    session: OfficerSession, actor: CurrentActor, now: Now, org_id: Annotated[int | None, Query(ge=1, lt=2**31)] = None
) -> dict[str, Any]:
    """Everybody of an office with their open, near and late tasks (M17)."""
    rows = workload.of_office(session, org_id or actor.org_id or 0, by=actor, now=now)
    return {"items": [vars(row) for row in rows]}


@router.get("/workload/{account_id}", name="workload_of_person")
@may(EVERY_OFFICER, scope=Scope.OFFICE)
def read_workload_of_person(
    account_id: Annotated[int, Field(ge=1, lt=2**31)],
    session: OfficerSession,
    actor: CurrentActor,
    now: Now,
    page: Page,
) -> dict[str, Any]:
    """One person's open tasks, the next due first, each with its colour."""
    whose = bound("workload", account_id, actor.org_id)
    rows = workload.of_person(session, account_id, by=actor, limit=page.limit, after=page.after(whose))
    return {
        "items": [
            {"task_id": t.id, "case_id": t.case_id, "number": t.case.number, "state": t.case.state, "kind": t.kind,
             "due_at": t.due_at, "due_what": t.due_what, "colour": colour_at(now, t.yellow_at, t.due_at)}
            for t in rows
        ],
        "next": page.next(whose, rows, lambda row: (row.due_at, row.id)),
    }  # fmt: skip


@router.post("/mail-addresses", status_code=201, name="set_mail_address")
@may(WRITERS, scope=Scope.SELF)
def set_mail_address(body: MailIn, session: OfficerSession, actor: CurrentActor, now: Now) -> dict[str, str]:
    """Enter where one takes mail; a later entry replaces it."""
    reach.set_address(session, body.address, by=actor, now=now)
    return {"address": body.address}


@router.post("/group-bots", status_code=201, name="set_group_bot")
@may(reach.KEEPERS, scope=Scope.DISTRICT)
def set_group_bot(body: BotIn, session: OfficerSession, actor: CurrentActor, now: Now) -> dict[str, Any]:
    """Enter the robot of an office's chat group. Its address is never told again: it carries a token."""
    reach.set_bot(session, org_id=body.org_id, kind=body.kind, url=body.url, by=actor, now=now)
    return {"org_id": body.org_id, "kind": body.kind}


@router.get("/deliveries", name="list_deliveries")
@may(deliveries.KEEPERS, scope=Scope.DISTRICT)
def list_deliveries(
    session: OfficerSession,
    actor: CurrentActor,
    page: Page,
    state: Literal["waiting", "failing", "dropped", "sent"] = "failing",
) -> dict[str, Any]:
    """Mails and robots' messages that did not get out, with what they died of, for the district (M115)."""
    whose = bound("deliveries", state, actor.org_id)
    rows = deliveries.in_state(session, state, by=actor, limit=page.limit, after=page.after(whose))
    names = "id channel created_at sent_at dropped_at tries failed_at failure given_up_at"
    return {
        "items": [
            {**plain(d, names), "notice_id": n.id, "kind": n.kind, "org_id": n.org_id, "account_id": n.account_id}
            for d, n in rows
        ],
        "next": page.next(whose, rows, lambda row: (row[0].created_at, row[0].id)),
    }


def _absence(row: Absence) -> dict[str, Any]:
    return {
        "id": row.id, "account_id": row.account_id, "substitute_id": row.substitute_id, "from_at": row.from_at,
        "to_at": row.to_at, "reason": row.reason, "cancelled_at": row.cancelled_at,
    }  # fmt: skip


def _leader(row: LeaderAssignment) -> dict[str, Any]:
    return {
        "id": row.id, "org_id": row.org_id, "name": row.name, "title": row.title, "line": row.line,
        "portfolio": row.portfolio, "from_on": row.from_on, "to_on": row.to_on, "account_id": row.account_id,
    }  # fmt: skip
