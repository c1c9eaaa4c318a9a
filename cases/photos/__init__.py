"""What photos tell beside what they show, whether the same was seen before, and what of them is hidden."""

from cases.photos.capture import grade_place, grade_time
from cases.photos.forgetting import forget
from cases.photos.keeping import forget_key, let_go_of_envelopes, let_go_of_original
from cases.photos.lookalikes import Seen, note_photo, note_picture, seen_before
from cases.photos.masking import (
    NoSuchPhoto,
    NotLookedAt,
    OutsideThePhoto,
    confirm,
    masked,
    maskings,
    note_burnt,
    note_size,
    propose,
    to_burn,
)
from cases.photos.promised import expect, outstanding

__all__ = [
    "NoSuchPhoto",
    "NotLookedAt",
    "OutsideThePhoto",
    "Seen",
    "confirm",
    "expect",
    "forget",
    "forget_key",
    "grade_place",
    "grade_time",
    "let_go_of_envelopes",
    "let_go_of_original",
    "masked",
    "maskings",
    "note_burnt",
    "note_photo",
    "note_picture",
    "note_size",
    "outstanding",
    "propose",
    "seen_before",
    "to_burn",
]
