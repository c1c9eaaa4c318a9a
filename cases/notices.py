"""Telling an office, or a person of it, where they see it (M115). A notice holds nothing of a reporter.

Each notice is a row in the application at once, and a job that sends it out by mail or to a group's robot where the
receiver has one. Its text is neutral: a category, a number and what is due.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.orm import Session

from cases import ties, trail
from cases.journey import Step
from cases.models.case import Case, Notice
from people import absences, leaders
from people.actors import Actor
from people.models import Account, AccountRole, Org
from people.roles import Role

A_DAY = timedelta(days=1)


def tell(
    session: Session,
    org_id: int,
    kind: str,
    text: str,
    *,
    now: datetime,
    case_id: UUID | None = None,
    account_id: int | None = None,
    group: bool = True,
) -> None:
    """Leave a notice for an office, or for one person of it; `group` says whether the office's robot tells it too."""
    notice = leave(session, org_id, kind, text, now=now, case_id=case_id, account_id=account_id)
    trail.enqueue(session, Step.SEND_NOTICE, None, now=now, notice=notice.id, group=group)


def leave(
    session: Session,
    org_id: int,
    kind: str,
    text: str,
    *,
    now: datetime,
    case_id: UUID | None = None,
    account_id: int | None = None,
) -> Notice:
    """Leave a notice in the application alone: about ways out of the house that do not work, which cannot tell it."""
    notice = Notice(org_id=org_id, account_id=account_id, case_id=case_id, kind=kind, text=text, created_at=now)
    session.add(notice)
    session.flush()
    return notice


def tell_people(
    session: Session,
    org_id: int,
    people: Iterable[int],
    kind: str,
    text: str,
    *,
    now: datetime,
    case_id: UUID | None = None,
) -> None:
    """Tell some people of an office, each once, or who stands in for them; where there is nobody, all of the office.

    The group's robot tells it once, however many people there are.
    """
    standing_in = absences.all_standing_in(session, people, now=now)
    there = dict.fromkeys(who for who in standing_in.values() if who is not None)
    for number, account_id in enumerate(there):
        tell(
            session, org_id, kind, text, now=now, case_id=case_id, account_id=account_id, group=number == 0
        )  # fmt: skip
    if not there:
        tell(session, org_id, kind, text, now=now, case_id=case_id)


def tell_district(session: Session, kind: str, text: str, *, now: datetime, case_id: UUID | None = None) -> None:
    """Leave a notice for the district's duty list: every active district office."""
    for org_id in session.scalars(select(Org.id).where(Org.kind == "district", Org.active)):
        tell(session, org_id, kind, text, now=now, case_id=case_id)


def remind_district(session: Session, kind: str, text: str, *, now: datetime) -> None:
    """Tell the district, and its director, that things of a kind are late (D5, D8).

    One notice a day with the same words, as long as nobody has read it: what is late stands on the desk's own list, and
    the tenth notice would say nothing that the first did not.
    """
    for org_id in remind_desk(session, kind, text, now=now):
        who = absences.all_standing_in(session, leaders.accounts(session, org_id, now), now=now)
        for account_id in dict.fromkeys(who.values()):
            tell(session, org_id, kind, text, now=now, account_id=account_id, group=False)


def remind_desk(session: Session, kind: str, text: str, *, now: datetime) -> list[int]:
    """Tell the district office of something on the desk's list; gives the offices that had to be told.

    One notice a day with the same words, as long as nobody has read it.
    """
    told = []
    for org_id in session.scalars(select(Org.id).where(Org.kind == "district", Org.active)).all():
        stands = select(Notice.id).where(
            Notice.org_id == org_id, Notice.account_id.is_(None), Notice.read_at.is_(None), Notice.kind == kind,
            Notice.text == text, Notice.created_at > now - A_DAY,
        )  # fmt: skip
        if session.scalars(stands.limit(1)).first() is None:
            tell(session, org_id, kind, text, now=now)
            told.append(org_id)
    return told


def tell_safety_office(session: Session, kind: str, text: str, *, now: datetime, case_id: UUID | None = None) -> None:
    """Tell the people of the safety office, each in person."""
    tell_holders(session, Role.SAFETY_OFFICE, kind, text, now=now, case_id=case_id)


def tell_holders(
    session: Session, role: Role, kind: str, text: str, *, now: datetime, case_id: UUID | None = None
) -> None:
    """Tell whoever holds a role in the district's own office, each in person."""
    for org_id in session.scalars(select(Org.id).where(Org.kind == "district", Org.active)):
        people = holders(session, org_id, role)
        tell_people(session, org_id, people, kind, text, now=now, case_id=case_id)


def holders(session: Session, org_id: int, *roles: Role) -> list[int]:
    """The active accounts of an office that hold one of the roles."""
    found = (
        select(Account.id)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(Account.org_id == org_id, Account.active, AccountRole.role.in_([str(role) for role in roles]))
    )
    return sorted(set(session.scalars(found)))


def unread(session: Session, *, by: Actor, limit: int, before: int | None = None) -> list[Notice]:
    """The newest notices for the actor, or for all of the actor's office, that nobody has read."""
    tied = exists().where(Case.id == Notice.case_id, ~ties.untied_to(by))
    statement = select(Notice).where(*_for(by), Notice.read_at.is_(None), ~tied)
    if before is not None:
        statement = statement.where(Notice.id < before)
    return list(session.scalars(statement.order_by(Notice.id.desc()).limit(limit)))


def mark_read(session: Session, notice_id: int, *, by: Actor, now: datetime) -> bool:
    """Note who read a notice first; False when it was read before or is another office's or person's."""
    done = session.execute(
        update(Notice)
        .where(Notice.id == notice_id, *_for(by), Notice.read_at.is_(None))
        .values(read_at=now, read_by=by.account_id)
        .returning(Notice.id)
    )
    return done.first() is not None


def _for(by: Actor) -> tuple[ColumnElement[bool], ...]:
    return (Notice.org_id == by.org_id, or_(Notice.account_id.is_(None), Notice.account_id == by.account_id))
