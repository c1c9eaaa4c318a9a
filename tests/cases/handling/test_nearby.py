"""Other cases at a place, as far as somebody sees them; of the reports behind them nothing (X42)."""

from datetime import timedelta

from geoalchemy2 import WKTElement

from cases.handling import near_cases
from cases.models.case import Case
from geo.points import Point
from tests import make

HERE = Point(120.01, 31.01)
METRE = 1 / 111_000  # of latitude, in degrees


def at(metres):
    return WKTElement(f"POINT({HERE.lon!r} {HERE.lat + metres * METRE!r})", srid=4326)


def test_the_cases_of_one_s_own_at_the_place_come_the_newest_first_with_their_distance(session, now):
    district = make.district(session)
    west, east = district.west, district.east
    case = make.case(session, west.org, point=at(0))
    older = make.case(session, west.org, state="closed", point=at(30), opened_at=now - timedelta(days=400))
    newer = make.case(session, west.org, point=at(-45))
    make.case(session, west.org, point=at(60))  # farther than two of one matter are
    theirs = make.case(session, east.org, point=at(5))

    def seen(by) -> list[tuple[Case, int]]:
        return [(each.case, round(each.distance_m)) for each in near_cases(session, case, by=by, now=now)]

    assert seen(west.officer) == [(newer, 45), (older, 30)]
    assert {each for each, _ in seen(district.supervisor)} == {newer, older, theirs}


def test_a_case_that_is_nowhere_is_near_nothing(session, now):
    district = make.district(session)
    case = make.case(session, district.west.org, point=None)
    make.case(session, district.west.org)

    assert near_cases(session, case, by=district.west.officer, now=now) == []
