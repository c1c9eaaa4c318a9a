"""From a report to a case: what the system may decide by policy, and what waits for a person at the district desk."""

from cases.triage.accept import ChooseTown, accept, register
from cases.triage.ask import ask
from cases.triage.desk import mark_seen, of_report, to_confirm, to_reply, waiting
from cases.triage.duplicates import possible
from cases.triage.extract import confirm_extract
from cases.triage.judge import judge, review_due
from cases.triage.mirror import mirror, settle_replies
from cases.triage.reply import reply
from cases.triage.reports import NotTheDesk, case_of, find, lock, lock_to_read

__all__ = [
    "ChooseTown",
    "NotTheDesk",
    "accept",
    "ask",
    "case_of",
    "confirm_extract",
    "find",
    "judge",
    "lock",
    "lock_to_read",
    "mark_seen",
    "mirror",
    "of_report",
    "possible",
    "register",
    "reply",
    "review_due",
    "settle_replies",
    "to_confirm",
    "to_reply",
    "waiting",
]
