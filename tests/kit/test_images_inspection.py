"""The cheap checks: what they let through, what they refuse by name, and that nothing else ever comes out."""

import io
import os
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from kit.errors import Refusal
from kit.images import Inspector, PhotoBroken, PhotoPixels, PhotoType, Picture, inspect
from kit.images.inspection import MAX_PIXELS
from tests.kit.photos import carriers, claiming, encoded, grainy, with_scans

WHOLE = {
    "jpeg": encoded(grainy(), "JPEG"),
    "jpeg progressive": encoded(grainy(), "JPEG", progressive=True),
    "jpeg restarts": encoded(grainy(), "JPEG", restart_marker_rows=1),
    "png": encoded(grainy(), "PNG"),
    "webp": encoded(grainy(), "WEBP"),
    "webp lossless": encoded(grainy(), "WEBP", lossless=True),
    "webp alpha": encoded(grainy().convert("RGBA"), "WEBP", lossless=True, exact=True),
    "heic": encoded(grainy(), "HEIF"),
}


def pieces(data: bytes, size: int) -> list[bytes]:
    return [data[i : i + size] for i in range(0, len(data), size)]


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("size", [1, 7, 4096, 10**7])
def test_a_whole_photo_passes_however_it_is_cut(name, size):
    assert inspect(pieces(WHOLE[name], size)) == Picture(name.split()[0], 320, 240)


@pytest.mark.parametrize("name", carriers())
def test_a_photo_with_notes_or_a_tail_passes_since_the_copy_drops_them(name):
    assert inspect([carriers()[name]]).kind == name.split()[0]


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("share", [0.01, 0.3, 0.7, 0.999])
def test_a_torn_photo_is_broken(name, share):
    data = WHOLE[name]
    with pytest.raises(PhotoBroken) as refused:
        inspect([data[: int(len(data) * share)]])
    assert (refused.value.code, refused.value.retryable) == ("photo.broken", False)


def test_a_jpeg_without_its_last_two_bytes_is_broken():
    with pytest.raises(PhotoBroken):
        inspect([WHOLE["jpeg"][:-2]])


def test_no_bytes_at_all_are_a_broken_photo():
    with pytest.raises(PhotoBroken):
        inspect([])


OTHER = {
    "gif": encoded(grainy(), "GIF"),
    "tiff": encoded(grainy(), "TIFF"),
    "bmp": encoded(grainy(), "BMP"),
    "avif brand": b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1",
    "film": b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom",
    "heic sequence": b"\x00\x00\x00\x18ftyphevc\x00\x00\x00\x00hevcmif1",
    "svg": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"></svg>',
    "html": b"<html><script>alert(1)</script></html>",
    "pdf": b"%PDF-1.7 and so on",
    "riff of sound": b"RIFF\x24\x00\x00\x00WAVEfmt ",
    "zeros": bytes(4096),
}


@pytest.mark.parametrize("name", OTHER)
def test_anything_else_is_refused_with_its_first_chunk_whatever_its_name(name):
    with pytest.raises(PhotoType) as refused:
        Inspector().feed(OTHER[name])
    assert refused.value.code == "photo.type"


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_an_animated_photo_is_no_photo(kind):
    moving = encoded(grainy(), kind, save_all=True, append_images=[grainy()], duration=100)
    with pytest.raises(PhotoType):
        inspect([moving])


def test_a_lossless_or_twelve_bit_jpeg_is_not_taken():
    for at, value in ((1, 0xC3), (4, 12)):
        jpeg = bytearray(WHOLE["jpeg"])
        jpeg[jpeg.index(b"\xff\xc0") + at] = value
        with pytest.raises(PhotoType):
            inspect([bytes(jpeg)])


@pytest.mark.parametrize(
    ("width", "height"), [(8126, 8000), (20_001, 100), (100, 20_001), (63, 640), (640, 63), (0, 640), (65_535, 65_535)]
)
def test_too_many_or_too_few_pixels_are_refused_from_the_header(width, height):
    with pytest.raises(PhotoPixels) as refused:
        inspect([claiming(width, height)])
    assert refused.value.code == "photo.pixels"
    assert (refused.value.extra["width"], refused.value.extra["height"]) == (width, height)


@pytest.mark.parametrize(("width", "height"), [(8192, 6144), (9280, 6944), (64, 64), (20_000, 3_200)])
def test_what_phones_really_make_is_let_through(width, height):
    assert width * height <= MAX_PIXELS
    assert inspect([claiming(width, height)]) == Picture("jpeg", width, height)


def test_a_png_of_a_billion_pixels_is_refused_from_its_header():
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n"
    for name, body in ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")):
        png += len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")
    with pytest.raises(PhotoPixels):
        inspect([png])


