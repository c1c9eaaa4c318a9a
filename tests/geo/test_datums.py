"""F95-F97, X01: a place is the same place in every datum."""

import math

import prcoords
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.datums import Datum, from_wgs84, to_wgs84
from geo.points import NotAPlace, Point

MILLIMETRE = 0.001
SHIFTED = (Datum.GCJ02, Datum.BD09)
IN_CHINA = st.builds(Point, st.floats(75.0, 134.0), st.floats(4.0, 53.0))


def test_the_golden_vector_of_f96_holds_outward():
    shifted = from_wgs84(Point(120.596931, 31.280844), Datum.GCJ02)

    assert shifted == pytest.approx((120.601099913, 31.278648662), abs=1e-9)


def test_the_golden_vector_of_f96_holds_inward():
    back = to_wgs84(120.601099913, 31.278648662, Datum.GCJ02)

    assert back.metres_to(Point(120.596931, 31.280844)) < MILLIMETRE


@pytest.mark.parametrize(
    ("lon", "lat", "to_gcj02_m", "to_bd09_m"), [(113.1, 29.37, 643, 1265), (120.6, 31.37, 464, 1100)]
)
def test_the_displacements_of_f96_are_reproduced(lon, lat, to_gcj02_m, to_bd09_m):
    here = Point(lon, lat)

    assert here.metres_to(from_wgs84(here, Datum.GCJ02)) == pytest.approx(to_gcj02_m, rel=0.03)
    assert here.metres_to(from_wgs84(here, Datum.BD09)) == pytest.approx(to_bd09_m, rel=0.03)


def test_a_second_independent_library_agrees_over_all_of_china_within_a_millimetre():
    for lon in range(75, 135, 3):
        for lat in range(4, 54, 3):
            here = prcoords.Coords(lat + 0.1234567, lon + 0.7654321)
            gcj, bd = prcoords.wgs_gcj(here, check_china=False), prcoords.wgs_bd(here, check_china=False)
            point = Point(here.lon, here.lat)

            assert from_wgs84(point, Datum.GCJ02).metres_to(Point(gcj.lon, gcj.lat)) < MILLIMETRE
            assert from_wgs84(point, Datum.BD09).metres_to(Point(bd.lon, bd.lat)) < MILLIMETRE
            assert to_wgs84(gcj.lon, gcj.lat, Datum.GCJ02).metres_to(point) < MILLIMETRE
            assert to_wgs84(bd.lon, bd.lat, Datum.BD09).metres_to(point) < MILLIMETRE


@given(IN_CHINA, st.sampled_from(SHIFTED))
def test_out_and_in_again_is_the_same_place(point, datum):
    assert to_wgs84(*from_wgs84(point, datum), datum).metres_to(point) < MILLIMETRE


@given(IN_CHINA)
def test_cgcs2000_is_taken_as_wgs84_without_a_shift(point):
    assert to_wgs84(*point, Datum.CGCS2000) == point == from_wgs84(point, Datum.CGCS2000)


@pytest.mark.parametrize("datum", list(Datum))
@pytest.mark.parametrize("pair", [(math.nan, 31.0), (120.0, math.inf), (1e308, 31.0), (31.0, 120.0), (181.0, 0.0)])
def test_coordinates_that_are_no_place_are_refused(datum, pair):
    with pytest.raises(NotAPlace):
        to_wgs84(*pair, datum)


def test_gcj02_outside_china_is_the_place_itself():
    assert to_wgs84(2.35, 48.85, Datum.GCJ02).metres_to(Point(2.35, 48.85)) < MILLIMETRE
