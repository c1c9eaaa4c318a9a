"""The lives of a reward and of its vouchers as tables (C11): proposed, looked at and allowed by three, claimed, paid.

The reward lies with the report; finance sees vouchers only, and a voucher knows neither report nor case (X38).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from cases import trail
from cases.journey import Kind
from cases.lifecycle import machine
from cases.lifecycle.beside import NEW
from cases.lifecycle.guards import Incomplete, SamePerson
from cases.lifecycle.machine import Move
from cases.models.report import Report
from cases.models.reward import Reward, Voucher
from kit.errors import Conflict, Invalid, NotAllowed
from people.actors import Actor
from people.roles import Role

_DESK = frozenset({Role.INTAKE_OFFICER})
_LEGAL = frozenset({Role.LEGAL_REVIEWER})
_OFFICE = frozenset({Role.SAFETY_OFFICE})
_FINANCE = frozenset({Role.FINANCE})
SUBSTANTIATED = ("substantiated", "partly")


class NotSubstantiated(Conflict):
    """What was reported has to be so, and its reporter has to stand by it (C11)."""

    code = "reward.not_substantiated"
    message = "The report is withdrawn, or what it said was not found to be so."


class FoundBefore(Conflict):
    """What had been found and was being handled already is not rewarded (F59)."""

    code = "reward.found_before"
    message = "This had been found and was being handled before the report."


class Changed(Conflict):
    """What the amount was computed from is not so any more."""

    code = "reward.changed"
    message = "The decisions that this amount rests on have changed since; send it back."


class TooLate(Conflict):
    """The time to claim is over (F60)."""

    code = "claim.too_late"
    message = "The time to claim is over."


class NotOver(Conflict):
    """What can still be claimed is not forfeited."""

    code = "reward.not_over"
    message = "The time to claim is not over."


class Undeclared(Invalid):
    """Whoever has to supervise safety, or is close to one who has, is paid nothing (F60)."""

    code = "claim.undeclared"
    message = "Declare that neither you nor a close relative has a duty of supervision here."
    pointer = "/declares_no_duty"


class PaidAlready(Conflict):
    """What was paid is not taken back by this act."""

    code = "reward.paid_already"
    message = "A voucher of this reward has been paid."


class WrongCode(NotAllowed):
    """Whoever collects a voucher says its code, and shows the document that they had named."""

    code = "voucher.wrong_code"
    message = "This is not the code of this voucher, or not the person who was to collect it."


def stands(*, report: Report, **_: Any) -> None:
    """C11: the facts are substantiated, and the report is not withdrawn."""
    if report.outcome not in SUBSTANTIATED or report.state == "withdrawn":
        raise NotSubstantiated


def not_found_before(*, found_before: str, **_: Any) -> None:
    """F59: not known to the unit or a department, or known and not dealt with."""
    if found_before == "and_handled":
        raise FoundBefore


def by_another(*, thing: Reward, by: Actor, **_: Any) -> None:
    """C11: nobody looks at what they proposed, or allows what they proposed or looked at."""
    if by.is_person(thing.proposed_by, thing.reviewed_by):
        raise SamePerson("Somebody else has to do this.")


def not_who_approved(*, thing: Reward, by: Actor, **_: Any) -> None:
    """C11: whoever allowed it does not take it back alone."""
    if by.is_person(thing.approved_by):
        raise SamePerson("Whoever approved a reward does not revoke it.")


def still_worth_it(*, thing: Reward, worth_now: int, **_: Any) -> None:
    """C11: what it was computed from still stands; a decision may have been revoked since."""
    if worth_now != thing.amount_fen:
        raise Changed


def in_time(*, thing: Reward, now: datetime, **_: Any) -> None:
    """F60: within the days that the reporter was told."""
    if thing.claim_until is None or now > thing.claim_until:
        raise TooLate


def time_is_over(*, thing: Reward, now: datetime, **_: Any) -> None:
    """F60: not before they are over."""
    if thing.claim_until is None or now <= thing.claim_until:
        raise NotOver


def declared(*, declares_no_duty: bool, **_: Any) -> None:
    """F60: no duty of supervision, no close relative, no straw person."""
    if not declares_no_duty:
        raise Undeclared


def later(*, thing: Reward, until: datetime, now: datetime, **_: Any) -> None:
    """F60: an extension ends later than what it extends."""
    if thing.claim_until is None or until <= max(thing.claim_until, now):
        raise Invalid("This is not later than before.", pointer="/until")


def reasoned(*, reason: str, **_: Any) -> None:
    """In words, why."""
    if not reason.strip():
        raise Incomplete("Say why.", missing=["reason"], pointer="/reason")


def nothing_is_paid(*, vouchers: Sequence[Voucher], **_: Any) -> None:
    """C11: only what nobody has been paid is revoked."""
    if any(voucher.state == "paid" for voucher in vouchers):
        raise PaidAlready


def are_paid(vouchers: Sequence[Voucher]) -> bool:
    """Whether there are vouchers and each of them is paid."""
    return bool(vouchers) and all(voucher.state == "paid" for voucher in vouchers)


def all_is_paid(*, vouchers: Sequence[Voucher], **_: Any) -> None:
    """C11: it is paid when each voucher is."""
    if not are_paid(vouchers):
        raise NotOver("Not every voucher is paid.")


def code_fits(*, fits: bool, **_: Any) -> None:
    """F56: the money goes to whoever knows the code, to the one who was named if somebody was, and to nobody else."""
    if not fits:
        raise WrongCode


def paid_by_another(*, thing: Voucher, by: Actor, **_: Any) -> None:
    """C11: one person prepares a payment, another makes it."""
    if by.is_person(thing.prepared_by):
        raise SamePerson("Whoever prepared a payment does not make it.")


@dataclass(frozen=True)
class RewardMove(Move):
    """A row of the reward's machine, with its entry on the trail of the report."""

    entry: Kind = Kind.REWARD_OPENED


