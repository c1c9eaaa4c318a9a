"""Q10: before a body is given a case, its people are compared with what they have declared.

Whoever is tied to it is kept away (cases/ties.py) and not told of it. Where nobody is left to lead, the safety office
hears of it at once and decides who deals with it instead.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import notices, ties
from cases.models.case import Case
from people.models import Account, Org
from people.roles import Role

LEADERS = (Role.TOWN_LEADER, Role.DEPT_LEADER)


def kept_away(session: Session, case: Case, org: Org, *, now: datetime) -> frozenset[int]:
    """Who of a body is tied to a case that it is being given; the safety office is told where all its leaders are."""
    officers = session.scalars(select(Account.id).where(Account.org_id == org.id, Account.active)).all()
    tied = frozenset(ties.among(session, case, officers))
    leaders = frozenset(notices.holders(session, org.id, *LEADERS)) if tied else frozenset()
    if leaders and leaders <= tied:
        text = f"案件 {case.number}：{org.name_zh}负责人均须回避，请改由其他单位办理"
        notices.tell_safety_office(session, "leaders_tied", text, now=now, case_id=case.id)
    return tied
