"""The life of a penalty (C4.5) as a table, with its three clocks: 90 days, 7 and 3 working days (F24, F12, F25)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.journey import Kind
from cases.lifecycle import beside, powers
from cases.lifecycle.beside import NEW, BesideMove
from cases.lifecycle.guards import Incomplete, SamePerson, of_a_tasked_body
from cases.lifecycle.hearing import party_had_its_time, told_in_time
from cases.lifecycle.machine import Move
from cases.lifecycle.owing import handled_or_owed
from cases.lifecycle.rounds import came_back, of_this_round
from cases.models.case import Case
from cases.models.handling import Visit
from cases.models.penalty import Penalty
from people.actors import Actor
from people.roles import Role

FINE, CONFISCATION = "fine", "confiscation"
_OFFICERS = frozenset({Role.TOWN_OFFICER, Role.DEPT_OFFICER})
_LEADERS = frozenset({Role.TOWN_LEADER, Role.DEPT_LEADER})
_OPEN = frozenset({"filed", "investigated", "notified", "hearing"})
_DECIDED = frozenset({"decided", "served", "executed"})


def may_penalise(*, session: Session, thing: Penalty, now: Any, **_: Any) -> None:
    """F19: the body may decide penalties on this day, of its own power or by a delegation."""
    powers.may_penalise(session, thing.org_id, now)


def checked_on_site(*, session: Session, case: Case, thing: Penalty, **_: Any) -> None:
    """M61: only an enforcement check can support a penalty; a patrol or a plain verification cannot.

    What was committed anew was checked anew (T18).
    """
    checks = select(Visit.id).where(Visit.case_id == case.id, Visit.supports_penalty, Visit.completed_at.is_not(None))
    if case.reopened_at is not None and thing.filed_at > case.reopened_at and came_back(session, case):
        checks = checks.where(of_this_round(case, Visit.started_at))
    if session.scalars(checks.limit(1)).first() is None:
        raise Incomplete("A penalty rests on a completed enforcement check.", missing=["enforcement_visit"])


def not_an_investigator(*, thing: Penalty, by: Actor, **_: Any) -> None:
    """C2: whoever investigated does not decide."""
    if by.is_person(*_investigators(thing)):
        raise SamePerson("Whoever investigated does not decide.")


def has_each_power(*, session: Session, thing: Penalty, powers_used: Sequence[Any], now: Any, **_: Any) -> None:
    """F19, M58: each kind of the decision is in the body's power on the day."""
    for power in powers_used:
        powers.source_of(session, thing.org_id, power, now)


def decision_is_whole(
    *, number: str, kinds: Sequence[str], fine_fen: int, confiscated_fen: int, **_: Any
) -> None:  # fmt: skip
    """G-PEN: number and kinds; an amount in fen just where the kind has one."""
    missing = ["number"] * (not number.strip()) + ["kinds"] * (not kinds)
    missing += ["fine_fen"] * ((FINE in kinds) != (fine_fen > 0))
    missing += ["confiscated_fen"] * (confiscated_fen > 0 and CONFISCATION not in kinds)
    if missing:
        raise Incomplete("The decision is not whole.", missing=missing, pointer=f"/{missing[0]}")


def hearing_was_held(*, thing: Penalty, **_: Any) -> None:
    """F29: no decision while a hearing that was asked for has no record."""
    if thing.state == "hearing" and not (thing.hearing_record or "").strip():
        raise Incomplete("The hearing has no record yet.", missing=["hearing_record"])


def waiver_stands(*, thing: Penalty, **_: Any) -> None:
    """F22: a leader has proposed a waiver with its conditions, and no legal reviewer has decided on it yet."""
    if thing.waived_by is None or thing.reviewed_by is not None:
        raise Incomplete("Nobody has proposed not to penalise.", missing=["waiver"])


def waived_by_another(*, thing: Penalty, by: Actor, **_: Any) -> None:
    """F22: the legal reviewer who decides on a waiver is another person."""
    if by.is_person(thing.waived_by, *_investigators(thing)):
        raise SamePerson("The legal reviewer is another person.")


