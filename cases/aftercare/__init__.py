"""What comes after an answer or a closing, by other people: reviews (R8), look-backs (T17), and reopening (T18)."""

from cases.aftercare.errands import able
from cases.aftercare.look_backs import (
    Arrival,
    assign,
    confirm,
    drawn,
    drop_rest,
    find,
    rebound,
    start,
    waiting,
)
from cases.aftercare.orphans import find_orphans, orphan_lists
from cases.aftercare.planning import draw, plan
from cases.aftercare.reopening import Grounds, reopen, reopen_breached, reopen_for_report
from cases.aftercare.requests import give_grounds, open_review, requests, settle_reviews
from cases.aftercare.reviews import assign as assign_review
from cases.aftercare.reviews import dismiss, find_review, open_or_join, uphold
from cases.aftercare.reviews import waiting as waiting_reviews

__all__ = [
    "Arrival",
    "Grounds",
    "able",
    "assign",
    "assign_review",
    "confirm",
    "dismiss",
    "draw",
    "drawn",
    "drop_rest",
    "find",
    "find_orphans",
    "find_review",
    "give_grounds",
    "open_or_join",
    "open_review",
    "orphan_lists",
    "plan",
    "rebound",
    "reopen",
    "reopen_breached",
    "reopen_for_report",
    "requests",
    "settle_reviews",
    "start",
    "uphold",
    "waiting",
    "waiting_reviews",
]
