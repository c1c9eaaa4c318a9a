"""From the trail of a report to the devices that want to hear of it: a job for each, and never by night."""

import json
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from cases import policy, trail
from cases.journey import Step
from cases.kinds import Kind
from cases.models.job import Job
from cases.models.report import ReportEvent
from cases.models.subscription import Subscription
from cases.subscriptions.ways import WAYS
from kit.clock import LOCAL_ZONE
from kit.secrets import unseal
from kit.web_push import Gone

# What the house has done that its reporter wants to know; what a reporter does is no news to them.
NEWS = (
    Kind.ASKED, Kind.ANSWER_MISSED, Kind.ACCEPTED, Kind.REDIRECTED, Kind.NOT_ACCEPTED, Kind.REFUSAL_OVERTURNED,
    Kind.MIRRORED, Kind.REPLIED, Kind.REPORT_CLOSED, Kind.MESSAGE_SENT, Kind.REWARD_NOTIFIED, Kind.REWARD_REMINDED,
    Kind.REWARD_EXTENDED, Kind.REWARD_PAID, Kind.REWARD_FORFEITED, Kind.REWARD_REVOKED,
)  # fmt: skip
AT_ONCE = 500


def find_news(session: Session, *, now: datetime) -> None:
    """A job for each device with news that has none waiting; what is no news is passed over."""
    newer = (ReportEvent.report_id == Subscription.report_id) & (ReportEvent.seq > Subscription.seen_seq)
    is_news = func.bool_or(ReportEvent.kind.in_([str(kind) for kind in NEWS]))
    found = select(Subscription.id, func.max(ReportEvent.seq), is_news).join(ReportEvent, newer)
    for id_, seq, news in session.execute(found.group_by(Subscription.id).limit(AT_ONCE)).all():
        session.get_one(Subscription, id_).seen_seq = seq
        if news and not session.scalar(select(_has_job(id_))):
            trail.enqueue(session, Step.PUSH_NEWS, id_, now=now)


def tell(session: Session, subscription_id: UUID, *, now: datetime) -> None:
    """Tell one device that there is news, or at night in the morning; forget one that is gone. Raises Unavailable."""
    told = session.get(Subscription, subscription_id, with_for_update=True)
    if told is None:
        return
    rule = policy.value(session, "push", now)
    morning = _morning(now, rule["quiet_from"], rule["quiet_until"])
    if morning is not None:
        trail.enqueue(session, Step.PUSH_NEWS, told.id, now=now, due=morning)
        return
    message = {"kind": "news", "text": rule["en" if told.locale == "en" else "zh"], "url": "/"}
    content = json.dumps(message, ensure_ascii=False).encode()
    address = unseal("subscription", str(told.id), bytes(told.address))
    try:
        WAYS[told.way].send(address, content, keep_s=rule["keep_hours"] * 3600, now=now)
    except Gone:
        session.delete(told)


def _has_job(id_: UUID) -> exists:  # type: ignore[valid-type]
    return exists().where(
        Job.subject == id_, Job.step == str(Step.PUSH_NEWS), Job.done_at.is_(None), Job.failed_at.is_(None)
    )


def _morning(now: datetime, quiet_from: str, quiet_until: str) -> datetime | None:
    """When the night of `now` ends; None by day."""
    here = now.astimezone(LOCAL_ZONE)
    starts, ends = time.fromisoformat(quiet_from), time.fromisoformat(quiet_until)
    if here.time() >= starts:
        return datetime.combine(here.date() + timedelta(days=1), ends, LOCAL_ZONE)
    return datetime.combine(here.date(), ends, LOCAL_ZONE) if here.time() < ends else None
