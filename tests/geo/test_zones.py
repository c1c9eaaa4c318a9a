"""M30: what zones permit and forbid, at a point and a moment."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.dialects.postgresql import Range

from cli.demo import district
from geo import zones
from geo.models import Zone
from geo.points import Point
from geo.shapes import stored
from tests.geo.drawing import DISTRICT, square

HERE = Point(117.005, 31.005)
FEBRUARY = datetime(2027, 2, 1, tzinfo=UTC)
MARCH = datetime(2027, 3, 1, tzinfo=UTC)


def zone(rule: str, effect: str, valid: Range[datetime], **place: float) -> Zone:
    area = square(place.get("east", 0), 0)
    return Zone(district_code=DISTRICT, rule=rule, effect=effect, name_zh=effect, valid=valid, geom=stored(area))


def test_where_no_zone_lies_each_rule_has_its_own_default(wanglan, now):
    far_away = Point(118, 32)

    said = {each.rule: (each.effect, each.is_default) for each in zones.rulings(wanglan, far_away, now)}

    assert said["fireworks_sale"] == ("forbid", True)
    assert said["fireworks_use"] == ("permit", True)


def test_a_seasonal_sale_zone_answers_only_in_its_season(session):
    zones.keep_rules(session)
    season = Range(datetime(2027, 1, 15, tzinfo=UTC), datetime(2027, 2, 20, tzinfo=UTC))
    zones.declare(session, zone("fireworks_sale", "permit", season))

    assert zones.ruling(session, "fireworks_sale", HERE, FEBRUARY).effect == "permit"
    assert zones.ruling(session, "fireworks_sale", HERE, MARCH).effect == "forbid"


def test_forbid_beats_permit_where_both_lie(session):
    zones.keep_rules(session)
    always = Range(datetime(2020, 1, 1, tzinfo=UTC), None)
    for effect in ("permit", "forbid"):
        zones.declare(session, zone("fireworks_sale", effect, always))

    said = zones.ruling(session, "fireworks_sale", HERE, FEBRUARY)

    assert said.effect == "forbid"
    assert len(said.zone_ids) == 2


def test_a_zone_of_a_rule_that_is_not_kept_is_refused(session):
    with pytest.raises(zones.NoSuchRule):
        zones.declare(session, zone("barbecue", "forbid", Range(datetime(2020, 1, 1, tzinfo=UTC), None)))
    with pytest.raises(zones.NoSuchRule):
        zones.ruling(session, "barbecue", HERE, FEBRUARY)


def test_the_demo_town_centre_forbids_fireworks_and_shinian_sells_them(wanglan, now):
    shinian = district.FIREWORKS[1][4]
    middle = district._in_degrees([(sum(x for x, _ in shinian) / 4, sum(y for _, y in shinian) / 4)])[0]

    assert zones.ruling(wanglan, "fireworks_use", district.CENTRE, now).zone_names == ("城区禁放区",)
    assert zones.ruling(wanglan, "fireworks_sale", Point(*middle), now).effect == "permit"
