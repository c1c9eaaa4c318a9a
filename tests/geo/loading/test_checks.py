"""C13's quality checks: what is wrong with shapes is found, named and measured; and what may be mended is mended."""

from dataclasses import replace

import pytest
import shapely

from geo.loading import checks, mending
from geo.loading.fields import Town
from geo.loading.findings import ERROR
from geo.shapes import area_m2
from tests.geo.drawing import square


def town(name: str, shape, code: str | None = None) -> Town:
    return Town(1, code, name, "", "town", "990199", shape)


def codes(*towns: Town, layer="admin", **more) -> list[str]:
    return [each.code for each in checks.findings(towns, layer, **more)]


def found(code: str, *towns: Town, layer="admin"):
    return next(each for each in checks.findings(towns, layer) if each.code == code)


LEFT, RIGHT = town("左镇", square(0, 0), "990199100"), town("右镇", square(10, 0), "990199101")


def test_a_clean_coverage_has_nothing_to_tell():
    assert codes(LEFT, RIGHT) == []


def test_an_overlap_is_an_error_with_both_names_its_area_and_its_place():
    wider = replace(LEFT, shape=square(0, 0, 12))
    seen = found("overlap", wider, RIGHT)

    assert seen.grade == ERROR
    assert seen.units == ("左镇", "右镇")
    assert seen.area_m2 == pytest.approx(area_m2(square(10, 0, 2)), rel=1e-3)
    assert seen.at == pytest.approx((117.011, 31.005), abs=1e-3)
    assert not seen.mendable


def test_a_town_within_a_town_is_an_overlap():
    assert "overlap" in codes(LEFT, replace(RIGHT, shape=square(2, 2, 2, 2)))


def test_the_same_territory_twice_is_an_overlap():
    assert "overlap" in codes(LEFT, replace(RIGHT, shape=LEFT.shape))


def test_a_gap_is_told_with_those_around_it():
    frame = square(0, 0, 30, 30) - square(10, 10)
    seen = found("gap", replace(LEFT, shape=frame))

    assert seen.units == ("左镇",)
    assert seen.area_m2 == pytest.approx(area_m2(square(10, 10)), rel=1e-3)


def test_an_enclave_that_fills_a_hole_is_no_gap_and_is_told():
    frame = replace(LEFT, shape=square(0, 0, 30, 30) - square(10, 10))

    assert codes(frame, replace(RIGHT, shape=square(10, 10))) == ["enclaves"]


def test_edges_that_do_not_match_are_told():
    corner_more = shapely.Polygon([(117.01, 31), (117.02, 31), (117.02, 31.01), (117.01, 31.01), (117.01, 31.005)])

    assert "unmatched_edge" in codes(LEFT, replace(RIGHT, shape=corner_more))


def test_an_invalid_ring_is_told_with_its_reason():
    bow = shapely.Polygon([(117, 31), (117.01, 31.01), (117.01, 31), (117, 31.01)])
    seen = found("invalid_ring", replace(LEFT, shape=bow), RIGHT)

    assert "Self-intersection" in seen.text
    assert seen.units == ("左镇",)


def test_small_and_thin_parts_are_told():
    speck = shapely.MultiPolygon([square(0, 0), square(20, 20, 0.1, 0.1)])
    thread = shapely.MultiPolygon([square(0, 0), square(0, 20, 10, 0.02)])

    assert codes(replace(LEFT, shape=speck)) == ["small_part", "enclaves"]
    assert codes(replace(LEFT, shape=thread)) == ["small_part", "enclaves"]


def test_codes_and_names_that_stand_twice_are_errors():
    assert codes(LEFT, replace(RIGHT, code=LEFT.code)) == ["duplicate_code"]
    assert codes(LEFT, replace(RIGHT, name_zh=LEFT.name_zh)) == ["duplicate_name"]


def test_equal_names_in_two_districts_are_none():
    assert codes(LEFT, replace(RIGHT, name_zh=LEFT.name_zh, district_code="990198")) == []


def test_what_lies_beyond_an_outline_and_what_it_leaves_is_told():
    assert codes(LEFT, outline=square(2, 0, 12)) == ["beyond_outline", "uncovered"]


def test_zones_need_not_meet_but_must_not_overlap():
    assert codes(LEFT, replace(RIGHT, shape=square(50, 0)), layer="jurisdiction") == []
    assert codes(LEFT, replace(RIGHT, shape=square(5, 0)), layer="jurisdiction") == ["overlap"]


def test_rows_that_are_parts_of_one_unit_are_joined():
    parts = [LEFT, replace(LEFT, shape=square(20, 0))]
    mended, done = mending.mended(parts, "admin")

    assert len(mended) == 1
    assert len(mended[0].shape.geoms) == 2
    assert [each.code for each in done] == ["mended_parts"]


def test_a_bow_tie_is_made_valid_and_told():
    bow = shapely.Polygon([(117, 31), (117.01, 31.01), (117.01, 31), (117, 31.01)])
    mended, done = mending.mended([replace(LEFT, shape=bow)], "admin")

    assert mended[0].shape.is_valid
    assert [each.code for each in done] == ["mended_rings"]


def test_slivers_are_snapped_away_and_little_moves():
    a_bit_over = replace(LEFT, shape=square(0, 0, 10.002))  # 0.2 m over the border
    mended, done = mending.mended([a_bit_over, RIGHT], "admin")

    assert codes(*mended) == []
    assert "mended_edges" in [each.code for each in done]
    assert abs(area_m2(mended[1].shape) - area_m2(RIGHT.shape)) < 300


def test_a_real_overlap_is_never_given_away():
    disputed = replace(LEFT, shape=square(0, 0, 12))
    mended, _ = mending.mended([disputed, RIGHT], "admin")

    assert "overlap" in codes(*mended)
    assert mended[0].shape.equals(disputed.shape)
