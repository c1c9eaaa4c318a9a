"""The reporter is told of a reward under the code, reminded, and it is forfeited when the time is over (C11, F60)."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from cases import deadlines, policy, trail
from cases.journey import Kind, Step
from cases.lifecycle.reward import move
from cases.models.report import Report
from cases.models.reward import Reward
from cases.rewarding.find import of_report
from people.actors import SYSTEM, Actor

A_DAY = timedelta(days=1)


def notify(session: Session, report_id: UUID, *, now: datetime) -> None:
    """Tell the reporter, from which moment the time to claim runs; what comes later is put in now. Safe to repeat."""
    report = session.get_one(Report, report_id, with_for_update=True)
    reward = of_report(session, report)
    if reward is None or reward.state != "approved":
        return
    days, unit = reward.rule["claim_days"], reward.rule["claim_unit"]
    until = deadlines.add(now, days, unit, policy.calendar(session, now)).due_at
    move(session, report, reward, "notify", by=SYSTEM, now=now, writes={"claim_until": until})
    for after in reward.rule["remind_days"]:
        trail.enqueue(session, Step.REWARD_DUE, report.id, now=now, due=now + timedelta(days=after))
    trail.enqueue(session, Step.REWARD_DUE, report.id, now=now, due=until + timedelta(seconds=1))


def due(session: Session, report_id: UUID, *, now: datetime) -> None:
    """Remind the reporter of what is not claimed, or take it that nobody will. Safe to repeat: once for a day."""
    report = session.get_one(Report, report_id, with_for_update=True)
    reward = of_report(session, report)
    if reward is None or reward.state != "notified" or reward.claim_until is None:
        return
    if now > reward.claim_until:
        move(session, report, reward, "forfeit", by=SYSTEM, now=now)
    elif reward.reminded_at is None or reward.reminded_at + A_DAY <= now:
        reward.reminded_at = now
        trail.record(session, report, Kind.REWARD_REMINDED, by=SYSTEM, now=now, reward=str(reward.id))


def extend(
    session: Session, report: Report, reward: Reward, *, until: datetime, reason: str, by: Actor, now: datetime
) -> Reward:
    """More time to claim, for a good reason. Raises Invalid, Incomplete."""
    told = {"until": until.isoformat(), "why": reason}
    move(session, report, reward, "extend", by=by, now=now, until=until, reason=reason, writes={"claim_until": until},
         trail_=told)  # fmt: skip
    trail.enqueue(session, Step.REWARD_DUE, report.id, now=now, due=until + timedelta(seconds=1))
    return reward
