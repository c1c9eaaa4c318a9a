"""通报 (M74): cases come up for the next bulletin; the safety office strikes or issues them, and every body is told."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cases import notices, ties, trail
from cases.journey import Kind
from cases.models.case import Case, Clock
from cases.models.supervision import LISTED, Bulletin, BulletinEntry
from cases.supervision import owed, urging
from kit.clock import LOCAL_ZONE
from kit.errors import Conflict, NotAllowed
from people.actors import Actor
from people.models import Org
from people.roles import Role


class NotOnTheList(Conflict):
    """An entry was issued or struck before, or there is none of this id."""

    code = "bulletin.not_on_the_list"
    message = "One of these entries is not on the list any more."


def put_up(
    session: Session, case: Case, org_id: int, *, clock: Clock | None, leaders: list[dict[str, Any]], now: datetime
) -> None:
    """Put a body up for the next bulletin because of a case; once while it is on the list."""
    until = owed.until(session, "bulletin", now=now)
    row = {
        "case_id": case.id, "org_id": org_id, "clock_id": clock.id if clock else None, "leaders": leaders,
        "listed_at": now, "due_at": until.due_at, "provisional": until.provisional,
    }  # fmt: skip
    session.execute(insert(BulletinEntry).values(row).on_conflict_do_nothing())


def listed(
    session: Session, *, by: Actor, limit: int, after: tuple[datetime, UUID] | None = None
) -> list[tuple[BulletinEntry, str]]:
    """What has come up for the next bulletin, oldest first, each with its case's number. Raises NotAllowed."""
    if not by.has(Role.SAFETY_OFFICE, Role.DISCIPLINE):
        raise NotAllowed
    rows = select(BulletinEntry, Case.number).join(Case, Case.id == BulletinEntry.case_id)
    rows = rows.where(LISTED, ties.untied_to(by))
    if after is not None:
        rows = rows.where(tuple_(BulletinEntry.listed_at, BulletinEntry.id) > after)
    rows = rows.order_by(BulletinEntry.listed_at, BulletinEntry.id).limit(limit)
    return [(entry, number) for entry, number in session.execute(rows)]


def issue(session: Session, entry_ids: Sequence[UUID], *, text: str, by: Actor, now: datetime) -> Bulletin:
    """Issue a bulletin of these entries: every body is told, and each one named must reply. Raises NotOnTheList."""
    entries = _take(session, entry_ids, by=by)
    made = Bulletin(number=_number(session, now), text=text, issued_by=by.account_id, issued_at=now)
    session.add(made)
    session.flush()
    for entry, case in entries:
        entry.bulletin_id = made.id
        demand = urging.Demand("notify_all", entry.org_id, f"列入{made.number}，请整改并回复", clock_id=entry.clock_id)
        urging.put_out(session, case, demand, by=by, now=now)
    for org_id in session.scalars(select(Org.id).where(Org.active).order_by(Org.id)):
        notices.tell(session, org_id, "bulletin", f"{made.number}已印发，请查阅", now=now)
    return made


def issued(session: Session, *, limit: int, after: tuple[datetime, UUID] | None = None) -> Sequence[Bulletin]:
    """The newest bulletins."""
    found = select(Bulletin)
    if after is not None:
        found = found.where(tuple_(Bulletin.issued_at, Bulletin.id) < after)
    return session.scalars(found.order_by(Bulletin.issued_at.desc(), Bulletin.id.desc()).limit(limit)).all()


def strike(session: Session, entry_id: UUID, *, reason: str, by: Actor, now: datetime) -> BulletinEntry:
    """Take an entry off the list, with the reason on the case's trail. Raises NotOnTheList."""
    [(entry, case)] = _take(session, [entry_id], by=by)
    entry.struck_at, entry.struck_by, entry.struck_reason = now, by.account_id, reason
    trail.record(session, case, Kind.BULLETIN_STRUCK, by=by, now=now, reason=reason)
    return entry


def _take(session: Session, entry_ids: Sequence[UUID], *, by: Actor) -> list[tuple[BulletinEntry, Case]]:
    """The entries with their cases, all locked: cases first and in one order, as everybody takes them."""
    if not by.has(Role.SAFETY_OFFICE):
        raise NotAllowed("Only the safety office issues bulletins.")
    wanted = set(entry_ids)
    of_cases = select(BulletinEntry.case_id).where(BulletinEntry.id.in_(wanted))
    cases = select(Case).where(Case.id.in_(of_cases)).order_by(Case.id).with_for_update(of=Case)
    by_id = {case.id: case for case in session.scalars(cases)}
    open_ones = select(BulletinEntry).where(BulletinEntry.id.in_(wanted), LISTED)
    entries = session.scalars(
        open_ones.order_by(BulletinEntry.listed_at, BulletinEntry.id).execution_options(populate_existing=True)
    ).all()
    if len(entries) != len(wanted) or not wanted:
        raise NotOnTheList
    return [(entry, by_id[entry.case_id]) for entry in entries]


def _number(session: Session, now: datetime) -> str:
    """Counted by year; two at once end in one refusal by the database."""
    year = now.astimezone(LOCAL_ZONE).year
    count = session.scalar(select(func.count()).where(Bulletin.number.like(f"通报〔{year}〕%"))) or 0
    return f"通报〔{year}〕{count + 1}号"
