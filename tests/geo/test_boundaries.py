"""M01, C13, X05: whose territory a point lies in."""

from datetime import timedelta
from functools import partial

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from cli.demo import district
from geo import boundaries
from geo.datums import Datum, from_wgs84, to_wgs84
from geo.models import Unit
from geo.points import Point
from geo.shapes import metres_per_degree
from tests.geo.drawing import EFFECTIVE, bring_in, order, square, towns_file

AREAS = district.responsible()
ZONE = "990101401"
CODES = sorted(AREAS)


def code_at(session: Session, point: Point, at) -> str | None:
    found = boundaries.containing(session, point, at)
    return session.get_one(Unit, found.unit_id).code if found else None


def borders_between_two() -> list[tuple[str, str, shapely.LineString]]:
    """Every straight piece of border that two units share, with the two."""
    pieces = []
    for one, first in enumerate(CODES):
        for second in CODES[one + 1 :]:
            common = shapely.intersection(AREAS[first].boundary, AREAS[second].boundary)
            for line in shapely.get_parts(shapely.line_merge(common)) if common.length else []:
                corners = shapely.get_coordinates(line)
                pieces += [(first, second, shapely.LineString(corners[i : i + 2])) for i in range(len(corners) - 1)]
    return [piece for piece in pieces if piece[2].length > 1e-6]


BORDERS = borders_between_two()


def beside(piece: shapely.LineString, share: float, metres: float) -> Point:
    """A point so many metres to the left (or right, when negative) of a place on a piece of border."""
    (west, south), (east, north) = piece.coords
    along, across = metres_per_degree(south)
    dx, dy = (east - west) * along, (north - south) * across
    length = (dx**2 + dy**2) ** 0.5
    lon, lat = west + (east - west) * share, south + (north - south) * share
    return Point(lon - dy / length * metres / along, lat + dx / length * metres / across)


def holder(point: Point) -> str | None:
    here = shapely.Point(point)
    return next((code for code in CODES if AREAS[code].contains(here)), None)


def test_every_two_neighbours_share_border_pieces():
    assert len({(first, second) for first, second, _ in BORDERS}) >= 25


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(BORDERS), st.floats(0.1, 0.9), st.sampled_from([-5.0, -0.5, 0.5, 5.0]), st.sampled_from(list(Datum))
)
def test_a_point_beside_a_shared_border_is_the_same_town_in_every_datum(wanglan, now, border, share, metres, datum):
    first, second, piece = border
    point = beside(piece, share, metres)
    expected = holder(point)

    sent = from_wgs84(point, datum)
    found = code_at(wanglan, to_wgs84(*sent, datum), now)

    assert found == expected
    assert found in CODES
    if abs(metres) < 1:
        assert found in {first, second}


def test_a_shared_corner_always_falls_to_the_lowest_code(wanglan, now):
    towns = district.towns()
    corners = {tuple(pair) for area in towns.values() for pair in shapely.get_coordinates(area)}
    zone = district.jurisdictions()[ZONE]
    for corner in sorted(corners)[::15]:
        here = shapely.Point(corner)
        sharing = sorted(code for code, area in towns.items() if area.intersects(here))
        expected = ZONE if zone.intersects(here) else sharing[0]

        assert code_at(wanglan, Point(*corner), now) == expected


def test_no_point_on_a_shared_border_falls_between_the_towns(wanglan, now):
    for _, _, piece in BORDERS[::6]:
        assert code_at(wanglan, beside(piece, 0.37, 0.0), now) is not None


def test_a_part_of_one_town_inside_another_is_its_own(wanglan, now):
    inner = district.towns()["990101102"].geoms[1].representative_point()

    assert code_at(wanglan, Point(inner.x, inner.y), now) == "990101102"


def test_an_enclave_in_an_enclave_is_kept(session, now):
    outer, middle, inner = square(0, 0, 30, 30), square(5, 5, 20, 20), square(10, 10, 10, 10)
    areas = {"100": shapely.MultiPolygon([outer - middle, inner]), "101": middle - inner}

    bring_in(session, towns_file(areas), now=now)

    at = {
        name: code_at(session, Point(117 + east / 1000, 31.015), now)
        for name, east in zip("abc", (2, 7, 15), strict=True)
    }
    assert at == {"a": "990199100", "b": "990199101", "c": "990199100"}


def test_a_development_zone_takes_precedence_and_the_town_beneath_is_told(wanglan, now):
    zone = district.jurisdictions()[ZONE]
    in_dongli = shapely.intersection(zone, district.towns()["990101003"]).representative_point()

    found = boundaries.containing(wanglan, Point(in_dongli.x, in_dongli.y), now)

    assert wanglan.get_one(Unit, found.unit_id).code == ZONE
    assert wanglan.get_one(Unit, found.admin_unit_id).code == "990101003"
    assert found.how == "inside"


def test_the_border_of_a_zone_is_a_border_from_both_sides(wanglan, now):
    piece = next(piece for first, second, piece in BORDERS if ZONE in {first, second})
    for side in (-12.0, 12.0):
        found = boundaries.containing(wanglan, beside(piece, 0.5, side), now)

        assert found.other_unit_m == pytest.approx(12.0, abs=0.3)
        assert found.is_ambiguous(5.0, 30)


