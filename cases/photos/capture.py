"""What a camera noted, against what its report says: two grades are kept, and never the values (security.md 3.5, F98).

A grade helps whoever reads the report, and decides nothing: most phones and chat programs take these notes away.
"""

from datetime import datetime, timedelta
from typing import Final

from cases.bands import band_of
from geo.datums import Datum, to_wgs84
from geo.points import NotAPlace, Point

UNSAID: Final = "none"
OLDER: Final = "over_1d"
_WITHIN: Final = (("under_1h", timedelta(hours=1)), ("under_1d", timedelta(days=1)))
# EXIF says WGS-84, and many a phone sold here writes GCJ-02, 100 to 700 m away: the nearer reading counts.
_READINGS: Final = (Datum.WGS84, Datum.GCJ02)


def grade_place(position: tuple[float, float] | None, hazard: Point | None) -> str:
    """How far the camera was from the reported place: a band, or `none` where either is not known."""
    if position is None or hazard is None:
        return UNSAID
    try:
        return band_of(min(to_wgs84(*position, datum).metres_to(hazard) for datum in _READINGS))
    except NotAPlace:
        return UNSAID


def grade_time(taken_at: datetime | None, observed_at: datetime) -> str:
    """How far the camera's clock was from the time of the report: `under_1h`, `under_1d`, `over_1d` or `none`."""
    if taken_at is None:
        return UNSAID
    apart = abs(taken_at - observed_at)
    return next((grade for grade, most in _WITHIN if apart < most), OLDER)
