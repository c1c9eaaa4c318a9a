"""What the public sees (C7): drafted on a stored ground, reviewed by another person, published, withdrawn.

The public projection (schema record) and its change log are written in the transaction of the act, so that a withdrawal
is in force the moment it is answered.
"""

from cases.exposure.draft import Draft, draft, drafts, drop, find, lock, revise
from cases.exposure.grounds import GROUNDS_BUILT
from cases.exposure.not_to_be import refuse
from cases.exposure.publish import expire, follow_progress, publish, withdraw
from cases.exposure.refusals import (
    BadWording,
    NoGround,
    NoSuchExposure,
    NothingToRefuse,
    NotReviewed,
    SamePerson,
    SourceAtRisk,
    TooEarly,
)
from cases.exposure.review import TICKS, return_, review, submit

__all__ = [
    "GROUNDS_BUILT",
    "TICKS",
    "BadWording",
    "Draft",
    "NoGround",
    "NoSuchExposure",
    "NotReviewed",
    "NothingToRefuse",
    "SamePerson",
    "SourceAtRisk",
    "TooEarly",
    "draft",
    "drafts",
    "drop",
    "expire",
    "find",
    "follow_progress",
    "lock",
    "publish",
    "refuse",
    "return_",
    "review",
    "revise",
    "submit",
    "withdraw",
]
