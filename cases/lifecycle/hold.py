"""The life of a hold (缓办, T19, D6) as a table: asked for with its reason and what keeps people safe, then decided.

The case's own moves `hold` and `resume` go with `approve`, and with what ends it. A department asks for its own answer
alone: its case goes on in the hands of the others.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from cases import deadlines, policy
from cases.journey import Kind
from cases.lifecycle import decision
from cases.lifecycle.beside import NEW, BesideMove
from cases.lifecycle.guards import Incomplete, NotYourBody, SamePerson, commented
from cases.models.case import OVER, Case, Task
from cases.models.pause import Hold
from kit.clock import LOCAL_ZONE
from kit.errors import Conflict, Invalid
from people.actors import Actor
from people.models import Account
from people.roles import Role

HOLDABLE = frozenset({"signed", "verifying", "verdict_review", "rectifying", "acceptance"})
# A request may wait while the case is elsewhere for a time; from any other state it has lapsed.
WAITING = HOLDABLE | {"dispatched", "arbitrating", "referred"}
# A department answers from the dispatch on, until the case is closed; on hold its time stands still already.
ANSWERING = HOLDABLE | {"dispatched", "referred", "closure_review"}
LIVE = ("open", "signed")
_ASKERS = frozenset({Role.TOWN_OFFICER, Role.TOWN_LEADER, Role.DEPT_OFFICER, Role.DEPT_LEADER})
_OFFICE = frozenset({Role.SAFETY_OFFICE})


class NotHoldable(Conflict):
    """A case is held while its office has it in hand, and not once it is done with."""

    code = "hold.not_from_here"
    message = "The case is not in a state from which it is held."


class NeverPaused(Conflict):
    """特急 is never held (T19, D6)."""

    code = "hold.immediate"
    message = "An immediate case is never held."


class HoldOver(Conflict):
    """The review date has come, or whoever asked has the case no more: nothing is left to decide."""

    code = "hold.over"
    message = "The time of this hold is over."


class NotOver(Conflict):
    """What runs on rightly is not ended by the system."""

    code = "hold.not_over"
    message = "The time of this hold is not over."


class ReviewOutOfRange(Invalid):
    """The review date is past, no later than the one before, or further ahead than policy allows (T19)."""

    code = "hold.review_out_of_range"
    message = "The review date is outside what is allowed."
    pointer = "/review_on"


def of_its_body(*, session: Session, case: Case, thing: Hold, by: Actor, **_: Any) -> None:
    """T19: the body that answers for the case; the department whose task alone is to wait."""
    if by.org_id != _whose(session, case, thing):
        raise NotYourBody


def may_be_held(*, case: Case, thing: Hold, **_: Any) -> None:
    """T19: from the signature to the acceptance; a department's answer as long as it is awaited."""
    if case.state not in (HOLDABLE if thing.task_id is None else ANSWERING):
        raise NotHoldable(state=case.state)


def never_immediate(*, case: Case, **_: Any) -> None:
    """T19, D6: 特急 never pauses."""
    if case.urgency == "immediate":
        raise NeverPaused


def for_a_reason(*, session: Session, thing: Hold, now: datetime, **_: Any) -> None:
    """T19: an appraisal, a court, the season or an approved plan with its money; explained in words."""
    policy.reason(session, "hold", thing.reason_code, now)
    if not thing.note.strip():
        raise Incomplete("Say what is waited for.", missing=["note"], pointer="/note")


def safe_meanwhile(*, thing: Hold, **_: Any) -> None:
    """T19: what keeps people safe until then is in place."""
    if not thing.interim_measures.strip():
        raise Incomplete(
            "Name the interim safety measures.", missing=["interim_measures"], pointer="/interim_measures"
        )  # fmt: skip


def nothing_undecided(*, session: Session, case: Case, thing: Hold, **_: Any) -> None:
    """M40: what must be decided after a failed acceptance is decided first, and not set aside."""
    if thing.task_id is None:
        decision.consequence_taken(session=session, case=case)


def reviewed_in_time(*, session: Session, thing: Hold, review_at: datetime, now: datetime, **_: Any) -> None:
    """T19: looked at again after at most 90 days (policy `hold_review_days`), and later than agreed before."""
    most = policy.value(session, "hold_review_days", now)
    latest = deadlines.end_of(now.astimezone(LOCAL_ZONE).date() + timedelta(days=most))
    before = thing.review_at if thing.state == "active" else now
    if not max(before, now) < review_at <= latest:
        raise ReviewOutOfRange(latest=deadlines.last_day(latest).isoformat())


