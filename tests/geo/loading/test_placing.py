"""F95, X04: coordinate systems and datums of files."""

import pytest
import shapely
from sqlalchemy import text

from geo.datums import Datum, from_wgs84
from geo.loading import placing
from geo.points import Point
from tests.geo.drawing import square

HERE = square(0, 0)


def moved(shape, move):
    return shapely.transform(shape, lambda pairs: [move(Point(*pair)) for pair in pairs])


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4490", "epsg:4490", None])
def test_degrees_are_taken_as_they_are(session, crs):
    assert placing.in_degrees(session, [HERE], crs) == [HERE]


@pytest.mark.parametrize("grid", [4548, 4509, 3857, 32650])
def test_a_projection_is_undone_within_a_millimetre(session, grid):
    wkb = session.execute(
        text("select st_asbinary(st_transform(st_setsrid(st_geomfromwkb(:wkb), :from), :to))"),
        {"wkb": HERE.wkb, "from": 4490 if grid in placing.CGCS2000_GRIDS else 4326, "to": grid},
    ).scalar_one()

    (back,) = placing.in_degrees(session, [shapely.from_wkb(bytes(wkb))], f"EPSG:{grid}")

    assert shapely.hausdorff_distance(back, HERE) < 1e-8


@pytest.mark.parametrize("crs", ["EPSG:4214", "EPSG:2437", "LOCAL_CS[]", "EPSG:abc"])
def test_a_system_that_would_need_guessing_is_refused(session, crs):
    with pytest.raises(placing.CrsUnknown):
        placing.in_degrees(session, [HERE], crs)


def test_metres_without_a_system_are_refused(session):
    with pytest.raises(placing.NotInDegrees):
        placing.in_degrees(session, [shapely.box(500_000, 3_400_000, 500_100, 3_400_100)], None)


def test_latitude_before_longitude_is_refused(session):
    with pytest.raises(placing.AxesSwapped):
        placing.in_degrees(session, [shapely.box(31, 117, 31.1, 117.1)], "EPSG:4490")


@pytest.mark.parametrize("datum", list(Datum))
def test_a_shape_in_any_datum_comes_back_to_its_place(datum):
    (back,) = placing.in_wgs84([moved(HERE, lambda point: from_wgs84(point, datum))], datum)

    assert shapely.hausdorff_distance(back, HERE) < 1e-8


def test_vertices_that_were_shared_stay_shared():
    first, second = placing.in_wgs84([square(0, 0), square(10, 0)], Datum.GCJ02)

    assert shapely.coverage_is_valid([first, second])
    assert first.intersection(second).length > 0
