"""The life of an extension (D7, X15) as a table: asked for in good time, decided one level up, the old date kept.

The time of a whole case is extended by the safety office alone, within a limit of its own (F32, F39), and its
reporters are told. A request for a deadline that has been met, missed, moved or held lapses: nobody could grant it any
more.
"""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from cases import deadlines, ladder, policy
from cases.journey import Kind
from cases.lifecycle import beside
from cases.lifecycle.beside import NEW, BesideMove
from cases.lifecycle.guards import Incomplete, NotYourBody, SamePerson, WrongLevel, of_a_tasked_body
from cases.models.case import Case, Clock
from cases.models.pause import Extension
from kit.errors import Conflict, Invalid
from people.actors import Actor
from people.roles import Role

LEADERS = frozenset({Role.TOWN_LEADER, Role.DEPT_LEADER})
WHOLE = "total"  # the time from the report to its reply
_ASKERS = LEADERS | {Role.TOWN_CLERK, Role.TOWN_OFFICER, Role.DEPT_OFFICER, Role.SAFETY_OFFICE}
_DECIDERS = LEADERS | {Role.SAFETY_OFFICE}


class NotExtendable(Invalid):
    """This deadline is none of those that policy lets be extended, or it does not run (D7)."""

    code = "extension.not_extendable"
    message = "This deadline cannot be extended."
    pointer = "/clock_id"


class TooLateToGrant(Conflict):
    """The deadline has passed, or what it was for is done: nothing is left to extend, and a miss stays one (D9)."""

    code = "extension.too_late_to_grant"
    message = "The deadline has passed or has been met: there is nothing left to extend."


class StillGrantable(Conflict):
    """The deadline runs as it did when more time was asked for: somebody is to decide, and not the system."""

    code = "extension.not_lapsed"
    message = "The request can still be decided."


def explained(*, thing: Extension, **_: Any) -> None:
    """D7: whoever asks says why."""
    if not thing.reason.strip():
        raise Incomplete("Say why more time is needed.", missing=["reason"], pointer="/reason")


def of_its_body(*, session: Session, case: Case, clock: Clock, by: Actor, **_: Any) -> None:
    """D7: the body that the clock runs against; for the whole case any that handles it, or the safety office."""
    if clock.kind != WHOLE:
        if by.org_id != (clock.org_id or case.responsible_org_id):
            raise NotYourBody
    elif not by.has(Role.SAFETY_OFFICE):
        of_a_tasked_body(session=session, case=case, by=by)


def in_good_time(*, session: Session, case: Case, thing: Extension, clock: Clock, now: datetime, **_: Any) -> None:
    """D7: of a running clock of the list, once, so many working days before its end, by at most its own length.

    The whole case by at most what its profile says of it (F32, F39).
    """
    if clock.stopped_at is not None or clock.kind not in policy.value(session, "extendable_clocks", now):
        raise NotExtendable
    deadlines.extended(
        clock.started_at, clock.due_at, thing.new_due_at, now=now, calendar=policy.calendar(session, now),
        notice_work_d=policy.value(session, "extension_notice_work_d", now)["default"],
        already=clock.extended_at is not None,
        latest=_latest(session, case, clock, now) if clock.kind == WHOLE else None,
    )  # fmt: skip


def _latest(session: Session, case: Case, clock: Clock, now: datetime) -> datetime:
    limit = policy.rule(policy.profile(session, case.profile_id), "total_extension", case.urgency)
    if limit is None:
        raise NotExtendable
    return ladder.after(clock.due_at, limit.amount, limit.unit, policy.calendar(session, now), roll=limit.roll)


def one_level_up(*, thing: Extension, clock: Clock, by: Actor, **_: Any) -> None:
    """D7: an officer's wish is decided by a leader of the body, a leader's by the safety office; nobody's own.

    Whoever asks for it, the time of the whole case is the safety office's to extend.
    """
    if by.is_person(thing.requested_by):
        raise SamePerson("Nobody grants an extension to themselves.")
    if is_for_the_office(thing, clock):
        if not by.has(Role.SAFETY_OFFICE):
            raise WrongLevel("A leader's request, and one for the whole case, are decided by the safety office.")
    elif not by.has(*LEADERS):
        raise WrongLevel("An officer's request is decided by the leader of their body.")
    elif by.org_id != thing.requested_org_id:
        raise NotYourBody


def is_for_the_office(wish: Extension, clock: Clock) -> bool:
    """Whether the safety office decides a request."""
    return wish.by_leader or clock.kind == WHOLE


def still_running(*, thing: Extension, clock: Clock, now: datetime, **_: Any) -> None:
    """D9: only a deadline that still runs and is not over is moved, and none that has been moved since."""
    if has_lapsed(thing, clock, now=now):
        raise TooLateToGrant


def lapsed(*, thing: Extension, clock: Clock, now: datetime, **_: Any) -> None:
    """D7: the system lets go of what nobody may grant any more, and of nothing else."""
    if not has_lapsed(thing, clock, now=now):
        raise StillGrantable


def has_lapsed(wish: Extension, clock: Clock, *, now: datetime) -> bool:
    """Whether the deadline was met, stands still under a hold (D6), is over (D9), or is another than was asked about.

    A calendar that arrives may move one (D2), a decision end one early; the asker may then ask anew.
    """
    gone = clock.stopped_at is not None or clock.extended_at is not None or now >= clock.due_at
    return gone or clock.due_at != wish.old_due_at


def argued(*, comment: str, **_: Any) -> None:
    """D7: a refusal has its reason."""
    if not comment.strip():
        raise Incomplete("Say why not.", missing=["comment"], pointer="/comment")


EXTENSION_MOVES: dict[str, BesideMove] = {
    "request": BesideMove(
        "D7", frozenset({NEW}), "requested", _ASKERS,
        guards=(beside.being_handled, of_its_body, explained, in_good_time), entry=Kind.EXTENSION_REQUESTED,
    ),
    "grant": BesideMove(
        "D7", frozenset({"requested"}), "granted", _DECIDERS, guards=(one_level_up, still_running),
        entry=Kind.EXTENSION_GRANTED,
    ),
    "refuse": BesideMove(
        "D7", frozenset({"requested"}), "refused", _DECIDERS, guards=(one_level_up, argued),
        entry=Kind.EXTENSION_REFUSED,
    ),
    "lapse": BesideMove(
        "D7", frozenset({"requested"}), "lapsed", system=True, guards=(lapsed,), entry=Kind.EXTENSION_LAPSED,
    ),
}  # fmt: skip
