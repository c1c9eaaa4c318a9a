"""Security.md 3.5, F98: of what a camera noted a grade is left, and no hostile value brings it down."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.photos import grade_place, grade_time
from geo.datums import Datum, from_wgs84
from geo.points import Point
from tests.make import NOW

HERE = Point(120.15, 30.26)
PLACES = {"under_100m", "under_1km", "far", "none"}
TIMES = {"under_1h", "under_1d", "over_1d", "none"}


@pytest.mark.parametrize(
    ("north", "grade"), [(0.0, "under_100m"), (0.0008, "under_100m"), (0.0012, "under_1km"), (0.02, "far")]
)
def test_a_place_is_graded_by_its_distance(north, grade):
    assert grade_place((HERE.lon, HERE.lat + north), HERE) == grade


def test_f96_a_camera_that_writes_gcj02_is_not_taken_for_far_away():
    shifted = from_wgs84(HERE, Datum.GCJ02)
    assert Point(*shifted).metres_to(HERE) > 400
    assert grade_place((shifted.lon, shifted.lat), HERE) == "under_100m"


@pytest.mark.parametrize(("position", "hazard"), [(None, HERE), ((120.15, 30.26), None), ((1e308, 4.0), HERE)])
def test_where_one_is_not_known_nothing_is_said(position, hazard):
    assert grade_place(position, hazard) == "none"


@pytest.mark.parametrize(
    ("minutes", "grade"),
    [
        (0, "under_1h"),
        (59, "under_1h"),
        (60, "under_1d"),
        (-1439, "under_1d"),
        (1440, "over_1d"),
        (-525_600, "over_1d"),
    ],
)
def test_a_time_is_graded_on_either_side(minutes, grade):
    assert grade_time(NOW + timedelta(minutes=minutes), NOW) == grade


def test_a_camera_without_a_clock_says_nothing():
    assert grade_time(None, NOW) == "none"


@given(st.tuples(st.floats(), st.floats()), st.datetimes(timezones=st.just(UTC)))
def test_whatever_a_file_claims_becomes_a_grade(position, taken_at):
    assert grade_place(position, HERE) in PLACES
    assert grade_time(taken_at, datetime(2026, 11, 24, tzinfo=UTC)) in TIMES
