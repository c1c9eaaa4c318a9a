"""What people see of a case before they act."""

from typing import Any

from sqlalchemy import exists, select, text
from sqlalchemy.orm import Session

from cases.lifecycle import second_look
from cases.lifecycle.rounds import of_this_round
from cases.models.case import Case, Clock, Task
from cases.models.handling import Visit
from cases.models.paper import Scan
from cases.models.penalty import Penalty
from kit.clock import LOCAL_ZONE
from people.actors import Actor

LIVE = ("open", "signed")


BEGAN = (
    "owed_at",
    "drawn_at",
    "opened_at",
    "requested_at",
    "asked_at",
    "filed_at",
    "proposed_at",
    "sent_at",
    "reported_at",
)


def newest(session: Session, table: type[Any], case: Case, *states: str) -> Any:
    """The newest row of a case in one of the states, or None."""
    began = next(getattr(table, name) for name in BEGAN if hasattr(table, name))
    found = select(table).where(table.case_id == case.id, table.state.in_(states)).order_by(began.desc()).limit(1)
    return session.scalars(found).first()


def stored(session: Session, penalty: Penalty) -> bool:
    """Whether a copy of the decision is in the file (G-DOC)."""
    return bool(session.scalar(select(exists().where(Scan.subject_id == penalty.id))))


# What may lie open beside a case, each by a question that the database answers in the same breath.
OPEN = {
    "tasks": "handling.task where kind in ('lead', 'coop') and state in ('open', 'signed')",
    "return": "handling.return_request where state = 'requested'",
    "hold": "handling.hold where state in ('requested', 'active')",
    "extension": "handling.extension where state = 'requested'",
    "second_look": "handling.second_look where state = 'waiting'",
    "decision": "handling.decision_task where state = 'open'",
    "referral": "handling.referral where state in ('sent', 'accepted', 'refused', 'external')",
    "penalty": "handling.penalty where state in ('filed', 'investigated', 'notified', 'hearing', 'decided', 'served') "
    "or (state = 'revoked' and withdrawn_at is null) or (state = 'executed' and published_at is null)",
    "measure": "handling.measure where state in ('proposed', 'approved', 'in_force', 'extended', 'lift_requested')",
    "crime": "handling.criminal_transfer where state in ('reported', 'approved', 'sent')",
    "listing": "handling.listing_waiver where state in ('owed', 'proposed')",
    "order": "handling.urge_order where state in ('issued', 'replied')",
    "interview": "handling.interview where state = 'planned'",
    "review": "handling.review where state in ('requested', 'assigned')",
    "look_back": "handling.look_back where state in ('due', 'visiting')",
}


def _exists(name: str, what: str) -> str:
    table, where = what.split(" where ", 1)
    return f'exists (select from {table} where case_id = :case and ({where})) as "{name}"'


FOLDER = text("select " + ", ".join(_exists(name, what) for name, what in OPEN.items()))


def folder(session: Session, case: Case) -> frozenset[str]:
    """What lies open beside a case, at one look."""
    session.flush()
    row = session.execute(FOLDER, {"case": case.id}).one()._mapping
    return frozenset(name for name in OPEN if row[name])


def departments(session: Session, case: Case) -> list[Task]:
    """The tasks of departments that are to be answered."""
    theirs = select(Task).where(Task.case_id == case.id, Task.kind.in_(("lead", "coop")), Task.state.in_(LIVE))
    return list(session.scalars(theirs.order_by(Task.created_at, Task.org_id)))


def lead(session: Session, case: Case) -> int | None:
    """The department that leads, if one does."""
    found = select(Task.org_id).where(Task.case_id == case.id, Task.kind == "lead", Task.state != "cancelled")
    return session.scalars(found.order_by(Task.org_id).limit(1)).first()


def clock(session: Session, case: Case, *kinds: str) -> Clock | None:
    """A running clock of the case itself."""
    own = (Clock.task_id.is_(None), Clock.about_id.is_(None), Clock.stopped_at.is_(None))
    return session.scalars(select(Clock).where(Clock.case_id == case.id, Clock.kind.in_(kinds), *own)).first()


def visited(session: Session, case: Case) -> bool:
    """Whether a completed visit of this round is there, and one that others made where others had to (T18, X21)."""
    since = second_look.set_aside(session, case)
    done = [Visit.case_id == case.id, Visit.completed_at.is_not(None)]
    return bool(session.scalar(select(exists().where(*done, *([Visit.started_at > since[0]] if since else [])))))


def under_way(session: Session, case: Case) -> Visit | None:
    """The visit that has begun and not ended."""
    return session.scalars(select(Visit).where(Visit.case_id == case.id, Visit.state == "open")).one_or_none()


def others_must_look(session: Session, case: Case, who: Actor) -> bool:
    """Whether a verdict of this very person was set aside (X21)."""
    last = second_look.set_aside(session, case)
    if last is None:
        return False
    return who.account_id in {last[1].proposed_by, session.get_one(Visit, last[1].visit_id).officer_id}


def seen_at_night(session: Session, case: Case) -> bool:
    """Whether somebody went there by night."""
    made = select(Visit.started_at).where(Visit.case_id == case.id, Visit.state == "completed")
    started = session.scalars(made)
    return any(at.astimezone(LOCAL_ZONE).hour in {19, 20, 21, 22, 23, 0, 1, 2, 3, 4, 5} for at in started)


def checked(session: Session, case: Case) -> bool:
    """Whether an enforcement check stands behind the case, of its present round (M61, T18)."""
    done = (Visit.case_id == case.id, Visit.supports_penalty, Visit.completed_at.is_not(None))
    return bool(session.scalar(select(exists().where(*done, of_this_round(case, Visit.started_at)))))
