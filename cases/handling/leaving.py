"""M15: a visit does not wait for somebody who cannot end it. A companion goes on with it, or it is broken off."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from cases import clocks, notices
from cases.lifecycle import beside
from cases.lifecycle.visit import ARRANGERS, VISIT_MOVES, NoOpenVisit
from cases.models.case import Case
from cases.models.handling import Visit
from people.actors import Actor

# What somebody's arrival stops: nobody has arrived who leaves without saying what is there.
ARRIVAL = ("first_arrival", "verify_start")


def open_visit(session: Session, case: Case, *, of: int | None = None) -> Visit:
    """The visit of a locked case that has begun and not ended, or `of` one officer. Raises NoOpenVisit."""
    found = session.scalars(select(Visit).where(Visit.case_id == case.id, Visit.state == "open")).one_or_none()
    if found is None or of not in (None, found.officer_id):
        raise NoOpenVisit
    return found


def take_over(session: Session, case: Case, *, reason: str, by: Actor, now: datetime) -> Visit:
    """A companion leads the open visit of a locked case from now on, and will complete its record (F10).

    The same people were there, so that its certificates hold. Raises NoOpenVisit, NotThere, Incomplete.
    """
    visit = open_visit(session, case)
    was = visit.officer_id
    there = [each for each in visit.companion_ids if each != by.account_id]
    beside.move(
        session, case, visit, VISIT_MOVES["take_over"], by=by, now=now, reason=reason,
        writes_={"officer_id": by.account_id, "companion_ids": [was, *there], "left_told_at": None},
        trail_={"was": was, "to": by.account_id, "reason": reason},
    )  # fmt: skip
    return visit


def break_off(session: Session, case: Case, *, reason: str, by: Actor, now: datetime) -> Visit:
    """End the open visit of a locked case without a record, so that somebody else can begin another.

    It proves nothing, and what its beginning stopped runs on as if nobody had come: nobody gains time by it (D8, X16).
    Who was there has had a hand in the case (M64). Raises NoOpenVisit, NotYourBody, NotYoursToEnd, Incomplete.
    """
    visit = open_visit(session, case)
    beside.move(
        session, case, visit, VISIT_MOVES["break_off"], by=by, now=now, reason=reason,
        writes_={"broken_off_at": now, "broken_off_by": by.account_id, "broken_off_reason": reason},
        trail_={"officer": visit.officer_id, "reason": reason},
    )  # fmt: skip
    if case.state == "verifying" and not session.scalar(select(exists().where(*_made(case)))):
        for kind in ARRIVAL:
            clocks.run_on(session, case, kind, stopped_at=visit.started_at)
    arrangers = [each for each in notices.holders(session, visit.org_id, *ARRANGERS) if each != by.account_id]
    text = f"案件 {case.number}：现场检查已中止，请另行安排人员到场"
    notices.tell_people(session, visit.org_id, arrangers, "visit_broken_off", text, now=now, case_id=case.id)
    return visit


def _made(case: Case) -> tuple[ColumnElement[bool], ...]:
    return (Visit.case_id == case.id, Visit.state == "completed")
