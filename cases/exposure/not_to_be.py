"""M50: what was to be exposed is not, and why: said by a lawyer of the district, and by nobody who decided it."""

from datetime import datetime

from sqlalchemy.orm import Session

from cases import trail
from cases.exposure.refusals import NothingToRefuse, SamePerson
from cases.journey import Kind
from cases.lifecycle.closing.public import exposure_owed
from cases.lifecycle.guards import Incomplete
from cases.models.case import OVER, Case
from cases.models.exposure import ExposureRefusal
from kit.errors import NotAllowed
from people.actors import Actor
from people.roles import Role


def refuse(session: Session, case: Case, *, reason: str, by: Actor, now: datetime) -> ExposureRefusal:
    """Set the decision to expose a locked case aside; then G-EXP holds without a draft.

    Raises NotAllowed, NothingToRefuse, SamePerson, Incomplete.
    """
    if not by.has(Role.LEGAL_REVIEWER):
        raise NotAllowed("Only a legal reviewer says that something is not exposed.")
    verdict = None if case.state in OVER else exposure_owed(session, case)
    if verdict is None:
        raise NothingToRefuse
    if by.is_person(verdict.decided_by):
        raise SamePerson
    if not reason.strip():
        raise Incomplete("Say why.", missing=["reason"], pointer="/reason")
    made = ExposureRefusal(
        case_id=case.id, verdict_id=verdict.id, reason=reason, refused_by=by.account_id, refused_at=now
    )
    session.add(made)
    session.flush()
    case.version += 1
    trail.record(session, case, Kind.EXPOSURE_REFUSED, by=by, now=now, reason=reason)
    return made
