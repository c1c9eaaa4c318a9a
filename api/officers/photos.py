"""What the desk sees of a citizen's photos: states, grades and lookalikes, and never a time or a place."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from cases.models.report import ReportPhoto
from cases.photos import Seen


def photo_rows(photos: Sequence[ReportPhoto], seen: Mapping[UUID, Sequence[Seen]]) -> list[dict[str, Any]]:
    """A report's photos for the desk (security.md 3.5, T12)."""
    return [
        {
            "id": str(photo.id), "state": photo.state, "reason": photo.reason,
            "place_grade": photo.place_grade, "time_grade": photo.time_grade,
            "seen_before": [
                {"report_id": str(each.report_id), "reference": each.reference, "mirrored": each.mirrored}
                for each in seen.get(photo.id, ())
            ],
        }
        for photo in photos
    ]  # fmt: skip
