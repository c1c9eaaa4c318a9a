"""What photos tell beside what they show: how near and how fresh they are, and whether the same was seen before."""

from cases.photos.capture import grade_place, grade_time
from cases.photos.lookalikes import Seen, note_photo, note_picture, seen_before

__all__ = ["Seen", "grade_place", "grade_time", "note_photo", "note_picture", "seen_before"]
