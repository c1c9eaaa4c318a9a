"""The demo's photos: they pass the checks that every phone's photo must pass, and are the same on each machine."""

import io

import pytest
from PIL import Image, ImageChops, ImageStat

from cli.demo.pictures import SCENES, picture
from kit.images import Picture, capture_facts, clean, inspect


def difference(one: bytes, other: bytes) -> float:
    """The mean difference of two pictures, 0…255."""
    small = [Image.open(io.BytesIO(data)).convert("L").resize((160, 120)) for data in (one, other)]
    return ImageStat.Stat(ImageChops.difference(*small)).mean[0]


@pytest.mark.parametrize("code", SCENES)
def test_every_category_has_a_photo_before_and_after_that_a_phone_could_send(code):
    before, after = picture(code, 3), picture(code, 3, after=True)
    for photo in (before, after):
        assert inspect([photo]) == Picture("jpeg", 1600, 1200)
        assert 100_000 < len(photo) < 300_000
    assert difference(before, after) > 1.5


def test_the_same_seed_gives_the_same_photo_and_another_seed_another():
    assert picture("FIR-01", 5) == picture("FIR-01", 5)
    assert picture("FIR-01", 5) != picture("FIR-01", 6)


def test_a_category_of_the_districts_own_gets_a_photo_too():
    assert picture("ZZ-99", 1) != picture("OTH-01", 1)


def test_a_demo_photo_goes_through_the_sandbox_like_any_other():
    photo = picture("GAS-01", 1)
    assert [copy.width for copy in clean(photo)] == [1600, 320]
    assert capture_facts(photo).position is None


def test_a_machine_without_a_chinese_font_still_draws(monkeypatch):
    monkeypatch.setattr("cli.demo.scenery.brush.font", lambda _size: None)
    assert inspect([picture("FIR-01", 1)]).kind == "jpeg"
