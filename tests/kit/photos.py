"""Photos for the tests: small, drawn here, each with the trouble it is named after."""

import io
from functools import lru_cache
from typing import Any

import pillow_heif
from PIL import Image, ImageDraw
from PIL.ExifTags import GPS, IFD, Base
from PIL.PngImagePlugin import PngInfo

pillow_heif.register_heif_opener()

SECRET = b"SECRET-13800001111"
QUARTERS = {"TL": (220, 20, 20), "TR": (20, 200, 20), "BL": (20, 20, 220), "BR": (230, 230, 20)}


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """The image in a format, as bytes."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def quarters(width: int = 240, height: int = 160) -> Image.Image:
    """Four quarters of different colours, so that any turn or mirroring shows."""
    image = Image.new("RGB", (width, height))
    for name, colour in QUARTERS.items():
        left, top = (width // 2 if "R" in name else 0), (height // 2 if "B" in name else 0)
        image.paste(colour, (left, top, left + width // 2, top + height // 2))
    return image


def grainy(width: int = 320, height: int = 240) -> Image.Image:
    """Something with detail, so that a JPEG of it has real coded data."""
    return Image.effect_noise((width, height), 60).convert("RGB")


@lru_cache(maxsize=8)
def scene(seed: int = 1) -> Image.Image:
    """A made-up street: shapes of its own for each seed."""
    image = Image.new("RGB", (1200, 900), (120, 130, 140))
    draw = ImageDraw.Draw(image)
    for at in range(40):
        x, y, size = (seed * 7919 + at * 613) % 1100, (seed * 104729 + at * 379) % 800, 40 + (seed * at * 31) % 160
        draw.rectangle((x, y, x + size, y + size), fill=((seed * at * 53) % 256, (at * 97) % 256, (seed * 61) % 256))
    return image


def exif(*, orientation: int | None = None, telling: bool = False, **details: Any) -> Image.Exif:
    """An EXIF block; `telling` gives it a place, an owner and SECRET. `details` are tags of its Exif part."""
    block = Image.Exif()
    if orientation is not None:
        block[Base.Orientation] = orientation
    if telling:
        block[Base.Artist] = SECRET.decode()
        gps = block.get_ifd(IFD.GPSInfo)
        gps[GPS.GPSLatitudeRef], gps[GPS.GPSLatitude] = "N", (30.0, 15.0, 36.0)
        gps[GPS.GPSLongitudeRef], gps[GPS.GPSLongitude] = "E", (120.0, 9.0, 0.0)
    for name, value in details.items():
        block.get_ifd(IFD.Exif)[Base[name]] = value
    return block


XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><owner>' + SECRET + b"</owner></x:xmpmeta>"


def png_text() -> PngInfo:
    """PNG text chunks, plain and compressed."""
    text = PngInfo()
    text.add_text("Author", SECRET.decode())
    text.add_itxt("Comment", SECRET.decode())
    return text


@lru_cache(maxsize=1)
def carriers() -> dict[str, bytes]:
    """Photos that carry SECRET in every place we know of, by the place's name."""
    image, two = grainy(160, 120), grainy(160, 120)
    jpeg = encoded(image, "JPEG")
    return {
        "jpeg exif": encoded(image, "JPEG", exif=exif(telling=True)),
        "jpeg xmp": encoded(image, "JPEG", xmp=XMP),
        "jpeg comment": encoded(image, "JPEG", comment=SECRET),
        "jpeg icc": encoded(image, "JPEG", icc_profile=SECRET * 20),
        "jpeg unknown app": jpeg[:2] + b"\xff\xeb" + (2 + len(SECRET)).to_bytes(2, "big") + SECRET + jpeg[2:],
        "jpeg second picture": encoded(image, "MPO", save_all=True, append_images=[two]) + SECRET,
        "jpeg with a film behind it": jpeg + b"\x00\x00\x00\x18ftypmp42" + SECRET * 1000,
        "jpeg and zip": jpeg + b"PK\x03\x04" + SECRET,
        "jpeg and script": encoded(image, "JPEG", comment=b"*/=1;alert('" + SECRET + b"')/*<?php echo 1 ?>"),
        "png text": encoded(image, "PNG", pnginfo=png_text()),
        "png exif": encoded(image, "PNG", exif=exif(telling=True)),
        "png and more": encoded(image, "PNG") + SECRET,
        "webp exif": encoded(image, "WEBP", exif=exif(telling=True)),
        "webp xmp": encoded(image, "WEBP", xmp=XMP),
        "webp icc": encoded(image, "WEBP", icc_profile=SECRET * 20),
        "heic exif": encoded(image, "HEIF", exif=exif(telling=True).tobytes()),
        "heic xmp": encoded(image, "HEIF", xmp=XMP),
    }


def with_scans(count: int) -> bytes:
    """A progressive JPEG whose last scan comes again and again: cheap to send, dear to decode."""
    jpeg = encoded(grainy(128, 96), "JPEG", progressive=True)
    last = jpeg.rindex(b"\xff\xda")
    present = jpeg.count(b"\xff\xda")
    return jpeg[:-2] + jpeg[last:-2] * (count - present) + jpeg[-2:]


def claiming(width: int, height: int) -> bytes:
    """A small JPEG whose header claims another size."""
    jpeg = bytearray(encoded(grainy(64, 64), "JPEG"))
    at = jpeg.index(b"\xff\xc0") + 5
    jpeg[at : at + 4] = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    return bytes(jpeg)
