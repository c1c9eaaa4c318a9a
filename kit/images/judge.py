"""The proof that a copy is clean, from its bytes alone: a strict reader of the one kind of JPEG that we make.

It shares no code with what made the copy, and knows no mercy: anything that is not needed to show the pixels (EXIF,
XMP, ICC, comments, thumbnails, a second picture, one byte after the end) fails it.
"""

import re

_JFIF_APP0 = re.compile(rb"JFIF\x00\x01[\x00-\x02][\x00-\x02].{4}\x00\x00", re.DOTALL)  # 0×0: no thumbnail in it
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7]")
_APP0, _SOF0, _DHT, _SOS, _DQT, _DRI = 0xE0, 0xC0, 0xC4, 0xDA, 0xDB, 0xDD
_ALLOWED = {_APP0, _SOF0, _DHT, _SOS, _DQT, _DRI}
_ONCE = {_APP0, _SOF0, _DRI, _SOS}


class NotClean(Exception):
    """A copy that must not be shown. A fault of ours or an attack; never the sender's to correct."""


def prove_clean(data: bytes) -> tuple[int, int]:
    """Width and height of a JPEG made of JFIF APP0, DQT, SOF0, DHT, DRI, one SOS and its scan. Raises NotClean."""
    if not data.startswith(b"\xff\xd8"):
        raise NotClean("start")
    at, seen = 2, list[int]()
    size = (0, 0)
    while not seen or seen[-1] != _SOS:
        marker, body = _segment(data, at)
        if marker not in _ALLOWED or (marker in _ONCE and marker in seen) or (marker == _APP0) == bool(seen):
            raise NotClean(f"segment {marker:02x} at {at}")
        if marker == _APP0 and not _JFIF_APP0.fullmatch(body):
            raise NotClean("APP0")
        if marker == _SOF0:
            size = _size(body)
        seen.append(marker)
        at += 4 + len(body)
    end = _NEXT_MARKER.search(data, at)
    if _SOF0 not in seen or end is None or end.group() != b"\xff\xd9" or end.end() != len(data):
        raise NotClean("end")
    return size


def _segment(data: bytes, at: int) -> tuple[int, bytes]:
    """The marker at `at` and what its segment holds."""
    head = data[at : at + 4]
    length = int.from_bytes(head[2:], "big")
    body = data[at + 4 : at + 2 + length]
    if len(head) < 4 or head[0] != 0xFF or len(body) != length - 2:  # noqa: PLR2004
        raise NotClean(f"no segment at {at}")
    return head[1], body


def _size(body: bytes) -> tuple[int, int]:
    """Width and height from a frame header of three components of eight bits."""
    if len(body) != 15 or body[0] != 8 or body[5] != 3:  # noqa: PLR2004
        raise NotClean("SOF0")
    return int.from_bytes(body[3:5], "big"), int.from_bytes(body[1:3], "big")