def test_a_webp_whose_frame_is_not_its_canvas_is_broken():
    webp = bytearray(encoded(grainy().convert("RGBA"), "WEBP", exif=b"Exif\x00\x00x"))
    at = webp.index(b"VP8X") + 12
    webp[at : at + 3] = (99).to_bytes(3, "little")
    with pytest.raises(PhotoBroken):
        inspect([bytes(webp)])


def test_a_jpeg_of_fifteen_hundred_scans_is_broken_and_one_of_sixty_four_is_not():
    with pytest.raises(PhotoBroken) as refused:
        inspect(pieces(with_scans(1500), 4096))
    assert refused.value.extra["reason"] == "scans"
    assert inspect([with_scans(64)]).kind == "jpeg"


def test_a_scan_marker_behind_the_end_is_not_counted():
    assert inspect([WHOLE["jpeg"] + b"\xff\xda\x00\x02" * 1000]).kind == "jpeg"


def test_two_frame_headers_in_one_jpeg_are_broken():
    jpeg = WHOLE["jpeg"]
    at = jpeg.index(b"\xff\xc0")
    with pytest.raises(PhotoBroken):
        inspect([jpeg[:at] + jpeg[at : at + 19] * 2 + jpeg[at + 19 :]])


SLOW = {
    "fill bytes": b"\xff\xd8" + b"\xff" * 3_000_000,
    "fill bytes in a scan": WHOLE["jpeg"][:-2] + b"\xff" * 3_000_000 + b"\x00" * 1000,
    "tiny segments": b"\xff\xd8" + b"\xff\xe1\x00\x02" * 700_000,
    "tiny chunks": WHOLE["png"][:33] + (b"\x00\x00\x00\x00teXt" + bytes(4)) * 250_000,
    "tiny riff chunks": b"RIFF\xff\xff\xff\x00WEBP" + b"JUNK\x00\x00\x00\x00" * 350_000,
    "tiny boxes": WHOLE["heic"][:24] + b"\x00\x00\x00\x08free" * 350_000,
    "restarts": WHOLE["jpeg"][:-2] + b"\xff\xd0" * 1_500_000,
}


@pytest.mark.parametrize("name", SLOW)
def test_three_megabytes_of_malice_are_refused_fast(name):
    began = time.process_time()
    with pytest.raises(Refusal):
        inspect(pieces(SLOW[name], 65_536))
    assert time.process_time() - began < 0.5


def test_a_phones_photo_is_looked_at_in_milliseconds():
    data = encoded(
        Image.blend(Image.linear_gradient("L").resize((4000, 3000)), grainy(4000, 3000).convert("L"), 0.2), "JPEG"
    )
    took = []
    for _ in range(5):
        began = time.process_time()
        inspect(pieces(data, 65_536))
        took.append((time.process_time() - began) / (len(data) / 10**6))
    assert min(took) < 0.005  # a few milliseconds a megabyte at the very worst; it takes about one


def outcome(data: bytes, size: int) -> Picture | str:
    try:
        return inspect(pieces(data, size))
    except Refusal as refused:
        return refused.code


@given(st.binary(max_size=400))
def test_random_bytes_are_refused_by_name(data):
    assert outcome(data, 64) in {"photo.type", "photo.broken", "photo.pixels"}


STARTS = [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x00\x01\x00\x00WEBP", b"\x00\x00\x00\x18ftypheic"]


@given(st.sampled_from(STARTS), st.binary(max_size=400))
def test_random_bytes_after_a_right_beginning_are_refused_by_name(start, rest):
    assert outcome(start + rest, 64) in {"photo.type", "photo.broken", "photo.pixels"}


@given(
    st.sampled_from(sorted(WHOLE)),
    st.lists(st.tuples(st.floats(0, 0.9999), st.binary(min_size=1, max_size=8)), min_size=1, max_size=6),
    st.integers(1, 5000),
)
@settings(max_examples=100, deadline=None)
def test_a_damaged_photo_passes_or_is_refused_by_name_the_same_however_it_is_cut(name, wounds, size):
    data = bytearray(WHOLE[name])
    for share, wound in wounds:
        at = int(share * (len(data) if share > 0.5 else 600))
        data[at : at + len(wound)] = wound
    assert outcome(bytes(data), size) == outcome(bytes(data), 10**9)


def test_looking_at_photos_loads_no_image_library():
    """The API looks at photos; it has no use for decoders, and an attacker should find none there."""
    script = "import sys, kit.images; print(sorted(set(sys.modules) & {'PIL', 'pillow_heif', 'boto3'}))"
    root = Path(__file__).parents[2]
    said = subprocess.run([sys.executable, "-c", script], cwd=root, env=os.environ, capture_output=True, check=True)
    assert said.stdout.strip() == b"[]"


def test_its_media_type_is_that_of_its_content():
    assert inspect(io.BytesIO(WHOLE["png"])).media_type == "image/png"
