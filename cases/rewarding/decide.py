"""A reward is proposed by the desk, looked at by the legal review, allowed by the safety office: three people (C11)."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from cases import policy, trail
from cases.journey import Step
from cases.lifecycle.reward import move
from cases.models.report import Report
from cases.models.reward import Reward
from cases.rewarding.amounts import FEN
from cases.rewarding.vouchers import cancel, vouchers_of
from cases.rewarding.worth import Claimed, worth
from people.actors import Actor

OF_THE_PERSON = {"has_a_duty", "false_evidence"}
_UNDONE: dict[str, Any] = {"reviewed_by": None, "reviewed_at": None}


def propose(
    session: Session,
    report: Report,
    reward: Reward,
    claimed: Claimed,
    *,
    found_before: str,
    signers: int,
    note: str,
    by: Actor,
    now: datetime,
) -> Reward:
    """Say what was substantiated; the amount follows. Raises NotSubstantiated, FoundBefore, NotFinal, NoWorth."""
    fen = worth(session, reward, claimed, now=now)
    written = {
        "kind": claimed.kind, "facts": claimed.row(), "amount_fen": fen, "signers": signers, "note": note,
        "proposed_by": by.account_id, "proposed_at": now, **_UNDONE,
    }  # fmt: skip
    move(session, report, reward, "propose", by=by, now=now, writes=written, found_before=found_before,
          trail_={"yuan": fen // FEN, "kind": claimed.kind})  # fmt: skip
    return reward


def review(session: Session, report: Report, reward: Reward, *, by: Actor, now: datetime) -> Reward:
    """The legal review agrees. Raises SamePerson, NotSubstantiated."""
    move(session, report, reward, "review", by=by, now=now, writes={"reviewed_by": by.account_id, "reviewed_at": now})
    return reward


def send_back(session: Session, report: Report, reward: Reward, *, reason: str, by: Actor, now: datetime) -> Reward:
    """It has to be proposed again. Raises Incomplete."""
    move(session, report, reward, "send_back", by=by, now=now, writes=_UNDONE, reason=reason, trail_={"why": reason})
    return reward


def approve(session: Session, report: Report, reward: Reward, *, by: Actor, now: datetime) -> Reward:
    """The safety office allows it; its reporter is told next. Raises SamePerson, Changed, NotFinal."""
    written = {"approved_by": by.account_id, "approved_at": now}
    worth_now = worth(session, reward, Claimed.read(reward.facts or {}), now=now)
    move(session, report, reward, "approve", by=by, now=now, writes=written, worth_now=worth_now)
    return reward


def refuse(session: Session, report: Report, reward: Reward, *, reason: str, by: Actor, now: datetime) -> Reward:
    """There is none, for a reason of the list. Where it lies with the person, the next reporter's turn has come (C11).

    Raises UnknownReason.
    """
    _end(session, report, reward, "refuse", reason, by=by, now=now)
    if reason in OF_THE_PERSON:
        trail.enqueue(session, Step.OPEN_REWARD, reward.case_id, now=now)
    return reward


def revoke(session: Session, report: Report, reward: Reward, *, reason: str, by: Actor, now: datetime) -> Reward:
    """It is taken back, with the vouchers nobody was paid yet. Raises UnknownReason, SamePerson, PaidAlready."""
    vouchers = vouchers_of(session, reward)
    _end(session, report, reward, "revoke", reason, by=by, now=now, vouchers=vouchers)
    for voucher in vouchers:
        cancel(voucher, by=by, now=now)
    return reward


def _end(
    session: Session, report: Report, reward: Reward, name: str, reason: str, *, by: Actor, now: datetime, **facts: Any
) -> None:
    policy.reason(session, "reward_end", reason, now)
    written = {"ended_by": by.account_id, "ended_at": now, "reason": reason}
    move(session, report, reward, name, by=by, now=now, writes=written, reason=reason, trail_={"why": reason}, **facts)
