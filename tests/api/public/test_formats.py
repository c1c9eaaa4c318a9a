"""RSS, JSON Feed, ninjs and the sitemap are what their readers take, whatever an officer typed."""

import json
from datetime import timedelta

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as some
from jsonschema_rs import Draft202012Validator
from lxml import etree

from api.public.formats import geojson, json_feed, ninjs, rss, sitemap
from cases.feeds import Item
from cases.feeds.items import item
from cases.models.exposure import PublicExposure
from tests import published
from tests.make import NOW

BASE = "https://a.example"
TEXT = {"type": "string", "minLength": 1}
WHEN = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"}
URL = {"type": "string", "pattern": "^(https|tag|http):"}


def closed(required, **optional):
    known = {**required, **optional}
    return {"type": "object", "required": list(required), "properties": known, "additionalProperties": False}


# JSON Feed 1.1 as jsonfeed.org writes it: what is required, and the names that we use.
JSON_FEED = closed(
    {"version": {"const": "https://jsonfeed.org/version/1.1"}, "title": TEXT, "items": {"type": "array", "items": {
        **closed({"id": TEXT}, url=URL, title=TEXT, content_text=TEXT, summary=TEXT, date_published=WHEN,
                 date_modified=WHEN, tags={"type": "array", "items": TEXT}, _exposure={"type": "object"}),
        "anyOf": [{"required": ["content_text"]}, {"required": ["content_html"]}],
    }}},
    home_page_url=URL, feed_url=URL, description=TEXT, language={"const": "zh-CN"},
    authors={"type": "array", "items": closed({"name": TEXT})},
)  # fmt: skip
VALUE = {"type": "array", "items": closed({"value": {"type": "string"}}, role=TEXT, contentType=TEXT)}
# IPTC ninjs 3.1: only `uri` is required, names that it does not know are refused, and these are its words.
NINJS = closed(
    {"uri": URL}, standard=closed({"name": {"const": "ninjs"}, "version": {"const": "3.1"}, "schema": URL}),
    type={"enum": ["text", "audio", "video", "picture", "graphic", "composite", "component", "event", "planning"]},
    representationType={"enum": ["full", "partial"]}, version={"type": "string"}, firstCreated=WHEN,
    versionCreated=WHEN, pubStatus={"enum": ["usable", "withheld", "canceled"]}, copyrightHolder=TEXT,
    usageTerms=TEXT, edNote=TEXT, language=TEXT, headlines=VALUE, bodies=VALUE, descriptions=VALUE,
    subjects={"type": "array", "items": closed({}, name=TEXT, rel=TEXT, literal=TEXT)},
    organisations={"type": "array", "items": closed({}, name=TEXT, rel=TEXT, contactInfo={
        "type": "array", "items": closed({"value": TEXT}, type=TEXT)})},
    places={"type": "array", "items": closed({}, name=TEXT, rel=TEXT, literal=TEXT, geoJSON=closed({
        "type": {"const": "Point"}, "coordinates": {"type": "array", "items": {"type": "number"}, "minItems": 2}}))},
)  # fmt: skip


def told(**facts):
    return item(Item(PublicExposure(**{**published.an_exposure(), "public_id": "ab12", **facts}), 120.6301, 31.3776))


def gone(status="withdrawn", reason="核查有误"):
    values = {**published.an_exposure(), **published.gone(status, reason), "public_id": "ab12"}
    return item(Item(PublicExposure(**values), None, None))


def made(form, *items):
    return form.document(items, base_url=BASE, now=NOW)


def test_rss_is_read_by_the_most_used_reader():
    parsed = feedparser.parse(made(rss, told(), told(public_id="cd34", status="corrected"), gone()))
    assert not parsed.bozo
    assert [entry.title for entry in parsed.entries] == [
        "某仓库安全出口堵塞", "【更正】某仓库安全出口堵塞", "【撤稿】一条曝光信息已撤回",
    ]  # fmt: skip
    assert parsed.entries[0].where["coordinates"] == (120.6301, 31.3776)
    assert parsed.entries[0].id == parsed.entries[2].id  # the same guid: a reader puts the withdrawal in its place
    assert parsed.entries[2].description == "撤回原因：核查有误"
    assert parsed.entries[0].published_parsed[:4] == (2026, 11, 20, 2)


@given(some.text(alphabet=some.characters(exclude_categories=["Cs"])))
def test_no_character_makes_rss_or_the_sitemap_unreadable(text):
    etree.fromstring(made(rss, told(title=text, body=text, entity_name=text, category_zh=text)))
    etree.fromstring(made(sitemap, told(title=text)))


def test_json_feed_is_as_its_page_says():
    feed = json.loads(made(json_feed, told(), gone(), told(status="corrected", progress=None)))
    Draft202012Validator(JSON_FEED).validate(feed)
    assert feed["items"][0]["_exposure"]["version"] == 1
    assert "tags" not in feed["items"][1]


@pytest.mark.parametrize(
    ("each", "status"),
    [(told(), "usable"), (told(status="corrected"), "usable"), (told(point=None), "usable"), (gone(), "canceled"),
     (gone("expired", "展示期满"), "canceled")],
)  # fmt: skip
def test_ninjs_has_no_word_that_the_standard_does_not_know(each, status):
    (news,) = json.loads(made(ninjs, each))
    Draft202012Validator(NINJS).validate(news)
    assert news["pubStatus"] == status
    assert news["uri"] == "tag:jingzhong,2026:exposure:ab12"


def test_an_item_that_is_gone_has_no_body_no_place_and_nobody_s_name():
    (news,) = json.loads(made(ninjs, gone()))
    assert not {"bodies", "places", "organisations", "subjects"} & news.keys()
    assert news["edNote"] == "撤回原因：核查有误"


def test_geojson_says_longitude_first_and_holds_only_what_is_shown():
    found = json.loads(made(geojson, told(), gone()))
    (feature,) = found["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [120.6301, 31.3776]}
    assert not [value for value in feature["properties"].values() if isinstance(value, dict | list)]


def test_the_sitemap_drops_what_is_gone():
    root = etree.fromstring(made(sitemap, told(), gone()))
    places = [each.text for each in root.iter(f"{{{sitemap.NAMES}}}loc")]
    assert places == [f"{BASE}/exposures", f"{BASE}/exposures/ab12"]


def test_the_same_items_give_the_same_bytes():
    for form in (rss, json_feed, ninjs, geojson, sitemap):
        assert made(form, told(), gone()) == made(form, told(), gone())
        assert form.document([], base_url=BASE, now=NOW + timedelta(days=1))
