"""Rewards (C11): found when a case closes, proposed, looked at and allowed by three people, claimed by code, paid."""

from cases.rewarding.claim import CapReached, Claim, NothingToClaim, SayWhoCollects, claim
from cases.rewarding.decide import approve, propose, refuse, review, revoke, send_back
from cases.rewarding.find import NoSuchReward, NotYourBusiness, lock, open_reward, waiting
from cases.rewarding.tell import due, extend, notify
from cases.rewarding.vouchers import NoSuchVoucher, NotFinance, pay, prepare, release, settle
from cases.rewarding.vouchers import lock as lock_voucher
from cases.rewarding.vouchers import waiting as vouchers_waiting
from cases.rewarding.worth import Claimed, Fine, NotFinal, NoWorth

__all__ = [
    "CapReached", "Claim", "Claimed", "Fine", "NoSuchReward", "NoSuchVoucher", "NoWorth", "NotFinal", "NotFinance",
    "NotYourBusiness", "NothingToClaim", "SayWhoCollects", "approve", "claim", "due", "extend", "lock", "lock_voucher",
    "notify", "open_reward", "pay", "prepare", "propose", "refuse", "release", "review", "revoke", "send_back",
    "settle", "vouchers_waiting", "waiting",
]  # fmt: skip
