"""What a photo's own notes say of time and place, however badly they say it."""

from datetime import UTC, datetime

import pytest
from PIL.ExifTags import GPS, IFD

from kit.images import CaptureFacts, capture_facts, inspect
from tests.kit.photos import encoded, exif, grainy


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_time_and_place_are_read_from_every_format(kind):
    block = exif(telling=True, DateTimeOriginal="2026:11:24 09:30:00")
    photo = encoded(grainy(), kind, exif=block.tobytes())
    assert inspect([photo])
    assert capture_facts(photo) == CaptureFacts(datetime(2026, 11, 24, 1, 30, tzinfo=UTC), (120.15, 30.26))


@pytest.mark.parametrize(
    ("offset", "hour"), [("+08:00", 1), ("+00:00", 9), ("-05:30", 14), ("Z", None), ("+8", None), ("", 1)]
)
def test_an_offset_is_obeyed_and_without_one_it_is_the_time_of_china(offset, hour):
    block = exif(DateTimeOriginal="2026:11:24 09:00:00", OffsetTimeOriginal=offset)
    taken = capture_facts(encoded(grainy(), "JPEG", exif=block)).taken_at
    assert (taken and taken.hour) == hour


def test_south_and_west_are_negative():
    block = exif(telling=True)
    gps = block.get_ifd(IFD.GPSInfo)
    gps[GPS.GPSLatitudeRef], gps[GPS.GPSLongitudeRef] = "S", "W"
    assert capture_facts(encoded(grainy(), "JPEG", exif=block)).position == (-120.15, -30.26)


@pytest.mark.parametrize("latitude", [(91.0, 0.0, 0.0), (30.0,), (30.0, 60.0, 1e9)])
def test_a_place_that_cannot_be_is_none(latitude):
    block = exif(telling=True)
    block.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = latitude
    assert capture_facts(encoded(grainy(), "JPEG", exif=block)).position is None


@pytest.mark.parametrize("taken", ["", "0000:00:00 00:00:00", "2026-11-24", "9999:12:31 23:59:59x", "\x00"])
def test_a_time_that_cannot_be_is_none(taken):
    photo = encoded(grainy(), "JPEG", exif=exif(DateTimeOriginal=taken))
    assert capture_facts(photo).taken_at is None


@pytest.mark.parametrize("photo", [b"", b"nothing", encoded(grainy(), "JPEG"), encoded(grainy(), "PNG")[:100]])
def test_a_photo_that_says_nothing_says_nothing(photo):
    assert capture_facts(photo) == CaptureFacts(None, None)
