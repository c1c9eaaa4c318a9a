"""X43, E3: what is hidden is gone from the pixels; what models propose is found offline, in the sandbox."""

import io
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from kit.images import Region, clean, find_regions, mask, prove_clean
from kit.images.sandbox import Sandbox
from tests.kit.photos import encoded, grainy, scene

HIDDEN = Region("face", 400, 300, 240, 160)


def copy_of(image: Image.Image) -> bytes:
    return clean(encoded(image, "PNG"))[0].data


def pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def inside(data: bytes, region: Region, *, edge: int) -> np.ndarray:
    """What is shown in a region, but for its edge: there a decoder mixes in the colour beside it."""
    bottom, right = region.top + region.height, region.left + region.width
    return pixels(data)[region.top + edge : bottom - edge, region.left + edge : right - edge]


# --- burning in


def test_a_region_is_black_in_every_size_and_the_copy_is_proven_clean():
    large, small = mask(copy_of(scene()), [HIDDEN])
    assert prove_clean(large.data) == (1200, 900)
    assert prove_clean(small.data) == (320, 240)
    assert inside(large.data, HIDDEN, edge=2).max() <= 8
    assert pixels(small.data)[82:120, 110:168].max() <= 24
    assert pixels(large.data)[:280].mean() > 60


def test_x43_nothing_of_what_was_hidden_is_left():
    """Two photos that differ only inside give the very same bytes: nobody can tell what was there."""
    one, other = scene().copy(), scene().copy()
    within = (HIDDEN.left + 16, HIDDEN.top + 16, HIDDEN.left + HIDDEN.width - 16, HIDDEN.top + HIDDEN.height - 16)
    one.paste("white", within)
    other.paste(grainy(within[2] - within[0], within[3] - within[1]), within)
    first, second = copy_of(one), copy_of(other)
    assert first != second
    assert [c.data for c in mask(first, [HIDDEN])] == [c.data for c in mask(second, [HIDDEN])]


def test_a_person_may_find_nothing_to_hide():
    large, _ = mask(copy_of(scene()), [])
    assert np.abs(pixels(large.data).astype(int) - pixels(copy_of(scene()))).mean() < 3


@given(
    st.lists(st.tuples(st.integers(0, 1199), st.integers(0, 899), st.integers(1, 400), st.integers(1, 400)), max_size=5)
)
@settings(max_examples=25, deadline=None)
def test_every_region_is_hidden_wherever_it_lies(boxes):
    regions = [Region("other", x, y, min(w, 1200 - x), min(h, 900 - y)) for x, y, w, h in boxes]
    masked = mask(copy_of(_white()), regions)[0].data
    for each in regions:
        assert each.is_inside(1200, 900)
        assert inside(masked, each, edge=0).max() <= 8


@lru_cache(maxsize=1)
def _white() -> Image.Image:
    return Image.new("RGB", (1200, 900), "white")


@pytest.mark.parametrize(
    "region",
    [
        Region("face", -1, 0, 5, 5), Region("face", 0, 0, 0, 5), Region("face", 0, 0, 5, -5),
        Region("face", 96, 0, 5, 5), Region("face", 0, 96, 5, 5),
    ],
)  # fmt: skip
def test_a_region_lies_within_the_picture(region):
    assert not region.is_inside(100, 100)


# --- finding


def street() -> Image.Image:
    """Two faces, two plates and a number, and a sign that is evidence."""
    image = Image.new("RGB", (1600, 1200), (150, 160, 170))
    draw = ImageDraw.Draw(image)
    for x, y, s in ((1200, 350, 50), (1400, 900, 30)):
        _face(draw, x, y, s)
    image = image.filter(ImageFilter.GaussianBlur(2))
    draw = ImageDraw.Draw(image)
    _sign(draw, (200, 800), 60, "A·88321", (20, 60, 180), "white")
    _sign(draw, (600, 800), 44, "B·D12345", (60, 180, 90), "black")
    _sign(draw, (300, 1000), 50, "13912345678", (250, 250, 250), "red")
    _sign(draw, (900, 1020), 70, "EXIT", (10, 120, 60), "white")
    return image


