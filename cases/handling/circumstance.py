"""Noting a circumstance that changes what a case's category means for it ((d)): a refusal, a leak, children."""

from datetime import datetime

from sqlalchemy.orm import Session

from cases import routing
from cases.lifecycle import guards
from cases.models.case import Case
from kit.errors import Conflict, NotAllowed
from people.actors import Actor
from people.roles import HANDLERS, Role

ENDED = ("closed", "void")


class KnownAlready(Conflict):
    """The case is dealt with under this circumstance already."""

    code = "circumstance.known"
    message = "This is known of the case."


class MayNotNote(NotAllowed):
    """Those who handle a case, and the desk, find its circumstances (M07)."""

    code = "role.missing"


class Ended(Conflict):
    """The case is closed or void."""

    code = "case.ended"
    message = "This case has ended."


def note_circumstance(session: Session, case: Case, *, when: str, facts: str, by: Actor, now: datetime) -> None:
    """Note a circumstance of a locked case, with the facts that show it.

    Raises MayNotNote, NotYourBody, Ended, KnownAlready, UnknownCircumstance, ForTheDesk.
    """
    if by.has(*HANDLERS):
        guards.of_a_tasked_body(session=session, case=case, by=by)
    elif not by.has(Role.INTAKE_OFFICER):
        raise MayNotNote
    if case.state in ENDED:
        raise Ended
    if not routing.learn(session, case, when, facts=facts, by=by, now=now):
        raise KnownAlready
    case.version += 1
