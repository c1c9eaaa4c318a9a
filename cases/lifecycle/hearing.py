"""F29: a penalty is decided once its party has had its time to defend itself, and to ask for a hearing where it may."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from cases import deadlines, policy
from cases.deadlines import Unit
from cases.lifecycle.guards import Incomplete
from cases.models.penalty import Penalty
from kit.errors import Conflict, Invalid


class TimeToBeHeard(Conflict):
    """The party may still defend itself, or ask for a hearing; `until` says how long."""

    code = "penalty.time_to_be_heard"
    message = "The party may still defend itself, or ask for a hearing."


class NotHeldYet(Conflict):
    """A hearing has no record before its time has come; `at` says when that is."""

    code = "penalty.hearing_not_held_yet"
    message = "The hearing has not been held yet."


class HearingTooSoon(Invalid):
    """The party is told of a hearing so many working days before it is held; `earliest` says when it may be."""

    code = "penalty.hearing_too_soon"
    message = "The hearing is set for a time by which its party has not had the days that the law gives it."
    pointer = "/at"


def told_in_time(*, session: Session, at: datetime, now: datetime, **_: Any) -> None:
    """F29: seven working days before, as policy says, so that the party can prepare and come."""
    days = policy.value(session, "hearing_notice_work_d", now)
    earliest = deadlines.add(now, days, Unit.WORK_D, policy.calendar(session, now)).due_at
    if at < earliest:
        raise HearingTooSoon(earliest=earliest.isoformat())


def was_held(thing: Penalty, *, now: datetime) -> None:
    """F29: what has a record has taken place: the party was there, or could have been. Raises NotHeldYet."""
    if thing.hearing_at is None or now < thing.hearing_at:
        raise NotHeldYet(at=thing.hearing_at and thing.hearing_at.isoformat())


def party_had_its_time(
    *, session: Session, thing: Penalty, kinds: Collection[str], fine_fen: int, confiscated_fen: int, now: datetime,
    **_: Any,
) -> None:  # fmt: skip
    """F29: a hearing was held; or what the party has stated is on record, or its time for that is over.

    Before a heavy penalty the time in which a hearing may be asked for is over as well, whatever was stated.
    """
    if thing.hearing_record:
        return
    if is_heavy(session, thing, kinds, fine_fen=fine_fen, confiscated_fen=confiscated_fen, now=now):
        _over(session, thing, policy.value(session, "hearing", now)["request_work_d"], now)
    if not (thing.defence or "").strip():
        _over(session, thing, policy.value(session, "defence_work_d", now), now)


def is_heavy(
    session: Session, thing: Penalty, kinds: Collection[str], *, fine_fen: int, confiscated_fen: int, now: datetime
) -> bool:
    """Whether the law gives the party a hearing: by the kind of the penalty, or by an amount, in whole fen."""
    heavy = policy.value(session, "hearing", now)
    from_fen = heavy["from_fen"][thing.party_kind]
    return bool({*heavy["kinds"]} & {*kinds}) or max(fine_fen, confiscated_fen) >= from_fen


def _over(session: Session, thing: Penalty, days: int, now: datetime) -> None:
    if thing.notified_at is None:
        raise Incomplete("The party has not been told.", missing=["notice"])
    until = deadlines.add(thing.notified_at, days, Unit.WORK_D, policy.calendar(session, now)).due_at
    if now < until:
        raise TimeToBeHeard(until=until.isoformat())
