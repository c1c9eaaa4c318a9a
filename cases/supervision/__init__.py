"""Beside the journey: urging what is late, standing in for who is away, and the calendars that deadlines wait for."""

from cases.supervision.calendars import find_recountable, recount, warn
from cases.supervision.candidates import propose as propose_listing
from cases.supervision.ladder import climb
from cases.supervision.listing import owe as owe_listing
from cases.supervision.owed import late_for, tell_owed
from cases.supervision.posted import Posted, posted_notices
from cases.supervision.standing_in import find_absent, hand_over, pass_on
from cases.supervision.urging import tell_unanswered

__all__ = [
    "Posted",
    "climb",
    "find_absent",
    "find_recountable",
    "hand_over",
    "late_for",
    "owe_listing",
    "pass_on",
    "posted_notices",
    "propose_listing",
    "recount",
    "tell_owed",
    "tell_unanswered",
    "warn",
]
