"""T12: a photo is known again when it was resized, recompressed or mirrored, and no other photo is taken for it."""

import numpy as np
import pytest
from PIL import Image, ImageOps

from kit.images import SAME_WITHIN, clean, likeness
from tests.kit.photos import encoded, quarters, scene

STRAIGHT = 0x1C6738E771E2E1C6C3C687860F8E1E0E7C3EF03CF0FCDBF800903FF0FFC0F000
MIRRORED = 0x49326DB224B7B4939693D2D35ADB4B59294BA569A5A98EA955C56AA5AA958555
A_FEW = 6


def look(image: Image.Image, kind: str = "JPEG", **options: object):
    return likeness(clean(encoded(image, kind, **options))[-1].data)


def apart(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize(
    "copy",
    [
        lambda: look(scene().resize((500, 375))),
        lambda: look(scene(), quality=30),
        lambda: look(scene(), "WEBP", quality=40),
        lambda: look(scene(), "HEIF"),
        lambda: look(ImageOps.grayscale(scene())),
    ],
    ids=["half", "poor", "webp", "heic", "grey"],
)
def test_t12_a_copy_is_known_again(copy):
    assert apart(look(scene()).straight, copy().straight) <= SAME_WITHIN


def test_t12_its_mirror_image_is_known_again_and_is_not_the_same():
    one, other = look(scene()), look(ImageOps.mirror(scene()))
    assert apart(one.straight, other.mirrored) <= SAME_WITHIN < apart(one.straight, other.straight)
    assert apart(one.mirrored, other.straight) <= SAME_WITHIN


def test_t12_another_photo_is_far_away():
    for seed in (2, 3, 4):
        assert apart(look(scene()).straight, look(scene(seed)).straight) > 2 * SAME_WITHIN


def test_what_shows_nothing_has_no_likeness():
    assert likeness(encoded(Image.new("RGB", (320, 240), (90, 90, 90)), "JPEG")) is None


@pytest.mark.parametrize("content", [b"", b"no photo", encoded(quarters(), "PNG")])
def test_only_a_clean_copy_is_looked_at(content):
    assert likeness(content) is None


def test_the_bits_are_those_of_pdq():
    """What `pdqhash` 0.2.8 (ThreatExchange's own C++) said of this picture; decoders may round a few bits."""
    down, right = np.mgrid[0:200, 0:300]
    colours = (right * right // 7 + down * 3, right * down // 11, down * down // 5 + right)
    picture = Image.fromarray(np.stack(colours, -1).astype(np.uint8))
    seen = likeness(encoded(picture, "JPEG", quality=95))
    assert apart(seen.straight, f"{STRAIGHT:0256b}") <= A_FEW >= apart(seen.mirrored, f"{MIRRORED:0256b}")
