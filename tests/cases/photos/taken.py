"""Photos for these tests, stored as the API stores them, with what a camera notes."""

import hashlib
import secrets
from datetime import datetime

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from sqlalchemy.orm import Session

from cases.models.case import Case
from cases.models.handling import Picture
from cases.models.report import Report, ReportPhoto
from geo.points import Point
from kit.clock import LOCAL_ZONE
from kit.storage import store
from tests.make import NOW
from tests.sealing import sealed_photo


def exif_at(place: Point, at: datetime) -> Image.Exif:
    """What a camera at this place and time notes."""
    block = Image.Exif()
    gps = block.get_ifd(IFD.GPSInfo)
    gps[GPS.GPSLatitudeRef], gps[GPS.GPSLatitude] = "N", (place.lat, 0.0, 0.0)
    gps[GPS.GPSLongitudeRef], gps[GPS.GPSLongitude] = "E", (place.lon, 0.0, 0.0)
    block.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = at.astimezone(LOCAL_ZONE).strftime("%Y:%m:%d %H:%M:%S")
    return block


def taken(session: Session, report: Report, content: bytes) -> ReportPhoto:
    """A stored photo of a report."""
    return sealed_photo(session, report, content)


def taken_by_an_officer(session: Session, case: Case, content: bytes) -> Picture:
    """A stored picture of a case."""
    picture = Picture(
        case_id=case.id, role="after", received_at=NOW, sha256=hashlib.sha256(content).digest(),
        storage_key=_kept(content), state="stored",
    )  # fmt: skip
    session.add(picture)
    session.flush()
    return picture


def _kept(content: bytes) -> str:
    key = f"originals/{secrets.token_hex(16)}"
    store().put(key, [content], limit_bytes=len(content))
    return key
