"""A point is a place on the earth, measured in metres."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.points import NotAPlace, Point
from geo.shapes import area_m2, metres_per_degree
from tests.geo.drawing import square

PLACES = st.builds(Point, st.floats(-179.0, 179.0), st.floats(-80.0, 80.0))


def test_a_degree_of_latitude_at_the_equator_is_110574_metres():
    assert Point(0, 0).metres_to(Point(0, 1)) == pytest.approx(110_574.4, abs=0.5)


@given(PLACES, st.floats(1, 5_000), st.floats(0, 2 * math.pi))
def test_a_search_in_degrees_is_never_too_narrow(here, metres, bearing):
    reach = here.degrees_for(metres)
    there = Point(here.lon + reach * math.cos(bearing), here.lat + reach * math.sin(bearing))

    assert here.metres_to(there) >= metres * 0.999


@pytest.mark.parametrize("pair", [(math.nan, 0), (0, math.inf), (180.0001, 0), (0, -90.0001), (1e308, 1e308)])
def test_what_is_no_place_is_refused(pair):
    with pytest.raises(NotAPlace) as refusal:
        Point.at(*pair)

    assert refusal.value.code == "position.out_of_range"


@given(st.floats(4, 53))
def test_metres_per_degree_agree_with_the_geodesic(lat):
    along, across = metres_per_degree(lat)

    assert Point(117, lat).metres_to(Point(117.001, lat)) * 1000 == pytest.approx(along, rel=1e-5)
    assert Point(117, lat - 0.0005).metres_to(Point(117, lat + 0.0005)) * 1000 == pytest.approx(across, rel=1e-5)


def test_an_area_is_measured_in_square_metres():
    wide, high = Point(117, 31.005).metres_to(Point(117.01, 31.005)), Point(117, 31).metres_to(Point(117, 31.01))

    assert area_m2(square(0, 0)) == pytest.approx(wide * high, rel=1e-4)
