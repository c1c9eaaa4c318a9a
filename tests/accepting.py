"""An acceptance as it is made in the field: check in at the place, take a photo there, then say what was found."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from cases import handling
from cases.lifecycle import accepting as rules
from cases.models.case import Case
from cases.models.handling import Acceptance
from people.actors import Actor
from people.models import Org
from people.roles import Role
from tests import make


def acceptor(session: Session, case: Case, of_the_town: Actor) -> Actor:
    """Whoever may accept: this one of the town, or somebody new of another body where another must (M64)."""
    if not rules.by_others(session, case):
        return of_the_town
    org_id = rules.whose(session, case)
    org = session.get_one(Org, org_id) if org_id is not None else make.org(session, "department")
    if org_id is None:
        make.task(session, case, org, kind="coop", state="answered")
    return make.officer(session, org, Role.DEPT_OFFICER)


def be_there(session: Session, case: Case, *, by: Actor, now: datetime) -> None:
    """The check-in, and a new photo of the acceptor's own (X20)."""
    handling.arrive(session, case, point=None, distance_reason="按举报位置到场", by=by, now=now)
    make.pictures(session, case, "after", at=now, by=by)


def pass_(session: Session, case: Case, *, by: Actor, now: datetime, **said: Any) -> Acceptance:
    """T15, by somebody who has been there."""
    be_there(session, case, by=by, now=now)
    return handling.pass_(session, case, by=by, now=now, **said)


def fail(session: Session, case: Case, *, by: Actor, now: datetime, **said: Any) -> Acceptance:
    """T14, by somebody who has been there."""
    be_there(session, case, by=by, now=now)
    return handling.fail(session, case, by=by, now=now, **said)