def _investigators(thing: Penalty) -> set[int]:
    """Who has had a hand in the track, also those who have handed it over since."""
    return {thing.filed_by, *thing.officer_ids, *thing.former_ids}


PENALTY_MOVES: dict[str, BesideMove] = {
    "file": BesideMove(
        "C4.5", frozenset({NEW}), "filed", _OFFICERS,
        guards=(handled_or_owed, of_a_tasked_body, may_penalise, powers.two_certified),
        entry=Kind.PENALTY_FILED, starts=("penalty",),
    ),
    "investigate": BesideMove(
        "C4.5", frozenset({"filed"}), "investigated", _OFFICERS,
        guards=(beside.of_its_organ, powers.two_certified, checked_on_site), entry=Kind.PENALTY_INVESTIGATED,
    ),
    # Two certified officers go on with it where one of those who began has left (F21): else nobody could decide.
    "hand_over": BesideMove(
        "F21", _OPEN, "", _LEADERS, stays=True, guards=(beside.of_its_organ, powers.two_certified, beside.reasoned),
        entry=Kind.PENALTY_HANDED_OVER,
    ),
    "notify": BesideMove(
        "F29", frozenset({"investigated"}), "notified", _OFFICERS, guards=(beside.of_its_organ,),
        entry=Kind.PENALTY_NOTIFIED,
    ),
    "grant_hearing": BesideMove(
        "F29", frozenset({"notified"}), "hearing", _OFFICERS, guards=(beside.of_its_organ, told_in_time),
        entry=Kind.HEARING_GRANTED,
    ),
    "decide": BesideMove(
        "F24", frozenset({"notified", "hearing"}), "decided", _LEADERS,
        guards=(beside.of_its_organ, not_an_investigator, hearing_was_held, decision_is_whole, party_had_its_time,
                has_each_power, powers.two_certified),
        entry=Kind.PENALTY_DECIDED, stops=("penalty",), starts=("publish_penalty",),
    ),
    "waive": BesideMove(
        "F22", _OPEN, "not_penalised", frozenset({Role.LEGAL_REVIEWER}),
        guards=(waiver_stands, waived_by_another),
        entry=Kind.PENALTY_WAIVED, stops=("penalty",),
    ),
    # The track stays where it is, and its 90 days go on: the leader who proposed goes on with it, or proposes better.
    "refuse_waiver": BesideMove(
        "F22", _OPEN, "", frozenset({Role.LEGAL_REVIEWER}), stays=True,
        guards=(waiver_stands, waived_by_another, beside.reasoned),
        entry=Kind.WAIVER_REFUSED,
    ),
    "serve": BesideMove(
        "C4.5", frozenset({"decided"}), "served", _OFFICERS, guards=(beside.of_its_organ,), entry=Kind.PENALTY_SERVED,
    ),
    "execute": BesideMove(
        "C4.5", frozenset({"served"}), "executed", _OFFICERS, guards=(beside.of_its_organ,),
        entry=Kind.PENALTY_EXECUTED,
    ),
    "revoke": BesideMove(
        "F25", _DECIDED, "revoked", _LEADERS, guards=(beside.of_its_organ,), entry=Kind.PENALTY_REVOKED,
        stops=("publish_penalty",), starts=("withdraw_publication",),
    ),
}  # fmt: skip
# Acts that leave the penalty in its state: who may do them, and in which.
WAIVER_PROPOSAL = Move("F22", _OPEN, "", _LEADERS)
DEFENCE = Move("F29", frozenset({"notified", "hearing"}), "", _OFFICERS)
HEARING_RECORD = Move("F29", frozenset({"hearing"}), "", _OFFICERS)  # of a hearing that was granted, and was held
PUBLICATION = Move("F12", frozenset({"served", "executed"}), "", _OFFICERS)  # its party has it first (X46)
WITHDRAWAL = Move("F25", frozenset({"revoked"}), "", _OFFICERS)
