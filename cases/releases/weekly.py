"""The weekly list: who asked to know who reported, why, how often, about which towns; told to the discipline body.

It names no report and no case (Q4: a count; security.md 3.1.4).
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cases import notices
from cases.models.case import Case
from cases.models.release import Release, ReleaseList
from cases.models.report import ReportCase
from kit.clock import LOCAL_ZONE
from kit.errors import NotAllowed
from people.actors import Actor
from people.models import Account, Org
from people.roles import Role

READERS = (Role.DISCIPLINE, Role.CUSTODIAN, Role.SAFETY_OFFICE)
WEEK = timedelta(days=7)
UNDECIDED_TOWN = "未定"


class NotForYou(NotAllowed):
    """The discipline body, the safety office and the custodians see these lists."""

    code = "release.lists_not_yours"
    message = "These lists are for the discipline body, the safety office and the custodians."


def list_week(session: Session, *, now: datetime) -> None:
    """Make the list of the week before this one, once, also when nothing was asked; tell the discipline body."""
    monday = _monday(now)
    week = (monday - WEEK).date()
    made = session.execute(
        insert(ReleaseList)
        .values(week=week, rows=_rows(session, monday - WEEK, monday), made_at=now)
        .on_conflict_do_nothing()
        .returning(ReleaseList.week)
    )
    if made.first() is not None:
        _tell(session, session.get_one(ReleaseList, week), now=now)


def lists(session: Session, *, by: Actor, limit: int, before: date | None = None) -> Sequence[ReleaseList]:
    """The weekly lists, the newest first. Raises NotForYou."""
    if not by.has(*READERS):
        raise NotForYou
    found = select(ReleaseList)
    if before is not None:
        found = found.where(ReleaseList.week < before)
    return session.scalars(found.order_by(ReleaseList.week.desc()).limit(limit)).all()


def _rows(session: Session, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """A row for each person, reason, town and what became of it, with how often."""
    found = session.execute(
        select(Release.asked_by, Account.name, Release.reason_code, Release.state, Org.name_zh)
        .join(Account, Account.id == Release.asked_by)
        .outerjoin(ReportCase, ReportCase.report_id == Release.report_id)
        .outerjoin(Case, Case.id == ReportCase.case_id)
        .outerjoin(Org, Org.id == Case.responsible_org_id)
        .where(Release.asked_at >= since, Release.asked_at < until)
    )
    counted = Counter((who, name, reason, state, town or UNDECIDED_TOWN) for who, name, reason, state, town in found)
    return [
        {"account_id": who, "name": name, "reason": reason, "state": state, "town": town, "times": times}
        for (who, name, reason, state, town), times in sorted(counted.items())
    ]


def _tell(session: Session, made: ReleaseList, *, now: datetime) -> None:
    asked = sum(row["times"] for row in made.rows)
    read = sum(row["times"] for row in made.rows if row["state"] == "read")
    words = f"{made.week.isoformat()}起一周内申请查阅举报人信息{asked}次，查阅{read}次，请查看清单"
    for org_id in session.scalars(select(Org.id).where(Org.active)):
        people = notices.holders(session, org_id, Role.DISCIPLINE)
        if people:
            notices.tell_people(session, org_id, people, "release_list", words, now=now)


def _monday(now: datetime) -> datetime:
    today = now.astimezone(LOCAL_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=today.weekday())
