"""The bits of a likeness, as PDQ computes them. Runs only inside the sandbox (kit/images/decoder.py)."""

import io
from typing import Any, BinaryIO

import numpy as np
import pdqhash
from PIL import Image

_MIRRORED = 5  # of the eight ways to lay a picture down, in the library's order


def read_likeness(file: BinaryIO | io.BytesIO) -> dict[str, Any]:
    """The bits of a clean copy and of its mirror image, and how much there is to see (0 to 100)."""
    with Image.open(file, formats=("JPEG",)) as copy:
        pixels = np.asarray(copy.convert("RGB"))
    ways, quality = pdqhash.compute_dihedral(pixels)
    return {"straight": _bits(ways[0]), "mirrored": _bits(ways[_MIRRORED]), "quality": int(quality)}


def _bits(values: Any) -> str:
    return "".join("1" if value else "0" for value in values)
