"""A report comes in: stored once, placed and answered in one statement; its photos follow; its reporter may ask.

Nothing here reads a case. What a reporter may know was written onto the report by the worker.
"""

from cases.intake.additions import TooManyPhotos, states_of
from cases.intake.answers import Addition, AnswerIdReused, NotOpen, add, fingerprint
from cases.intake.codes import Mistyped, grouped, mark_of, tracking_code
from cases.intake.guessing import TrackingThrottled, slow_guessing
from cases.intake.lane import Sender, count_report, lane_of, sender
from cases.intake.photos import (
    KNOWN,
    Known,
    NotInManifest,
    PhotoIdReused,
    Quota,
    SealedFile,
    Upload,
    already_stored,
    asked,
    attach,
    looked_up,
    new_sealed_key,
)
from cases.intake.rules import Rules, load_rules
from cases.intake.sent import of_application, steps_of, trail_of
from cases.intake.statement import store
from cases.intake.submission import IdReused, Received, Submission
from cases.intake.tracking import Progress, UnknownCode, progress
from cases.intake.work import challenge, prove

__all__ = [
    "KNOWN",
    "Addition",
    "AnswerIdReused",
    "IdReused",
    "Known",
    "Mistyped",
    "NotInManifest",
    "NotOpen",
    "PhotoIdReused",
    "Progress",
    "Quota",
    "Received",
    "Rules",
    "SealedFile",
    "Sender",
    "Submission",
    "TooManyPhotos",
    "TrackingThrottled",
    "UnknownCode",
    "Upload",
    "add",
    "already_stored",
    "asked",
    "attach",
    "challenge",
    "count_report",
    "fingerprint",
    "grouped",
    "lane_of",
    "load_rules",
    "looked_up",
    "mark_of",
    "new_sealed_key",
    "of_application",
    "progress",
    "prove",
    "sender",
    "slow_guessing",
    "states_of",
    "steps_of",
    "store",
    "tracking_code",
    "trail_of",
]
