"""What the public sees (C7): drafted on a stored ground, reviewed by another, published, corrected, withdrawn.

The public projection (schema record) and its change log are written in the transaction of the act, so that a withdrawal
is in force the moment it is answered.
"""

from cases.exposure.batches import batch, call_batch_back, lock_batch, publish_batch
from cases.exposure.correct import correct, correction, drop_correction, propose_correction, refuse_correction
from cases.exposure.correct import of as corrections
from cases.exposure.draft import Draft, draft, drafts, drop, find, lock, revise
from cases.exposure.grounds import GROUNDS_BUILT
from cases.exposure.not_to_be import refuse
from cases.exposure.party import answer_party, party_agrees, party_notice, party_notices, party_objects, tell_party
from cases.exposure.publish import expire, follow_progress, publish, withdraw
from cases.exposure.refusals import (
    AlreadyProposed,
    AlreadyPublic,
    BadRelease,
    BadTime,
    BadWording,
    InBatch,
    IssueTaken,
    NoGround,
    NoSuchBatch,
    NoSuchCorrection,
    NoSuchExposure,
    NoSuchNotice,
    NotApproved,
    NothingToRefuse,
    NotPublicYet,
    NotReviewed,
    ObjectionOpen,
    ObjectionTime,
    PartyNotTold,
    PartyToldAlready,
    SamePerson,
    SourceAtRisk,
    TooEarly,
)
from cases.exposure.review import TICKS, return_, review, submit
from cases.exposure.schedule import call_back

__all__ = [
    "GROUNDS_BUILT",
    "TICKS",
    "AlreadyProposed",
    "AlreadyPublic",
    "BadRelease",
    "BadTime",
    "BadWording",
    "Draft",
    "InBatch",
    "IssueTaken",
    "NoGround",
    "NoSuchBatch",
    "NoSuchCorrection",
    "NoSuchExposure",
    "NoSuchNotice",
    "NotApproved",
    "NotPublicYet",
    "NotReviewed",
    "NothingToRefuse",
    "ObjectionOpen",
    "ObjectionTime",
    "PartyNotTold",
    "PartyToldAlready",
    "SamePerson",
    "SourceAtRisk",
    "TooEarly",
    "answer_party",
    "batch",
    "call_back",
    "call_batch_back",
    "correct",
    "correction",
    "corrections",
    "draft",
    "drafts",
    "drop",
    "drop_correction",
    "expire",
    "find",
    "follow_progress",
    "lock",
    "lock_batch",
    "party_agrees",
    "party_notice",
    "party_notices",
    "party_objects",
    "propose_correction",
    "publish",
    "publish_batch",
    "refuse",
    "refuse_correction",
    "return_",
    "review",
    "revise",
    "submit",
    "tell_party",
    "withdraw",
]
