"""What comes after a closing: looking back by other people (T17), and opening again what did not hold (T18)."""

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
from cases.aftercare.planning import draw, plan
from cases.aftercare.reopening import Grounds, reopen, reopen_for_report

__all__ = [
    "Arrival",
    "Grounds",
    "assign",
    "confirm",
    "draw",
    "drawn",
    "drop_rest",
    "find",
    "plan",
    "rebound",
    "reopen",
    "reopen_for_report",
    "start",
    "waiting",
]
