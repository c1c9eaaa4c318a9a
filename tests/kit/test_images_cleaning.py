"""Clean copies: pixels and nothing else, from every kind of photo, in a sandbox that survives the bad ones."""

import io
from contextlib import suppress
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from kit.images import Derivative, PhotoBroken, clean, prove_clean
from tests.kit.photos import QUARTERS, SECRET, carriers, claiming, encoded, exif, grainy, quarters, with_scans

WHITE = (255, 255, 255)


def opened(copy: Derivative) -> Image.Image:
    return Image.open(io.BytesIO(copy.data)).convert("RGB")


def near(colour: object, wanted: tuple[int, int, int], within: int = 24) -> bool:
    assert isinstance(colour, tuple)
    return all(abs(a - b) <= within for a, b in zip(colour, wanted, strict=True))


def corners(image: Image.Image) -> dict[str, object]:
    """The colours well inside the four quarters."""
    xs, ys = {"L": image.width // 4, "R": image.width * 3 // 4}, {"T": image.height // 4, "B": image.height * 3 // 4}
    return {name: image.getpixel((xs[name[1]], ys[name[0]])) for name in QUARTERS}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_photo_becomes_two_clean_copies_of_its_own_shape(kind):
    copies = clean(encoded(quarters(2400, 1600), kind))
    assert [(c.longest, c.width, c.height) for c in copies] == [(1600, 1600, 1067), (320, 320, 213)]
    for copy in copies:
        assert prove_clean(copy.data) == (copy.width, copy.height)
        assert all(near(colour, QUARTERS[name]) for name, colour in corners(opened(copy)).items())


def test_a_small_photo_is_not_enlarged_and_a_thin_one_keeps_a_pixel():
    assert [(c.width, c.height) for c in clean(encoded(grainy(200, 100), "JPEG"))] == [(200, 100), (200, 100)]
    assert [(c.width, c.height) for c in clean(encoded(grainy(15_000, 64), "PNG"))] == [(1600, 7), (320, 2)]


def test_a_photo_may_come_from_a_file(tmp_path):
    (tmp_path / "photo").write_bytes(encoded(quarters(), "PNG"))
    assert clean(tmp_path / "photo", sizes=(100, 50))[1].width == 50


@pytest.mark.parametrize("name", carriers())
def test_nothing_that_a_photo_carries_beside_its_pixels_is_in_the_copies(name):
    photo = carriers()[name]
    assert SECRET in photo or name == "heic xmp"
    for copy in clean(photo):
        prove_clean(copy.data)
        assert SECRET not in copy.data
        with Image.open(io.BytesIO(copy.data)) as image:
            assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
            assert not image.getexif()


# Where EXIF's orientation puts the first row and the first column of what is stored.
FIRST_ROW_COLUMN = {1: "TL", 2: "TR", 3: "BR", 4: "BL", 5: "LT", 6: "RT", 7: "RB", 8: "LB"}
OPPOSITE = {"T": "B", "B": "T", "L": "R", "R": "L"}


@pytest.mark.parametrize("orientation", FIRST_ROW_COLUMN)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_upright_however_the_phone_was_held(kind, orientation):
    row, column = FIRST_ROW_COLUMN[orientation]
    stored = {"TL": row + column, "TR": row + OPPOSITE[column]}
    stored |= {"BL": OPPOSITE[row] + column, "BR": OPPOSITE[row] + OPPOSITE[column]}
    seen = {"".join(sorted(place, key="TBLR".index)): QUARTERS[name] for name, place in stored.items()}
    copy = clean(encoded(quarters(2400, 1600), kind, exif=exif(orientation=orientation)))[0]
    assert (copy.width > copy.height) == (orientation <= 4)
    for name, colour in corners(opened(copy)).items():
        assert near(colour, seen[name]), (name, colour)


def test_a_damaged_note_on_orientation_does_not_lose_the_photo():
    for block in (b"Exif\x00\x00MM\x00*\xff\xff\xff\xff", b"Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01", b"x"):
        assert clean(encoded(grainy(), "JPEG", exif=block))[0].width == 320


@lru_cache(maxsize=1)
def kinds_of_pixels() -> dict[str, tuple[bytes, tuple[int, int, int]]]:
    """Photos in uncommon modes, and the colour that must come out."""
    half_clear = Image.new("RGBA", (200, 200), (0, 0, 0, 0))
    palette = Image.new("P", (200, 200), 1)
    palette.putpalette([0, 0, 0, 200, 30, 30])
    grey16 = Image.new("I", (200, 200), 128 * 257).convert("I;16")
    return {
        "cmyk jpeg": (encoded(Image.new("CMYK", (200, 200), (0, 255, 255, 0)), "JPEG"), (255, 0, 0)),
        "grey jpeg": (encoded(Image.new("L", (200, 200), 90), "JPEG"), (90, 90, 90)),
        "grey of 16 bits": (encoded(grey16, "PNG"), (128, 128, 128)),
        "grey and alpha": (encoded(Image.new("LA", (200, 200), (50, 0)), "PNG"), WHITE),
        "single bits": (encoded(Image.new("1", (200, 200), 1), "PNG"), WHITE),
        "palette": (encoded(palette, "PNG"), (200, 30, 30)),
        "palette and a clear colour": (encoded(palette, "PNG", transparency=1), WHITE),
        "clear png": (encoded(half_clear, "PNG"), WHITE),
        "clear webp": (encoded(half_clear, "WEBP"), WHITE),
        "one clear colour": (encoded(Image.new("RGB", (200, 200), (9, 9, 9)), "PNG", transparency=(9, 9, 9)), WHITE),
        "clear heic": (encoded(half_clear, "HEIF"), WHITE),
    }


@pytest.mark.parametrize("name", kinds_of_pixels())
def test_every_kind_of_pixel_comes_out_right_on_white(name):
    photo, colour = kinds_of_pixels()[name]
    for copy in clean(photo):
        assert near(opened(copy).getpixel((copy.width // 2, copy.height // 2)), colour, 6)


@pytest.mark.parametrize(
    "photo",
    [
        b"",
        b"\xff\xd8\xff" + bytes(100),
        encoded(grainy(), "GIF"),
        encoded(grainy(), "TIFF"),
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n",
        encoded(grainy(), "JPEG")[:-5000],
        encoded(grainy(), "PNG")[:-5000],
        encoded(grainy(), "HEIF")[:-5000],
        claiming(8126, 8000),
        claiming(65_000, 65_000),
    ],
    ids=["nothing", "zeros", "gif", "tiff", "eps", "torn jpeg", "torn png", "torn heic", "65 MP", "4 GP"],
)
def test_what_cannot_be_decoded_is_broken(photo):
    with pytest.raises(PhotoBroken) as refused:
        clean(photo)
    assert (refused.value.code, refused.value.retryable) == ("photo.broken", False)


def test_a_jpeg_of_sixty_four_scans_is_decoded_within_the_limits():
    assert clean(with_scans(64))[0].width == 128


@given(
    st.sampled_from(["JPEG", "PNG", "WEBP", "HEIF"]),
    st.lists(st.tuples(st.floats(0, 0.9999), st.binary(min_size=1, max_size=8)), min_size=1, max_size=6),
)
@settings(max_examples=60, deadline=None)
def test_a_damaged_photo_is_cleaned_or_refused_by_name(kind, wounds):
    data = bytearray(encoded(quarters(), kind))
    for share, wound in wounds:
        at = int(share * len(data))
        data[at : at + len(wound)] = wound
    with suppress(PhotoBroken):
        assert [copy.longest for copy in clean(bytes(data))] == [1600, 320]
