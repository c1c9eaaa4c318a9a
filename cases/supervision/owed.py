"""What the safety office owes (M74, M77, C6): to hold an interview, to issue what is on the list, to decide on listing.

Each has a time by policy; when that is over the office and whoever directs it are told, once (D5).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from cases import deadlines, policy
from cases.deadlines import Calendar, Due
from cases.models.case import Case
from cases.models.listing import WAITS, ListingWaiver
from cases.models.supervision import LISTED, BulletinEntry, Interview
from cases.supervision import answering, own_lateness
from people.models import Org


@dataclass(frozen=True)
class Owed:
    """One kind of what is owed: its rows, since when they wait, which do, and the words for one that is late."""

    table: Any
    since: str
    open: ColumnElement[bool]
    words: str  # `{org}` is the body that it is about
    policy: str = "owed_work_d"


OWED: Mapping[str, Owed] = {
    "interview": Owed(
        Interview, "planned_at", Interview.state == "planned", "对{org}的约谈到期尚未进行，请安排或者取消"
    ),
    "bulletin": Owed(BulletinEntry, "listed_at", LISTED, "对{org}列入通报的事项到期尚未处理，请印发或者划除"),
    "listing": Owed(
        ListingWaiver, "owed_at", ListingWaiver.state.in_(WAITS), "重大隐患是否挂牌督办到期尚未决定", "listing_work_d"
    ),
}


def until(session: Session, what: str, *, now: datetime, calendar: Calendar | None = None) -> Due:
    """Until when the office sees to what is planned or listed now: so many working days, by policy."""
    days: int = policy.value(session, OWED[what].policy, now)[what]
    return deadlines.add(now, days, "work_d", calendar or policy.calendar(session, now))


def waiting(session: Session, calendar: Calendar) -> Iterator[tuple[Interview | BulletinEntry | ListingWaiver, Due]]:
    """What is open and waits for a calendar, with when it is due under this one (D2)."""
    for what, each in OWED.items():
        for thing in session.scalars(select(each.table).where(each.table.provisional, each.open)).all():
            yield thing, until(session, what, now=getattr(thing, each.since), calendar=calendar)


def late_for(case_id: InstrumentedAttribute[Any], *, now: datetime) -> ColumnElement[bool]:
    """Whether something is owed about a case whose time is over and of which nobody was told."""
    return or_(*(_late(each, now).where(each.table.case_id == case_id).exists() for each in OWED.values()))


def tell_owed(session: Session, case: Case, *, now: datetime) -> None:
    """What is owed about a locked case and is late: the office and its director are told, once (D5)."""
    late: dict[str, None] = {}
    for each in OWED.values():
        of_it = _late(each, now).where(each.table.case_id == case.id).order_by(each.table.due_at, each.table.id)
        for thing in session.scalars(of_it).all():
            thing.overdue_told_at = now
            org = session.get(Org, thing.org_id) if thing.org_id is not None else None
            late[f"案件 {case.number}：{each.words.format(org=org.name_zh if org else '')}"] = None
    office = answering.the_district(session)
    if office is not None:
        for text in late:
            own_lateness.tell(session, case, None, office, text, red=True, now=now)


def _late(each: Owed, now: datetime) -> Select[Any]:
    table = each.table
    return select(table).where(each.open, table.due_at <= now, table.overdue_told_at.is_(None))