def _face(draw: ImageDraw.ImageDraw, x: int, y: int, s: int) -> None:
    skin, hair = (224, 176, 148), (40, 28, 22)
    draw.ellipse((x - s * 0.75, y - s * 1.05, x + s * 0.75, y + s * 0.6), fill=hair)
    draw.ellipse((x - s * 0.62, y - s * 0.8, x + s * 0.62, y + s * 0.9), fill=skin)
    draw.pieslice((x - s * 0.68, y - s * 0.95, x + s * 0.68, y + s * 0.1), 180, 360, fill=hair)
    for eye in (x - s * 0.27, x + s * 0.27):
        draw.ellipse((eye - s * 0.13, y - s * 0.10, eye + s * 0.13, y + s * 0.06), fill=(245, 245, 245))
        draw.ellipse((eye - s * 0.06, y - s * 0.08, eye + s * 0.06, y + s * 0.05), fill=(30, 20, 15))
        draw.line((eye - s * 0.16, y - s * 0.2, eye + s * 0.16, y - s * 0.22), fill=hair, width=max(2, int(s * 0.05)))
    draw.polygon([(x, y), (x - s * 0.1, y + s * 0.28), (x + s * 0.1, y + s * 0.28)], fill=(200, 150, 122))
    draw.ellipse((x - s * 0.24, y + s * 0.42, x + s * 0.24, y + s * 0.56), fill=(176, 84, 84))
    draw.rectangle((x - s * 0.3, y + s * 0.85, x + s * 0.3, y + s * 1.3), fill=skin)


def _sign(draw: ImageDraw.ImageDraw, at: tuple[int, int], high: int, text: str, ground: object, ink: object) -> None:
    font = ImageFont.load_default(high * 0.8)
    x, y = at
    draw.rectangle((x, y, x + draw.textlength(text, font=font) + high * 0.4, y + high), fill=ground)
    draw.text((x + high * 0.2, y + high * 0.05), text, font=font, fill=ink)


def covers(region: Region, x: int, y: int) -> bool:
    return region.left <= x <= region.left + region.width and region.top <= y <= region.top + region.height


@pytest.fixture(scope="module")
def found() -> list[Region]:
    regions = find_regions(copy_of(street()), width=1600, height=1200)
    assert regions is not None
    return regions


@pytest.mark.parametrize(
    ("kind", "middle"),
    [
        ("face", (1200, 350)),
        ("face", (1400, 905)),
        ("plate", (310, 830)),
        ("plate", (700, 822)),
        ("number", (430, 1025)),
    ],
)  # fmt: skip
def test_faces_plates_and_long_numbers_are_proposed(found, kind, middle):
    assert [region for region in found if region.kind == kind and covers(region, *middle)]


def test_a_sign_is_evidence_and_is_not_proposed(found):
    assert not [region for region in found if covers(region, 990, 1055)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("京A·88321", "plate"), ("粤B D12345", "plate"), ("沪C66K09", "plate"), ("电话 139-1234-5678", "number"),
        ("安全出口 EXIT", None), ("128号", None), ("2026", None), ("", None), ("禁止烟火 119", None),
    ],
)  # fmt: skip
def test_what_a_line_of_text_is(text, kind):
    from kit.images.finding import kind_of  # noqa: PLC0415 - loads the models' libraries

    assert kind_of(text) == kind


def test_what_the_models_cannot_read_is_told_as_not_looked_at():
    assert find_regions(b"no photo", width=10, height=10) is None
    assert find_regions(encoded(grainy(), "PNG"), width=320, height=240) is None


def test_what_is_proposed_lies_within_the_picture():
    assert find_regions(copy_of(street()), width=200, height=200) == []


def test_it_ends_by_itself_when_nothing_comes_and_is_started_again():
    short = Sandbox("kit.images.finder", idle_s=0.2)
    for _ in range(2):
        assert short.run({"do": "find"}, copy_of(scene())).content
        process = short._process
        assert process is not None
        assert process.wait(timeout=20) == 0
    short.stop()
