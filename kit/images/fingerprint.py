"""The bits of a likeness: PDQ (Facebook's ThreatExchange, 2019). Runs only inside the sandbox (kit/images/decoder.py).

The only library of it comes as C++ sources, and every installation would need a compiler. These are its steps in numpy,
and its own bits (tests/kit/test_images_likeness.py): two passes of a tent filter, 64 by 64 samples, the 16 lowest waves
each way but the flat one, and whether each is more than the middle one.
"""

import io
from typing import Any, BinaryIO

import numpy as np
from PIL import Image

_SAMPLES, _WAVES, _PASSES = 64, 16, 2
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
_STEPS_TO_FULL = 90  # so many hundredths of steps between neighbours are a picture full of things to see
_COSINES = np.sqrt(2 / _SAMPLES) * np.cos(
    np.pi / 2 / _SAMPLES * np.outer(np.arange(1, _WAVES + 1), 2 * np.arange(_SAMPLES) + 1)
)
_MIRROR = np.where(np.arange(_WAVES) % 2, 1, -1)  # waves that have the other sign from right to left


def read_likeness(file: BinaryIO | io.BytesIO) -> dict[str, Any]:
    """The bits of a clean copy and of its mirror image, and how much there is to see (0 to 100)."""
    with Image.open(file, formats=("JPEG",)) as copy:
        luma = np.asarray(copy.convert("RGB")) @ _LUMA
    for _ in range(_PASSES):
        luma = _smooth(_smooth(luma.T).T)
    rows, columns = (((np.arange(_SAMPLES) + 0.5) * side / _SAMPLES).astype(int) for side in luma.shape)
    samples = luma[np.ix_(rows, columns)]
    waves = _COSINES @ samples @ _COSINES.T
    return {"straight": _bits(waves), "mirrored": _bits(waves * _MIRROR), "quality": _quality(samples)}


def _smooth(values: Any) -> Any:
    """The mean of a window along the first axis, which is cut off at both ends."""
    length = values.shape[0]
    window = (length + 2 * _SAMPLES - 1) // (2 * _SAMPLES)
    half = (window + 2) // 2
    at = np.arange(length)
    first, end = np.maximum(at - (window - half), 0), np.minimum(at + half, length)
    sums = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0, dtype=np.float64)])
    return (sums[end] - sums[first]) / (end - first)[:, None]


def _quality(samples: Any) -> int:
    steps = (np.abs(np.diff(samples, axis=axis) * 100 / 255).astype(int).sum() for axis in (0, 1))
    return min(int(sum(steps)) // _STEPS_TO_FULL, 100)


def _bits(waves: Any) -> str:
    middle = np.sort(waves, axis=None)[waves.size // 2 - 1]
    return "".join(
        "1" if more else "0" for more in (waves > middle).ravel()[::-1]
    )  # as PDQ writes them, the highest first
