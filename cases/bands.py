"""How far from a place, as a band: all that is ever kept of where a phone or a camera was (security.md 3.5, Q3)."""

from typing import Final

_NEARER_THAN: Final = (("under_100m", 100.0), ("under_1km", 1000.0))
FAR: Final = "far"


def band_of(metres: float) -> str:
    """The band of a distance: `under_100m`, `under_1km` or `far`."""
    return next((band for band, most in _NEARER_THAN if metres < most), FAR)