def test_distance_to_another_unit_and_to_the_own_edge_are_told_apart(session, now):
    bring_in(session, towns_file({"100": square(0, 0), "101": square(10, 0)}), now=now)
    near_the_outer_edge = Point(117.0005, 31.005)

    found = boundaries.containing(session, near_the_outer_edge, now)

    assert found.own_border_m == pytest.approx(near_the_outer_edge.metres_to(Point(117, 31.005)), abs=0.1)
    assert found.other_unit_m == pytest.approx(near_the_outer_edge.metres_to(Point(117.01, 31.005)), abs=0.1)
    assert found.border_m == found.own_border_m


@pytest.mark.parametrize(
    ("metres", "accuracy", "doubt", "ambiguous"),
    [(29, 3, 30, True), (35, 3, 30, False), (35, 40, 30, True), (35, None, 30, False), (35, None, 50, True)],
)
def test_a_border_nearer_than_the_fix_or_what_is_in_doubt_is_ambiguous(
    wanglan, now, metres, accuracy, doubt, ambiguous
):
    piece = max((piece for _, _, piece in BORDERS), key=lambda piece: piece.length)

    found = boundaries.containing(wanglan, beside(piece, 0.5, metres), now)

    assert found.border_m == pytest.approx(metres, abs=1)
    assert found.is_ambiguous(accuracy, doubt) is ambiguous


def test_a_unit_far_from_every_other_has_no_other_near(session, now):
    bring_in(session, towns_file({"100": square(0, 0)}), now=now)

    assert boundaries.containing(session, Point(117.005, 31.005), now).other_unit_m is None


def test_candidates_are_the_units_within_reach_nearest_first(session, now):
    bring_in(session, towns_file({"100": square(0, 0), "101": square(10, 0), "102": square(20, 0)}), now=now)
    here = Point(117.0095, 31.005)

    found = boundaries.candidates(session, here, now, 60)

    assert [(each.code, each.how) for each in found] == [("990199100", "inside"), ("990199101", "nearest")]
    assert found[1].metres == pytest.approx(here.metres_to(Point(117.01, 31.005)), abs=0.1)
    assert found[1].name_en.endswith(" Town")


def test_a_point_outside_is_nobodys_and_the_near_are_proposed(session, now):
    bring_in(session, towns_file({"100": square(0, 0), "101": square(10, 0)}), now=now)
    near, far = Point(116.9985, 31.005), Point(116.99, 31.005)
    proposed = partial(boundaries.proposals, session, at=now, accuracy_m=10, doubt_m=30)

    assert boundaries.containing(session, near, now) is None
    assert [each.code for each in proposed(point=near, nearest_m=200)] == ["990199100"]
    assert proposed(point=near, nearest_m=100) == []
    assert proposed(point=far, nearest_m=200) == []
    assert [each.code for each in proposed(point=far, nearest_m=1000)] == ["990199100"]


def test_proposals_inside_are_the_neighbours_within_twice_the_accuracy(session, now):
    bring_in(session, towns_file({"100": square(0, 0), "101": square(10, 0)}), now=now)
    here = Point(117.009, 31.005)  # 95 m from the border

    proposed = partial(boundaries.proposals, session, here, now, nearest_m=200)

    assert [each.code[-3:] for each in proposed(40, doubt_m=30)] == ["100"]
    assert [each.code[-3:] for each in proposed(50, doubt_m=30)] == ["100", "101"]
    assert [each.code[-3:] for each in proposed(40, doubt_m=50)] == ["100", "101"]


def test_the_old_edition_answers_for_its_own_time(session, now):
    bring_in(session, towns_file({"100": square(0, 0), "101": square(10, 0)}), now=now)
    change = now + timedelta(days=7)
    moved = {"100": square(0, 0, 5), "101": square(5, 0, 15)}
    bring_in(session, towns_file(moved), order(effective_at=change), now=now)
    here = Point(117.007, 31.005)

    assert code_at(session, here, change - timedelta(seconds=1)) == "990199100"
    assert code_at(session, here, change) == "990199101"
    assert code_at(session, here, EFFECTIVE - timedelta(seconds=1)) is None


def test_containing_is_one_statement(wanglan, now):
    seen = []
    connection = wanglan.connection()
    event.listen(connection, "before_cursor_execute", lambda *args: seen.append(args[2]))

    boundaries.containing(wanglan, district.CENTRE, now)

    assert len(seen) == 1


def test_the_intake_statement_finds_the_same_winner(wanglan, now):
    winner = text(boundaries.winner_sql(lon=":lon", lat=":lat", at=":at"))
    for _, _, piece in BORDERS[::20]:
        point = beside(piece, 0.5, 3.0)
        found = boundaries.containing(wanglan, point, now)

        assert wanglan.execute(winner, {"lon": point.lon, "lat": point.lat, "at": now}).one() == (
            found.unit_id,
            found.edition_id,
        )
