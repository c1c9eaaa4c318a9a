"""What a photo looks like, in 256 bits: resized, recompressed or recoloured it keeps nearly all of them (PDQ).

Two photos whose bits differ in no more than `SAME_WITHIN` places are taken for the same: a copy of half the size and of
poor quality differs in 14, another photo in about 128 (security.md 3.5). It tells what to look at, and proves nothing.
"""

import json
import re
from dataclasses import dataclass
from typing import Final

from kit.images.refusals import PhotoBroken
from kit.images.sandbox import sandbox

SAME_WITHIN: Final = 31
_PLAIN_BELOW = 50  # of a hundred: a wall or the night sky looks like every other one, says the maker of PDQ
_BITS = re.compile(r"[01]{256}")


@dataclass(frozen=True, slots=True)
class Likeness:
    """256 times 0 or 1: of the photo, and of its mirror image, for who would pass it off as another."""

    straight: str
    mirrored: str


def likeness(copy: bytes) -> Likeness | None:
    """What a clean copy looks like; None where it shows too little to be told from others. Raises PhotoWaits."""
    try:
        said = json.loads(sandbox.run({"do": "likeness"}, copy).content)
        found, quality = Likeness(said["straight"], said["mirrored"]), int(said["quality"])
    except (PhotoBroken, ValueError, TypeError, KeyError):
        return None
    sane = _BITS.fullmatch(found.straight) and _BITS.fullmatch(found.mirrored)
    return found if sane and quality >= _PLAIN_BELOW else None
