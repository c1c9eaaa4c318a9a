"""From a report to a case: what the system may decide by policy, and what waits for a person at the district desk."""

from cases.triage.accept import ChooseTown, Reading, accept, register
from cases.triage.ask import ask
from cases.triage.board import Board, Count, board
from cases.triage.categorise import categorise
from cases.triage.desk import OnTheDesk, dissatisfied, mark_seen, of_report, to_confirm, to_reply, unheard, waiting
from cases.triage.duplicates import possible
from cases.triage.extract import Overruling, confirm_extract, redacted
from cases.triage.floods import Answer as FloodAnswer
from cases.triage.floods import Chosen as ChosenReport
from cases.triage.floods import Flood, floods, merge_all, reply_all, reports_of
from cases.triage.judge import judge, let_on, review_due
from cases.triage.merge import accept_into, merge, separate
from cases.triage.mirror import mirror, settle_replies
from cases.triage.overdue import find_late, is_late, urge_desk
from cases.triage.patrols import (
    Seen,
    accept_finding,
    dismiss_finding,
    file_finding,
    findings_of,
    findings_waiting,
    lock_finding,
    near_finding,
    register_finding,
)
from cases.triage.photos_due import how_many_missing, photos_due
from cases.triage.recheck import (
    draw_rechecks,
    lock_recheck,
    overturn_refusal,
    read_recheck,
    recheck_draw,
    rechecks_due,
    uphold_refusal,
)
from cases.triage.redirect import Receiver, redirect
from cases.triage.refuse import (
    confirm_refusal,
    propose_refusal,
    refusals_to_confirm,
    reject_refusal,
)
from cases.triage.rehouse import rehouse
from cases.triage.reply import reply
from cases.triage.reports import NotTheDesk, case_of, find, lock, lock_to_read
from cases.triage.retaliations import (
    conclude,
    lock_retaliation,
    read_retaliation,
    retaliations,
    take_up,
    tell_of_retaliation,
    who_knew,
)
from cases.triage.retaliations import find_late as find_late_retaliations
from cases.triage.satisfaction import Satisfaction, satisfaction
from cases.triage.settled import close_settled, hear_rating, settled
from cases.triage.signals import WORDS as SIGNAL_WORDS
from cases.triage.signals import Score, forget_origins, score_of
from cases.triage.silence import answer_due
from cases.triage.thread import hear, tell_desk, tell_of_readings, write

__all__ = [
    "SIGNAL_WORDS",
    "Board",
    "ChooseTown",
    "ChosenReport",
    "Count",
    "Flood",
    "FloodAnswer",
    "NotTheDesk",
    "OnTheDesk",
    "Overruling",
    "Reading",
    "Receiver",
    "Satisfaction",
    "Score",
    "Seen",
    "accept",
    "accept_finding",
    "accept_into",
    "answer_due",
    "ask",
    "board",
    "case_of",
    "categorise",
    "close_settled",
    "conclude",
    "confirm_extract",
    "confirm_refusal",
    "dismiss_finding",
    "dissatisfied",
    "draw_rechecks",
    "file_finding",
    "find",
    "find_late",
    "find_late_retaliations",
    "findings_of",
    "findings_waiting",
    "floods",
    "forget_origins",
    "hear",
    "hear_rating",
    "how_many_missing",
    "is_late",
    "judge",
    "let_on",
    "lock",
    "lock_finding",
    "lock_recheck",
    "lock_retaliation",
    "lock_to_read",
    "mark_seen",
    "merge",
    "merge_all",
    "mirror",
    "near_finding",
    "of_report",
    "overturn_refusal",
    "photos_due",
    "possible",
    "propose_refusal",
    "read_recheck",
    "read_retaliation",
    "recheck_draw",
    "rechecks_due",
    "redacted",
    "redirect",
    "refusals_to_confirm",
    "register",
    "register_finding",
    "rehouse",
    "reject_refusal",
    "reply",
    "reply_all",
    "reports_of",
    "retaliations",
    "review_due",
    "satisfaction",
    "score_of",
    "separate",
    "settle_replies",
    "settled",
    "take_up",
    "tell_desk",
    "tell_of_readings",
    "tell_of_retaliation",
    "to_confirm",
    "to_reply",
    "unheard",
    "uphold_refusal",
    "urge_desk",
    "waiting",
    "who_knew",
    "write",
]