REWARD_MOVES: dict[str, RewardMove] = {
    "open": RewardMove("C11", frozenset({NEW}), "eligible", system=True, entry=Kind.REWARD_OPENED),
    "propose": RewardMove(
        "C11", frozenset({"eligible"}), "proposed", _DESK, guards=(stands, not_found_before),
        entry=Kind.REWARD_PROPOSED,
    ),
    "review": RewardMove(
        "C11", frozenset({"proposed"}), "reviewed", _LEGAL, guards=(by_another, stands), entry=Kind.REWARD_REVIEWED
    ),
    "send_back": RewardMove(
        "C11", frozenset({"proposed", "reviewed"}), "eligible", _LEGAL | _OFFICE, guards=(reasoned,),
        entry=Kind.REWARD_SENT_BACK,
    ),
    "approve": RewardMove(
        "C11", frozenset({"reviewed"}), "approved", _OFFICE, guards=(by_another, stands, still_worth_it),
        entry=Kind.REWARD_APPROVED,
    ),
    "refuse": RewardMove(
        "C11", frozenset({"eligible", "proposed", "reviewed"}), "refused", _OFFICE, guards=(reasoned,),
        entry=Kind.REWARD_REFUSED,
    ),
    "notify": RewardMove("C11", frozenset({"approved"}), "notified", system=True, entry=Kind.REWARD_NOTIFIED),
    "extend": RewardMove(
        "F60", frozenset({"notified"}), "notified", _OFFICE, guards=(later, reasoned), entry=Kind.REWARD_EXTENDED
    ),
    "claim": RewardMove(
        "C11", frozenset({"notified"}), "claimed", citizen=True, guards=(in_time, declared), entry=Kind.REWARD_CLAIMED
    ),
    "forfeit": RewardMove(
        "F60", frozenset({"notified"}), "forfeited", system=True, guards=(time_is_over,), entry=Kind.REWARD_FORFEITED
    ),
    "pay": RewardMove(
        "C11", frozenset({"claimed"}), "paid", system=True, guards=(all_is_paid,), entry=Kind.REWARD_PAID
    ),
    "revoke": RewardMove(
        "C11", frozenset({"approved", "notified", "claimed"}), "revoked", _OFFICE,
        guards=(not_who_approved, reasoned, nothing_is_paid), entry=Kind.REWARD_REVOKED,
    ),
}  # fmt: skip

VOUCHER_MOVES: dict[str, Move] = {
    "issue": Move("C11", frozenset({NEW}), "issued", citizen=True),
    "hold": Move("F60", frozenset({NEW}), "held", citizen=True),  # drawn by lot: somebody asks first
    "release": Move("F60", frozenset({"held"}), "issued", _OFFICE, guards=(reasoned,)),
    "prepare": Move("C11", frozenset({"issued"}), "prepared", _FINANCE, guards=(code_fits,)),
    "pay": Move("C11", frozenset({"prepared"}), "paid", _FINANCE, guards=(paid_by_another,)),
    "cancel": Move("C11", frozenset({"held", "issued", "prepared"}), "cancelled", _OFFICE),
}


def move(
    session: Session,
    report: Report,
    reward: Reward,
    name: str,
    *,
    by: Actor,
    now: datetime,
    writes: Mapping[str, Any] | None = None,
    trail_: Mapping[str, Any] | None = None,
    **facts: Any,
) -> None:
    """Make the named move on a reward; the caller has locked it and its report. `facts` go to the guards.

    Raises NotInState, NotYourRole, or the refusal of the guard that does not hold; then nothing has changed.
    """
    row = REWARD_MOVES[name]
    machine.check(reward, row, by=by)
    machine.hold(row, session=session, report=report, thing=reward, by=by, now=now, **facts)
    for column, value in (writes or {}).items():
        setattr(reward, column, value)
    machine.apply(reward, row)
    trail.record(session, report, row.entry, by=by, now=now, rule=row.rule, reward=str(reward.id), **(trail_ or {}))


def move_voucher(
    voucher: Voucher, name: str, *, by: Actor, writes: Mapping[str, Any] | None = None, **facts: Any
) -> None:
    """Make the named move on a locked voucher; raises as `move` does. It has no trail, for it names nobody's case."""
    row = VOUCHER_MOVES[name]
    machine.check(voucher, row, by=by)
    machine.hold(row, thing=voucher, by=by, **facts)
    for column, value in (writes or {}).items():
        setattr(voucher, column, value)
    machine.apply(voucher, row)
