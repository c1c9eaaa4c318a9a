"""Whoever holds both secrets of a report claims its reward, with or without a name (C11, F56, security.md §3.2)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from cases import lots
from cases.intake.codes import collection_code, is_claim_secret, voucher_number
from cases.intake.tracking import UnknownCode, by_code
from cases.lifecycle.beside import NEW
from cases.lifecycle.reward import TooLate, move, move_voucher
from cases.models.report import Report
from cases.models.reward import Reward, RewardShare, Voucher
from cases.rewarding.amounts import Rule, shares, within_the_cap
from cases.rewarding.find import of_report
from cases.rewarding.vouchers import code_mark, mark_of_payee, paid_in_the_month, vouchers_of
from kit.errors import Conflict, Invalid
from people.actors import CITIZEN

CLAIMED = ("claimed", "paid")


class NothingToClaim(Conflict):
    """There is no reward for this report, or not yet, or not any more."""

    code = "claim.nothing_to_claim"
    message = "There is no reward to claim for this report now."


class SayWhoCollects(Invalid):
    """This district's rule pays nobody who does not say who they are."""

    code = "claim.id_number_missing"
    message = "Say who collects the reward."
    pointer = "/id_number"


class CapReached(Conflict):
    """One person is rewarded up to a cap each month for hazards of one kind (F61)."""

    code = "claim.cap_reached"
    message = "What one person may get in a month is reached. Claim it next month."


@dataclass(frozen=True)
class Claim:
    """What the reporter sends: both codes, the declaration, and the document of who collects, or nothing of that."""

    tracking_code: str
    claim_secret: str
    declares_no_duty: bool
    id_number: str | None = None


def claim(session: Session, claimed: Claim, *, now: datetime) -> tuple[Report, list[Voucher], bool]:
    """The report, its vouchers and whether it was claimed before: a retry gets the same ones.

    Raises Mistyped, UnknownCode (a wrong secret looks like a wrong code), NothingToClaim, TooLate, Undeclared,
    SayWhoCollects, CapReached.
    """
    report = by_code(session, claimed.tracking_code, lock=True)
    if not is_claim_secret(claimed.claim_secret, report.client_id):
        raise UnknownCode
    reward = of_report(session, report)
    if reward is not None and reward.state in CLAIMED:
        return report, vouchers_of(session, reward), True
    if reward is not None and reward.state == "forfeited":
        raise TooLate
    if reward is None or reward.state != "notified":
        raise NothingToClaim
    if claimed.id_number is None and not reward.rule["anonymous_payable"]:
        raise SayWhoCollects
    payee_mark = mark_of_payee(claimed.id_number) if claimed.id_number else None
    amounts = _amounts(session, reward, payee_mark, now)
    move(session, report, reward, "claim", by=CITIZEN, now=now, declares_no_duty=claimed.declares_no_duty,
         writes={"claimed_at": now})  # fmt: skip
    return report, _issue(session, reward, amounts, payee_mark, now), False


def _amounts(session: Session, reward: Reward, payee_mark: bytes | None, now: datetime) -> list[int]:
    """What each signer gets, in fen; the first, named, within the cap of the month. Raises CapReached."""
    rule, kind = Rule.read(reward.rule), reward.kind or ""
    first, *others = shares(reward.amount_fen or 0, reward.signers, rule.joint_rule)
    if payee_mark is not None:
        first = within_the_cap(rule, kind, first, paid_in_the_month(session, payee_mark, kind, now))
    if first == 0:
        raise CapReached
    return [first, *others]


def _issue(
    session: Session, reward: Reward, amounts: list[int], payee_mark: bytes | None, now: datetime
) -> list[Voucher]:
    """One voucher for each share. One in ten or so is asked about before it is paid; anybody can draw that again."""
    drawn = lots.is_drawn("reward-check", str(reward.id), share=reward.rule["check_share"])
    made = []
    for number, fen in enumerate(amounts):
        voucher = _voucher(
            uuid5(reward.id, str(number)), reward.kind or "", fen, payee_mark if number == 0 else None, now
        )
        move_voucher(voucher, "hold" if drawn else "issue", by=CITIZEN)
        session.add_all((voucher, RewardShare(voucher_id=voucher.id, reward_id=reward.id)))
        made.append(voucher)
    session.flush()
    return made


def _voucher(id_: UUID, kind: str, fen: int, payee_mark: bytes | None, now: datetime) -> Voucher:
    return Voucher(
        id=id_, number=voucher_number(id_), state=NEW, version=0, kind=kind, amount_fen=fen,
        code_mark=code_mark(collection_code(id_)), payee_mark=payee_mark, issued_on=now,
    )  # fmt: skip
