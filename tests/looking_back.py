"""A case that was closed, and those who look back at it, for tests that begin after the closing."""

from datetime import datetime, timedelta
from secrets import token_bytes

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import aftercare, handling
from cases.models.aftercare import LookBack
from cases.models.case import Case
from cases.models.handling import Picture
from people.actors import Actor
from tests import make
from tests.walk import Walk

DAY = timedelta(days=1)


def closed(walk: Walk, *, urgency: str = "urgent", grade: str = "general") -> Walk:
    """The case of a walk, handled and closed; `grade` is set after the closing, which lists keep from a major one."""
    walk.closable()
    walk.case.urgency = "urgent"
    handling.close(walk.session, walk.case, note="办结", by=walk.town.leader, now=walk.now)
    walk.case.urgency, walk.case.grade = urgency, grade
    walk.session.flush()
    return walk


def denied(walk: Walk) -> Walk:
    """The case of a walk in which nothing was found, closed."""
    make.value(walk.session, "second_look_share", 0)
    walk.proposed("unsubstantiated")
    handling.find_unsubstantiated(walk.session, walk.case, comment="查无此事", by=walk.town.leader, now=walk.now)
    walk.delivered()
    handling.close(walk.session, walk.case, note="办结", by=walk.town.leader, now=walk.now)
    return walk


def planned(walk: Walk) -> list[LookBack]:
    """The look-backs of a closed case, as the worker plans them."""
    aftercare.plan(walk.session, walk.case.id, now=walk.now)
    return looks(walk.session, walk.case)


def looks(session: Session, case: Case) -> list[LookBack]:
    """Every look-back of a case, by round and step."""
    found = select(LookBack).where(LookBack.case_id == case.id)
    return list(session.scalars(found.order_by(LookBack.round, LookBack.step)))


def arrived(walk: Walk, look: LookBack, who: Actor, *, now: datetime | None = None) -> LookBack:
    """A look-back that its person has begun at the place, on its last day unless told otherwise."""
    at = now or look.due_at - timedelta(hours=12)
    session, case, office = walk.session, walk.case, walk.district.supervisor
    aftercare.assign(session, case, look, account_id=who.account_id or 0, by=office, now=walk.now)
    return aftercare.start(session, case, look, arrival=aftercare.Arrival(make.IN_WEST), by=who, now=at)


def pictured(session: Session, case: Case, *, at: datetime, by: Actor, reused: bool = False) -> Picture:
    """A picture that whoever looks back has taken."""
    made = Picture(
        case_id=case.id, role="look_back", account_id=by.account_id, received_at=at, sha256=token_bytes(32),
        state="clean", reused=reused,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def rebounded(walk: Walk) -> Walk:
    """A closed case that was found back, and is open again."""
    closed(walk)
    look, who = planned(walk)[0], walk.district.fire_leader
    arrived(walk, look, who)
    walk.now = look.due_at
    pictured(walk.session, walk.case, at=walk.now, by=who)
    aftercare.rebound(walk.session, walk.case, look, findings="通道又被堵", by=who, now=walk.now)
    return walk
