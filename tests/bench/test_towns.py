"""Synthetic towns are valid, share their borders exactly, and leave no gap where points are drawn."""

import io

import pytest
import shapely
from PIL import Image

from bench.paths import derivatives, photo
from bench.towns import Grid
from kit.images import clean

GRID = Grid(columns=4, side=12)


@pytest.fixture(scope="module")
def towns():
    return {number: shapely.from_wkb(outline) for number, outline in GRID.outlines(0, 12)}


def test_towns_are_valid_and_have_the_vertices_asked_for(towns):
    assert all(shapely.is_valid(town) for town in towns.values())
    assert {shapely.get_num_coordinates(town) for town in towns.values()} == {4 * 12 + 1}


def test_neighbours_neither_overlap_nor_leave_a_gap(towns):
    together = shapely.union_all(list(towns.values()))

    assert together.area == pytest.approx(sum(town.area for town in towns.values()), rel=1e-12)
    assert not together.geoms[0].interiors if together.geom_type == "MultiPolygon" else not together.interiors


@pytest.mark.parametrize("count", [1, 3, 8, 12])
def test_where_points_are_drawn_every_point_lies_in_a_town(towns, count):
    covered = shapely.union_all([towns[number] for number in range(count)])

    assert covered.buffer(1e-9).covers(shapely.box(*GRID.box(count)))


def test_the_photo_is_a_jpeg_of_about_two_megabytes():
    content = photo.photo()

    assert 1_500_000 < len(content) < 2_500_000
    assert Image.open(io.BytesIO(content)).format == "JPEG"


def test_the_shot_has_twelve_megapixels_and_its_limit_makes_the_same_two_sizes():
    with Image.open(io.BytesIO(derivatives.shot())) as shot:
        assert shot.size == (4000, 3000)
    assert [(copy.width, copy.height) for copy in clean(derivatives.shot())] == [(1600, 1200), (320, 240)]
    assert [Image.open(io.BytesIO(copy)).size for copy in derivatives.shrink(derivatives.shot())] == [
        (1600, 1200), (320, 240),
    ]  # fmt: skip
