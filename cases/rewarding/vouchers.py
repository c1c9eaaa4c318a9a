"""Vouchers: what finance sees of a reward. Two of its people pay to whoever brings the code (C11, F56)."""

from collections.abc import Sequence
from datetime import datetime
from hmac import compare_digest
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from cases import trail
from cases.intake.codes import read_as
from cases.journey import Step
from cases.lifecycle.reward import are_paid, move, move_voucher
from cases.models.report import Report
from cases.models.reward import Reward, RewardShare, Voucher
from kit.clock import LOCAL_ZONE
from kit.errors import NotAllowed, NotFound, Stale, Unconditional
from kit.secrets import mark
from people.actors import SYSTEM, Actor
from people.roles import Role

SEE = (Role.FINANCE, Role.SAFETY_OFFICE)


class NoSuchVoucher(NotFound):
    """There is no voucher of this number."""

    code = "voucher.unknown"


class NotFinance(NotAllowed):
    """Vouchers are paid by finance; the safety office asks about those drawn by lot."""

    code = "voucher.finance_only"


def code_mark(code: str) -> bytes:
    """The stored mark of a collection code as somebody typed it."""
    return mark("collection-mark", read_as(code).encode())


def mark_of_payee(id_number: str) -> bytes:
    """The stored mark of an identity document's number, the same in upper and lower case."""
    return mark("payee", id_number.strip().upper().encode())


def vouchers_of(session: Session, reward: Reward) -> list[Voucher]:
    """The vouchers of a locked reward, locked."""
    found = select(Voucher).join(RewardShare, RewardShare.voucher_id == Voucher.id)
    mine = found.where(RewardShare.reward_id == reward.id).order_by(Voucher.id)
    return list(session.scalars(mine.with_for_update(of=Voucher).execution_options(populate_existing=True)))


def paid_in_the_month(session: Session, payee_mark: bytes, kind: str, now: datetime) -> int:
    """What one person was promised or paid in the month of `now` for one kind, in fen (F61)."""
    month = now.astimezone(LOCAL_ZONE).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    same = (Voucher.payee_mark == payee_mark, Voucher.kind == kind, Voucher.issued_on >= month)
    return session.scalar(select(func.sum(Voucher.amount_fen)).where(*same, Voucher.state != "cancelled")) or 0


def waiting(
    session: Session, state: str, *, by: Actor, limit: int, after: tuple[datetime, UUID] | None = None
) -> Sequence[Voucher]:
    """The vouchers in a state, the oldest first. Raises NotFinance."""
    _may_see(by)
    found = select(Voucher).where(Voucher.state == state)
    if after is not None:
        found = found.where(tuple_(Voucher.issued_on, Voucher.id) > after)
    return session.scalars(found.order_by(Voucher.issued_on, Voucher.id).limit(limit)).all()


def lock(session: Session, number: str, *, by: Actor, expected_version: int | None) -> Voucher:
    """A voucher by its number, locked. Raises NoSuchVoucher, NotFinance, Stale, Unconditional."""
    _may_see(by)
    found = select(Voucher).where(Voucher.number == read_as(number)).with_for_update()
    voucher = session.scalars(found.execution_options(populate_existing=True)).one_or_none()
    if voucher is None:
        raise NoSuchVoucher
    if expected_version is None:
        raise Unconditional
    if voucher.version != expected_version:
        raise Stale(current={"number": voucher.number, "state": voucher.state, "version": voucher.version})
    return voucher


def release(voucher: Voucher, *, note: str, by: Actor, now: datetime) -> Voucher:
    """What was drawn by lot has been asked about, and may be paid (F60). Raises Incomplete."""
    written = {"checked_by": by.account_id, "checked_at": now, "check_note": note}
    move_voucher(voucher, "release", by=by, writes=written, reason=note)
    return voucher


def prepare(voucher: Voucher, *, code: str, by: Actor, now: datetime, id_number: str = "") -> Voucher:
    """Somebody stands there with the code, and with their document where they had named it. Raises WrongCode."""
    fits = compare_digest(code_mark(code), voucher.code_mark)
    if voucher.payee_mark is not None:
        fits &= compare_digest(mark_of_payee(id_number), voucher.payee_mark)
    move_voucher(voucher, "prepare", by=by, writes={"prepared_by": by.account_id, "prepared_at": now}, fits=fits)
    return voucher


def pay(session: Session, voucher: Voucher, *, receipt: str, by: Actor, now: datetime) -> Voucher:
    """Another person pays. The reward follows in a job, since finance never looks there. Raises SamePerson."""
    written = {"paid_by": by.account_id, "paid_at": now, "receipt": receipt}
    move_voucher(voucher, "pay", by=by, writes=written)
    trail.enqueue(session, Step.SETTLE_REWARD, voucher.id, now=now)
    return voucher


def cancel(voucher: Voucher, *, by: Actor, now: datetime) -> None:
    """With its reward it is taken back."""
    move_voucher(voucher, "cancel", by=by, writes={"cancelled_at": now})


def settle(session: Session, voucher_id: UUID, *, now: datetime) -> None:
    """A reward is paid once all its vouchers are. Safe to repeat."""
    share = session.get_one(RewardShare, voucher_id)
    of_it = select(Report).join(Reward, Reward.report_id == Report.id).where(Reward.id == share.reward_id)
    report = session.scalars(of_it.with_for_update(of=Report)).one()
    reward = session.get_one(Reward, share.reward_id, with_for_update=True, populate_existing=True)
    vouchers = vouchers_of(session, reward)
    if reward.state == "claimed" and are_paid(vouchers):
        move(session, report, reward, "pay", by=SYSTEM, now=now, vouchers=vouchers)


def _may_see(by: Actor) -> None:
    if not by.has(*SEE):
        raise NotFinance
