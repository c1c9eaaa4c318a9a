"""Readers of the four formats: width and height from the header, and a walk through the parts to the end.

Each returns (width, height), or raises PhotoType for what is no still photo and PhotoBroken for what contradicts
itself. A walk is bounded in steps, so that no file is slow to refuse. Data after the end is not looked at: motion
photos and multi-picture files carry some, and the clean copy drops it.
"""

from collections.abc import Iterator

from kit.images.refusals import PhotoBroken, PhotoType
from kit.images.stream import MARKER, Ask, EndOfBytes, Reading

Size = tuple[int, int]

MAX_SCANS = 64  # a real progressive JPEG has about ten; a thousand are an attack on whoever decodes it
_MAX_PARTS = 10_000
_SOF, _SOF_OTHER = {0xC0, 0xC1, 0xC2}, {0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
_ALONE = {0x01, 0xD8, *range(0xD0, 0xD8)}
_EOI, _SOS = 0xD9, 0xDA
_COLOUR_CHANNELS = {1, 3, 4}


def jpeg() -> Reading[Size]:
    """A JPEG, to its end-of-image marker: one frame header, at most MAX_SCANS scans."""
    size, scans = None, 0
    yield Ask("skip", 2)
    for _ in range(_MAX_PARTS):
        marker = (yield MARKER)[0] if scans else (yield from _jpeg_marker())
        if marker == _EOI:
            break
        if marker in _ALONE:
            continue
        length = int.from_bytes((yield Ask("take", 2)), "big") - 2
        if marker in _SOF or marker in _SOF_OTHER:
            size = _jpeg_size(marker, size, (yield Ask("take", max(length, 6))))
            continue
        scans += marker == _SOS
        if length < 0 or scans > MAX_SCANS:
            raise PhotoBroken(reason="scans" if scans > MAX_SCANS else "length")
        yield Ask("skip", length)
    if size is None or not scans:
        raise PhotoBroken(reason="no_image")
    return size


def _jpeg_marker() -> Reading[int]:
    """The marker that must stand here, after any fill bytes."""
    if (yield Ask("take", 1)) != b"\xff":
        raise PhotoBroken(reason="marker")
    for _ in range(_MAX_PARTS):
        marker = (yield Ask("take", 1))[0]
        if marker != 0xFF:  # noqa: PLR2004 - a fill byte
            return marker
    raise PhotoBroken(reason="fill")


def _jpeg_size(marker: int, known: Size | None, header: bytes) -> Size:
    if marker in _SOF_OTHER or header[0] != 8:  # noqa: PLR2004 - bits per sample
        raise PhotoType(reason="jpeg_process")
    if known is not None or header[5] not in _COLOUR_CHANNELS:
        raise PhotoBroken(reason="frame_header")
    return int.from_bytes(header[3:5], "big"), int.from_bytes(header[1:3], "big")


def png() -> Reading[Size]:
    """A PNG, to its IEND chunk."""
    yield Ask("skip", 8)
    if (yield Ask("take", 8)) != b"\x00\x00\x00\x0dIHDR":
        raise PhotoBroken(reason="ihdr")
    header = yield Ask("take", 17)
    data = False
    for _ in range(_MAX_PARTS):
        chunk = yield Ask("take", 8)
        if chunk[4:] == b"acTL":
            raise PhotoType(reason="animated")
        data = data or chunk[4:] == b"IDAT"
        yield Ask("skip", int.from_bytes(chunk[:4], "big") + 4)
        if chunk[4:] == b"IEND" and data:
            return int.from_bytes(header[:4], "big"), int.from_bytes(header[4:8], "big")
    raise PhotoBroken(reason="chunks")


def webp() -> Reading[Size]:
    """A WebP, to the end of its RIFF."""
    left = int.from_bytes((yield Ask("take", 12))[4:8], "little") - 4
    canvas: Size | None = None
    frame: Size | None = None
    for _ in range(_MAX_PARTS):
        if left < 8:  # noqa: PLR2004 - no room for another chunk
            break
        name, length = _riff_chunk((yield Ask("take", 8)))
        padded = length + length % 2
        if name in (b"ANIM", b"ANMF"):
            raise PhotoType(reason="animated")
        if name in _WEBP_SIZES:
            head = yield Ask("take", 10)
            size = _webp_size(name, head)
            canvas, frame = (size, frame) if name == b"VP8X" else (canvas, frame or size)
        yield Ask("skip", padded - 10 if name in _WEBP_SIZES else padded)
        left -= 8 + padded
    if frame is None or left < 0 or (canvas or frame) != frame:
        raise PhotoBroken(reason="riff")
    return frame


_WEBP_SIZES = {b"VP8 ", b"VP8L", b"VP8X"}


def _riff_chunk(header: bytes) -> tuple[bytes, int]:
    name, length = header[:4], int.from_bytes(header[4:], "little")
    if name in _WEBP_SIZES and length < 10:  # noqa: PLR2004 - each of them is longer
        raise PhotoBroken(reason="riff")
    return name, length


def _webp_size(name: bytes, head: bytes) -> Size:
    if name == b"VP8X":
        if head[0] & 0x02:
            raise PhotoType(reason="animated")
        return int.from_bytes(head[4:7], "little") + 1, int.from_bytes(head[7:10], "little") + 1
    if name == b"VP8L" and head[0] == 0x2F:  # noqa: PLR2004 - its signature
        bits = int.from_bytes(head[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if name == b"VP8 " and head[3:6] == b"\x9d\x01\x2a":
        return int.from_bytes(head[6:8], "little") & 0x3FFF, int.from_bytes(head[8:10], "little") & 0x3FFF
    raise PhotoBroken(reason="frame_header")


def heic() -> Reading[Size]:
    """A HEIC, until its meta box and its data have passed; the largest of its pictures counts."""
    size: Size | None = None
    for _ in range(_MAX_PARTS):
        try:
            name, length = yield from _box_header()
        except EndOfBytes as end:
            if size is None or not end.clean:
                raise
            return size
        if name == b"meta":
            size = _largest((yield Ask("take", length)))
        else:
            yield Ask("skip", length)
        if name == b"mdat" and size:
            return size
    raise PhotoBroken(reason="boxes")


def _box_header() -> Reading[tuple[bytes, int]]:
    """A box's name and the length of what it holds. One that runs to the end of the file has no place in a photo."""
    head = yield Ask("take", 8)
    length, header = int.from_bytes(head[:4], "big"), 8
    if length == 1:
        length, header = int.from_bytes((yield Ask("take", 8)), "big"), 16
    if length < header:
        raise PhotoBroken(reason="box")
    return head[4:], length - header


def _largest(meta: bytes) -> Size:
    """The largest `ispe` (width, height) below meta → iprp → ipco."""
    sizes = [
        (int.from_bytes(ispe[4:8], "big"), int.from_bytes(ispe[8:12], "big"))
        for iprp in _boxes(meta[4:], b"iprp")
        for ipco in _boxes(iprp, b"ipco")
        for ispe in _boxes(ipco, b"ispe")
    ]
    if not sizes:
        raise PhotoBroken(reason="no_size")
    return max(sizes, key=lambda size: size[0] * size[1])


def _boxes(data: bytes, name: bytes) -> Iterator[bytes]:
    """The contents of the boxes of that name, side by side in `data`."""
    at = 0
    for _ in range(_MAX_PARTS):
        if at + 8 > len(data):
            return
        length = int.from_bytes(data[at : at + 4], "big")
        if length < 8:  # noqa: PLR2004 - shorter than its own header
            raise PhotoBroken(reason="box")
        if data[at + 4 : at + 8] == name:
            yield data[at + 8 : at + length]
        at += length
