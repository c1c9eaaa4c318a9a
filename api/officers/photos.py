"""What the desk is told of a citizen's photo."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from cases import photos
from cases.models.report import Masking, ReportPhoto


def photo_rows(session: Session, found: Sequence[ReportPhoto]) -> list[dict[str, Any]]:
    """A report's photos for the desk: states, grades and lookalikes (security.md 3.5, T12), and what is hidden."""
    ids = [photo.id for photo in found]
    seen, maskings = photos.seen_before(session, ids), photos.maskings(session, ids)
    return [
        {
            "id": str(photo.id), "state": photo.state, "reason": photo.reason,
            "place_grade": photo.place_grade, "time_grade": photo.time_grade,
            "seen_before": [
                {"report_id": str(each.report_id), "reference": each.reference, "mirrored": each.mirrored}
                for each in seen.get(photo.id, ())
            ],
            "masking": masking_row(maskings[photo.id]) if photo.id in maskings else None,
        }
        for photo in found
    ]  # fmt: skip


def masking_row(masking: Masking) -> dict[str, Any]:
    """What models proposed to hide, what a person confirmed, and whether that is in the pixels yet.

    Regions are in pixels of the large copy. `proposed` is null where the models have not looked, or could not.
    """
    return {
        "width": masking.width, "height": masking.height, "proposed": masking.proposed,
        "proposed_by": masking.proposed_by, "confirmed": masking.confirmed,
        "confirmed_at": masking.confirmed_at.isoformat() if masking.confirmed_at else None,
        "burnt": 0 < masking.confirmation == masking.burnt,
    }  # fmt: skip
