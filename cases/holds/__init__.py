"""缓办: a case set aside for a reason until a review date, with what keeps people safe meanwhile (T19, D6)."""

from cases.holds.decide import approve_hold, end_hold, refuse_hold, renew_hold
from cases.holds.request import HoldDraft, find_hold, open_holds, request_hold, withdraw_hold
from cases.holds.review import find_reviewable, review

__all__ = [
    "HoldDraft",
    "approve_hold",
    "end_hold",
    "find_hold",
    "find_reviewable",
    "open_holds",
    "refuse_hold",
    "renew_hold",
    "request_hold",
    "review",
    "withdraw_hold",
]
