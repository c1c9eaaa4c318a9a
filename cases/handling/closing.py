"""T16: close a case, when every guard of C4.3 holds and not before."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.clocks import MAIN
from cases.lifecycle import case as machine
from cases.lifecycle import task as tasks
from cases.models.case import Case, Task
from people.actors import Actor


def close(session: Session, case: Case, *, note: str, by: Actor, now: datetime) -> Case:
    """Close a locked case. Raises GuardsOpen with the whole panel, and WrongLevel."""
    machine.move(session, case, "close", by=by, now=now, trail_={"note": note})
    case.closed_at = now
    main = select(Task).where(Task.case_id == case.id, Task.kind.in_(MAIN), Task.state.in_(tasks.LIVE))
    for task in session.scalars(main).all():
        tasks.move(task, "finish", by=by)
        task.answered_at = now
    return case