def not_by_who_asked(*, thing: Hold, by: Actor, **_: Any) -> None:
    """C2: whoever asked does not decide."""
    if by.is_person(thing.requested_by):
        raise SamePerson("Whoever asked for a hold does not approve it.")


def still_wanted(*, session: Session, case: Case, thing: Hold, now: datetime, **_: Any) -> None:
    """T19: before its review date, and while the body that asked has the case."""
    if now >= thing.review_at or not asked_by_owner(session, case, thing):
        raise HoldOver


def not_over(*, thing: Hold, now: datetime, **_: Any) -> None:
    """T19: at the review date it ends by itself; it is renewed before."""
    if now >= thing.review_at:
        raise HoldOver


def over(*, session: Session, case: Case, thing: Hold, now: datetime, **_: Any) -> None:
    """T19, D6: the system ends what is over, and nothing else."""
    if not is_over(session, case, thing, now=now):
        raise NotOver


def lapsed(*, session: Session, case: Case, thing: Hold, now: datetime, **_: Any) -> None:
    """T19: the system lets go of a request that nobody may approve any more."""
    if not has_lapsed(session, case, thing, now=now):
        raise NotOver


def is_over(session: Session, case: Case, hold: Hold, *, now: datetime) -> bool:
    """Whether its review date has come, the case has become immediate (D6), or the department has nothing to answer."""
    done = hold.task_id is not None and not _is_live(session, hold)
    return done or now >= hold.review_at or case.urgency == "immediate"


def has_lapsed(session: Session, case: Case, hold: Hold, *, now: datetime) -> bool:
    """Whether a request can never be approved: over before it began, or the case has gone on, or to another body."""
    left = case.state in OVER if hold.task_id is not None else case.state not in WAITING
    return left or is_over(session, case, hold, now=now) or not asked_by_owner(session, case, hold)


def asked_by_owner(session: Session, case: Case, hold: Hold) -> bool:
    """Whether the body that asked still answers for the case, or for the task."""
    asker = session.get(Account, hold.requested_by)
    return asker is not None and asker.org_id == _whose(session, case, hold)


def _whose(session: Session, case: Case, hold: Hold) -> int | None:
    if hold.task_id is None:
        return case.responsible_org_id
    return session.get_one(Task, hold.task_id).org_id if _is_live(session, hold) else None


def _is_live(session: Session, hold: Hold) -> bool:
    return session.get_one(Task, hold.task_id).state in LIVE


HOLD_MOVES: dict[str, BesideMove] = {
    "request": BesideMove(
        "T19", frozenset({NEW}), "requested", _ASKERS,
        guards=(of_its_body, may_be_held, never_immediate, for_a_reason, safe_meanwhile, nothing_undecided,
                reviewed_in_time),
        entry=Kind.HOLD_REQUESTED,
    ),
    "withdraw": BesideMove(
        "T19", frozenset({"requested"}), "ended", _ASKERS, guards=(of_its_body,), entry=Kind.HOLD_WITHDRAWN,
    ),
    "approve": BesideMove(
        "T19", frozenset({"requested"}), "active", _OFFICE,
        guards=(not_by_who_asked, still_wanted, may_be_held, never_immediate, nothing_undecided),
        entry=Kind.HOLD_APPROVED,
    ),
    "refuse": BesideMove(
        "T19", frozenset({"requested"}), "refused", _OFFICE, guards=(not_by_who_asked, commented),
        entry=Kind.HOLD_REFUSED,
    ),
    "renew": BesideMove(
        "T19", frozenset({"active"}), "active", _OFFICE,
        guards=(not_by_who_asked, not_over, never_immediate, commented, reviewed_in_time), entry=Kind.HOLD_RENEWED,
    ),
    "end": BesideMove(
        "T19", frozenset({"active"}), "ended", _OFFICE, guards=(commented,), entry=Kind.HOLD_ENDED,
    ),
    "run_out": BesideMove(
        "T19", frozenset({"active"}), "ended", system=True, guards=(over,), entry=Kind.HOLD_ENDED,
    ),
    "lapse": BesideMove(
        "T19", frozenset({"requested"}), "ended", system=True, guards=(lapsed,), entry=Kind.HOLD_LAPSED,
    ),
}  # fmt: skip
