"""What becomes of notices on their way out: tries that failed, and who has read what (M74, M115).

A way that does not work is told inside the application, never through the way itself.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.orm import Session

from cases import notices, policy
from cases.models.case import Case, Notice
from cases.models.supervision import Delivery
from kit.errors import NotAllowed, Refusal
from people.actors import Actor
from people.models import Org
from people.roles import Role

KEEPERS = (Role.SAFETY_OFFICE, Role.SYSADMIN)
OF_ANY_OFFICE = (Role.SAFETY_OFFICE, Role.DISCIPLINE)
FAILING = "delivery_failing"
AGAIN_AFTER = timedelta(days=1)
WAYS = {"email": "邮件", "bot": "群机器人", "push": "浏览器推送"}
STATES: dict[str, ColumnElement[bool]] = {
    "waiting": Delivery.sent_at.is_(None) & Delivery.dropped_at.is_(None) & (Delivery.tries == 0),
    "failing": Delivery.sent_at.is_(None) & Delivery.dropped_at.is_(None) & (Delivery.tries > 0),
    "dropped": Delivery.dropped_at.is_not(None),
    "sent": Delivery.sent_at.is_not(None),
}


def note_failure(session: Session, delivery_id: UUID, failure: Exception, *, gives_up: bool, now: datetime) -> None:
    """Write on the delivery what this try died of; a way that fails for long is told to the district, once a day."""
    delivery = session.get_one(Delivery, delivery_id, with_for_update=True)
    delivery.tries, delivery.failed_at = delivery.tries + 1, now
    delivery.failure = f"{failure.code}: {failure.message}" if isinstance(failure, Refusal) else type(failure).__name__
    delivery.given_up_at = now if gives_up else None
    minutes: int = policy.value(session, "delivery_alarm_min", now)
    if now - delivery.created_at >= timedelta(minutes=minutes):
        _alarm(session, delivery.channel, now)


def in_state(
    session: Session, state: str, *, by: Actor, limit: int, after: tuple[datetime, UUID] | None = None
) -> Sequence[tuple[Delivery, Notice]]:
    """Deliveries that wait, fail, were dropped or were sent, the newest first, for the district's keepers of them.

    Raises NotAllowed for everybody else.
    """
    if by.org_kind != "district" or not by.has(*KEEPERS):
        raise NotAllowed("Deliveries are looked after by the district.")
    found = select(Delivery, Notice).join(Notice, Notice.id == Delivery.notice_id).where(STATES[state])
    if after is not None:
        found = found.where(tuple_(Delivery.created_at, Delivery.id) < after)
    rows = session.execute(found.order_by(Delivery.created_at.desc(), Delivery.id.desc()).limit(limit))
    return [(delivery, notice) for delivery, notice in rows]


def of_case(session: Session, case: Case, *, by: Actor) -> Sequence[tuple[Notice, list[Delivery]]]:
    """The notices about a case with what became of them: an office sees its own, the safety office all."""
    found = select(Notice).where(Notice.case_id == case.id)
    if not by.has(*OF_ANY_OFFICE):
        found = found.where(Notice.org_id == by.org_id)
    told = session.scalars(found.order_by(Notice.id)).all()
    sent: dict[int, list[Delivery]] = {}
    for delivery in _of([notice.id for notice in told], session, by):
        sent.setdefault(delivery.notice_id, []).append(delivery)
    return [(notice, sent.get(notice.id, [])) for notice in told]


def _of(notice_ids: Sequence[int], session: Session, by: Actor) -> Sequence[Delivery]:
    """Deliveries are the district's to read; an office knows of its notices what was read."""
    if by.org_kind != "district" and not by.has(Role.DISCIPLINE):
        return []
    found = select(Delivery).where(Delivery.notice_id.in_(notice_ids))
    return session.scalars(found.order_by(Delivery.created_at, Delivery.channel)).all()


def _alarm(session: Session, channel: str, now: datetime) -> None:
    text = f"{WAYS[channel]}通知持续发送失败，请检查发送设置；通知内容仍可在本系统内查看"
    told = select(Notice.id).where(Notice.kind == FAILING, Notice.text == text, Notice.created_at > now - AGAIN_AFTER)
    if session.scalars(told.limit(1)).first() is not None:
        return
    for org_id in session.scalars(select(Org.id).where(Org.kind == "district", Org.active)):
        notices.leave(session, org_id, FAILING, text, now=now)
