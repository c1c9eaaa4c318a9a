"""Decoding a photo nobody trusts. Runs only inside the sandbox (kit/images/decoder.py); nothing else may import it.

`render` makes clean copies: fewer pixels first, then upright, then onto a fresh white canvas that has never carried
anything but pixels. Decoding at half or a quarter of the size and shrinking before turning makes it three times
cheaper than the plain way.
"""

import io
import math
import warnings
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO

from PIL import Image, TiffImagePlugin
from PIL.ExifTags import GPS, IFD, Base
from pillow_heif import options as heif_options
from pillow_heif import register_heif_opener

from kit.clock import LOCAL_ZONE
from kit.images.inspection import MAX_PIXELS

QUALITY = 82
_FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def prepare() -> None:
    """Load the decoders once and set their limits; a child that is forked afterwards starts in a millisecond."""
    heif_options.DECODE_THREADS = 1
    register_heif_opener(thumbnails=False)
    Image.init()
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    for kind in _FORMATS:
        tiny = io.BytesIO()
        Image.new("RGB", (64, 64)).save(tiny, kind)
        render(tiny, [32])


def render(file: BinaryIO | io.BytesIO, sizes: list[int]) -> list[bytes]:
    """JPEGs whose longer side is at most each of `sizes` (descending), of the photo's own shape, without metadata."""
    with Image.open(file, formats=_FORMATS) as photo:
        turn = _TURNS.get(_orientation(photo))
        shrunk = _shrunk(photo, sizes[0])
    upright = shrunk.transpose(turn) if turn is not None else shrunk
    canvas = Image.new("RGB", upright.size, "white")
    canvas.paste(upright, mask=upright if upright.mode == "RGBA" else None)
    return copies_of(canvas, sizes)


def copies_of(canvas: Image.Image, sizes: list[int]) -> list[bytes]:
    """A canvas that carries nothing but pixels, as JPEGs of at most `sizes` (descending). The canvas is used up."""
    copies = []
    for size in sizes:
        canvas.thumbnail((size, size))
        copy = io.BytesIO()
        canvas.save(copy, "JPEG", quality=QUALITY, progressive=False, subsampling="4:2:0")
        copies.append(copy.getvalue())
    return copies


def read_capture(file: BinaryIO | io.BytesIO) -> dict[str, Any]:
    """When and where the camera says it was: `taken_at` (ISO 8601, UTC) and `position` [lon, lat], None if unsaid."""
    with Image.open(file, formats=_FORMATS) as photo:
        exif = photo.getexif()
    details = exif.get_ifd(IFD.Exif)
    taken = details.get(Base.DateTimeOriginal) or exif.get(Base.DateTime)
    offset = details.get(Base.OffsetTimeOriginal) or details.get(Base.OffsetTime)
    return {"taken_at": _instant(taken, offset), "position": _position(exif.get_ifd(IFD.GPSInfo))}


def _shrunk(photo: Image.Image, longest: int) -> Image.Image:
    """The pixels at no more than `longest` on the longer side, as RGB or RGBA."""
    scale = max(photo.size) / longest
    if scale > 1:
        # The shape must be the photo's own: asked for a square, the decoder keeps the shorter side above it.
        photo.draft(None, (math.ceil(photo.width / scale), math.ceil(photo.height / scale)))
    photo.load()
    image = _smooth(photo)
    image.thumbnail((longest, longest), reducing_gap=2.0)
    return image.convert("RGBA" if image.mode in ("LA", "RGBA") else "RGB")


def _smooth(image: Image.Image) -> Image.Image:
    """The same picture in a mode that can be shrunk smoothly: no palette, no single bits, eight bits a channel."""
    if image.mode == "P" or "transparency" in image.info:
        return image.convert("RGBA")
    if image.mode.startswith("I"):  # 16 bits of grey; a plain conversion would cut all above 255 to white
        return image.convert("I").point(lambda level: level * (1 / 256)).convert("L")
    return image.convert("L") if image.mode == "1" else image


def _orientation(photo: Image.Image) -> int:
    """How the camera was held, by EXIF; upright when it does not say or says it badly."""
    try:
        return int(photo.getexif().get(Base.Orientation, 1))
    except Exception:  # noqa: BLE001 - a damaged note is no reason to lose the photo
        return 1


def _instant(taken: object, offset: object) -> str | None:
    """EXIF's local time as an instant; local means China's when the camera gives no offset."""
    try:
        local = datetime.strptime(str(taken).strip("\0 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - gets its zone below
        if offset:
            hours, minutes = str(offset).strip("\0 ")[1:].split(":")
            east = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if str(offset)[0] == "-" else 1)
            return (local.replace(tzinfo=UTC) - east).isoformat()
        return local.replace(tzinfo=LOCAL_ZONE).astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        return None


def _position(gps: dict[int, Any]) -> list[float] | None:
    """Degrees [lon, lat] as the camera's GPS gave them; the datum is whatever the camera believes it is."""
    try:
        lat = _degrees(gps[GPS.GPSLatitude]) * (-1 if gps.get(GPS.GPSLatitudeRef) == "S" else 1)
        lon = _degrees(gps[GPS.GPSLongitude]) * (-1 if gps.get(GPS.GPSLongitudeRef) == "W" else 1)
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    sane = math.isfinite(lat + lon) and abs(lat) <= 90 and abs(lon) <= 180 and (lat, lon) != (0, 0)  # noqa: PLR2004
    return [lon, lat] if sane else None


def _degrees(parts: tuple[TiffImagePlugin.IFDRational, ...]) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    return degrees + minutes / 60 + seconds / 3600
