"""A report that two people have refused, and the draw that comes when its month is over, for tests that begin there."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import triage
from cases.models.decisions import Refusal
from cases.models.reply import Recheck
from cases.models.report import Report
from people.actors import Actor
from people.roles import Role
from tests import make
from tests.desk import waiting
from tests.make import NOW, District

TEXT = "属于邻里纠纷"


def second_of(session: Session, district: District) -> Actor:
    """One more officer of the desk."""
    return make.officer(session, district.office, Role.INTAKE_OFFICER)


def refuse(session: Session, report: Report, *, first: Actor, second: Actor, now: datetime = NOW) -> Refusal:
    """R6, by two people of the desk."""
    made = triage.propose_refusal(
        session, report, reason="not_safety", text=TEXT, evidence="现场照片只有花盆", by=first, now=now
    )
    return triage.confirm_refusal(session, report, made.id, by=second, now=now)


def refused(session: Session, district: District, *, now: datetime = NOW, second: Actor | None = None) -> Report:
    """A report that was not accepted."""
    report = waiting(session)
    refuse(session, report, first=district.intake, second=second or second_of(session, district), now=now)
    return report


def all_are_drawn(session: Session) -> None:
    """From now on the share is the whole."""
    make.value(session, "return_resample_share", 1)


def rechecks(session: Session) -> list[Recheck]:
    """Every re-check, the next due first."""
    return list(session.scalars(select(Recheck).order_by(Recheck.due_at, Recheck.id)))
