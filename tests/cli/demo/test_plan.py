"""The demo's plan: always the same, everything in it, and every place where it says to be."""

import json
from collections import Counter
from pathlib import Path

import pytest
import shapely

from cli.demo import plan, spots, words
from cli.demo.citizens import report
from cli.demo.district import responsible, towns
from cli.demo.plan import BY_NIGHT, LENIENT, MIX, PENALISED, Arrival, Goal, stories
from geo.datums import Datum, to_wgs84
from mobile_contract.v1.report import ReportIn

SEEDS = Path(plan.__file__).parents[2] / "cases" / "policy" / "seeds" / "categories"
CATALOGUE = [row for path in SEEDS.glob("*.json") for row in json.loads(path.read_text())]


def test_two_hundred_stories_show_every_category_in_every_town_and_every_goal():
    told = stories(200)
    assert {story.category for story in told} == {row["code"] for row in CATALOGUE} == set(words.words())
    assert {story.town for story in told} == set(responsible())
    assert {story.goal for story in told} == set(Goal)
    assert Counter((story.arrival, story.goal) for story in told) == {(a, g): n for a, g, n in MIX}


def test_a_shorter_demo_is_the_beginning_of_a_longer_one():
    assert stories(200)[:45] == stories(45)
    assert {story.goal for story in stories(len(MIX))} == set(Goal)


def test_no_two_stories_share_an_id_even_beyond_the_mix():
    told = stories(450)
    assert len({story.client_id for story in told}) == 450


def test_a_duplicate_names_a_story_that_came_before_and_is_the_same_matter():
    told = stories(200)
    for story in (story for story in told if story.arrival is Arrival.DUPLICATE):
        first = told[story.of]
        assert (first.number < story.number, first.category, first.town) == (True, story.category, story.town)


def test_what_shall_be_closed_has_no_mandatory_penalty():
    policies = {row["code"]: row["penalty_policy"] for row in CATALOGUE}
    assert {policies[code] for code in PENALISED} == {"mandatory"}
    assert "mandatory" not in {policies[code] for code in LENIENT}
    assert not any(row.get("night_rule") for row in CATALOGUE if row["code"] in (*LENIENT, *PENALISED))
    assert all(row.get("night_rule") for row in CATALOGUE if row["code"] in BY_NIGHT)


@pytest.mark.parametrize("number", range(0, 60, 7))
def test_places_lie_where_they_should(number):
    code = sorted(responsible())[number % 13]
    assert responsible()[code].contains(shapely.Point(spots.inside(code, number)))
    on_border = shapely.Point(spots.on_border(number))
    assert sum(area.distance(on_border) < 0.0001 for area in responsible().values()) >= 2
    assert not any(area.intersects(shapely.Point(spots.outside(number))) for area in towns().values())


def test_a_place_is_told_in_four_datums_and_means_the_same():
    place = spots.inside("990101001", 1)
    told = [spots.told(place, number) for number in range(4)]
    assert {row["crs"] for row in told} == set(Datum)
    assert all(to_wgs84(row["lon"], row["lat"], Datum(row["crs"])).metres_to(place) < 0.1 for row in told)


def test_every_report_is_one_that_a_phone_may_send_and_the_same_all_day(now):
    told = stories(200)
    sent = [report(story, (), now=now, notice_version="2026-11") for story in told]
    assert sent == [report(story, (), now=now.replace(hour=9), notice_version="2026-11") for story in told]
    for body in sent:
        assert ReportIn.model_validate_json(json.dumps(body)).implausible_time(now=now) is None
    assert {body["emergency"]["answer"] for body in sent} == {"none", "happening", "trapped"}
    assert len({body["text"] for body in sent}) > 150


def test_an_extract_says_the_matter_and_not_how_it_was_told():
    for code in words.words():
        for number in range(20):
            extract = words.extract(code, number)
            assert not any(opening and opening in extract for opening in words.OPENINGS)
            assert not any(ending and ending in extract for ending in words.ENDINGS)
