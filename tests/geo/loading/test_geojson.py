"""Import bombs and half-files, one by one (security.md): each is refused by name, and none is unpacked."""

import json

import pytest

from geo.loading import source
from geo.loading.reading import read, read_geojson
from tests.geo.drawing import document, feature, ring_of, square

RING = ring_of(square(0, 0))


def read_text(text: str | bytes):
    return read_geojson("x.geojson", text.encode() if isinstance(text, str) else text)


def with_rings(*rings: object, kind: str = "Polygon") -> bytes:
    return document(feature({"type": kind, "coordinates": list(rings)}, name="x"))


def test_holes_and_parts_are_all_kept():
    shape = square(0, 0, 30, 30) - square(10, 10)
    found = read_text(document(feature(shape, name="一镇"), feature(square(50, 0), name="二镇")))

    assert [each.facts["name"] for each in found.features] == ["一镇", "二镇"]
    assert len(found.features[0].shape.interiors) == 1
    assert found.crs == "EPSG:4326"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        "null",
        '"x"',
        '{"type": "Feature"}',
        '{"type":"FeatureCollection","features":[1e400,]}',
        "\x00\x01",
    ],
)
def test_what_is_no_feature_collection_is_refused(text):
    with pytest.raises((source.FileUnreadable, source.FileTooLarge)):
        read_text(text)


def test_a_nest_of_brackets_is_refused_before_it_is_parsed():
    with pytest.raises(source.FileTooLarge):
        read_text('{"type":"FeatureCollection","features":' + "[" * 100_000)


def test_brackets_inside_texts_are_only_text():
    found = read_text(document(feature(square(0, 0), name='[[[[[[[[[[[[[[["\\')))

    assert found.features[0].facts["name"].startswith("[[[")


def test_more_lists_than_vertices_may_have_are_refused_before_they_are_parsed():
    with pytest.raises(source.FileTooLarge):
        read_text('{"type":"FeatureCollection","features":[' + "[]," * 500_000 + "[]]}")


def test_more_bytes_than_ten_megabytes_are_refused(tmp_path):
    path = tmp_path / "big.geojson"
    path.write_bytes(b" " * (source.MOST_GEOJSON_BYTES + 1))

    with pytest.raises(source.FileTooLarge):
        read(path)


def test_more_features_than_five_thousand_are_refused():
    row = feature({"type": "Polygon", "coordinates": [RING]})
    with pytest.raises(source.FileTooLarge):
        read_text(document(*[row] * 5_001))


def test_more_vertices_than_two_hundred_thousand_are_refused():
    ring = [[117 + i * 1e-6, 31] for i in range(200_001)]
    with pytest.raises(source.FileTooLarge):
        read_text(with_rings([*ring, ring[0]]))


@pytest.mark.parametrize(
    "position",
    [["117", "31"], [1e308, 31], [117], [], [117, None], [True, 31], [117, 31, 0, 0, 0], "117,31", [10**400, 31]],
)
def test_a_position_that_is_no_pair_of_numbers_is_refused(position):
    with pytest.raises((source.NotPolygons, source.FileUnreadable)):
        read_text(with_rings([position, *RING[1:-1], position]))


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_numbers_that_json_does_not_know_are_refused(number):
    text = with_rings(RING).decode().replace("117.0", number, 1)
    with pytest.raises((source.FileUnreadable, source.NotPolygons)):
        read_text(text)


@pytest.mark.parametrize("ring", [[], RING[:2], RING[:3], RING[:4], [RING[0]] * 2, None, "ring"])
def test_a_ring_that_is_too_short_or_open_is_refused(ring):
    with pytest.raises(source.NotPolygons):
        read_text(with_rings(ring))


@pytest.mark.parametrize(
    "geometry",
    [
        None,
        {},
        {"type": "Point", "coordinates": [117, 31]},
        {"type": "LineString", "coordinates": RING},
        {"type": "GeometryCollection", "geometries": [{"type": "Polygon", "coordinates": [RING]}]},
        {"type": "Polygon", "coordinates": []},
        {"type": "MultiPolygon", "coordinates": []},
        {"type": ["Polygon"], "coordinates": [RING]},
    ],
)
def test_what_has_no_territory_is_refused_with_its_number(geometry):
    with pytest.raises(source.NotPolygons) as refusal:
        read_text(document(feature(square(0, 0)), feature(geometry)))

    assert refusal.value.extra["feature"] == 2


def test_heights_are_dropped():
    found = read_text(with_rings([[*pair, 12.5] for pair in RING]))

    assert not found.features[0].shape.has_z


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_names_are_read_as_utf8_or_gb18030(encoding):
    text = document(feature(square(0, 0), name="阳澄湖镇")).decode()

    assert read_text(text.encode(encoding)).features[0].facts["name"] == "阳澄湖镇"


def test_names_in_an_unknown_encoding_ask_for_it():
    with pytest.raises(source.EncodingUnknown):
        read_text(document(feature(square(0, 0), name="x")) + b"\xff\xff")


@pytest.mark.parametrize(
    ("name", "crs"),
    [
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"),
        ("urn:ogc:def:crs:EPSG::4490", "EPSG:4490"),
        ("EPSG:4548", "EPSG:4548"),
    ],
)
def test_an_old_style_crs_is_read(name, crs):
    member = {"type": "name", "properties": {"name": name}}

    assert read_text(document(feature(square(0, 0)), crs=member)).crs == crs


@pytest.mark.parametrize(
    "member", [{}, [], "EPSG:4326", {"type": "link", "properties": {"href": "http://example.org"}}]
)
def test_a_crs_that_names_nothing_is_refused(member):
    with pytest.raises((source.FileUnreadable, AttributeError)) as refusal:
        read_text(document(feature(square(0, 0)), crs=member))

    assert isinstance(refusal.value, source.FileUnreadable)


def test_the_same_bytes_are_known_again():
    text = json.dumps({"type": "FeatureCollection", "features": [feature(square(0, 0))]})

    assert read_text(text).sha256 == read_text(text).sha256 != read_text(text + " ").sha256
