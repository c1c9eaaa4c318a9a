"""Photos from phones: cheap checks while one arrives, clean copies later in a sandbox, and the proof of cleanness.

Importing this loads no image library; only the sandbox's own process does.
"""

from kit.images.cleaning import CaptureFacts, Derivative, capture_facts, clean
from kit.images.inspection import Inspector, Picture, inspect
from kit.images.judge import NotClean, prove_clean
from kit.images.likeness import SAME_WITHIN, Likeness, likeness
from kit.images.masking import FOUND_BY, Region, find_regions, mask
from kit.images.refusals import PhotoBroken, PhotoPixels, PhotoType, PhotoWaits

__all__ = [
    "FOUND_BY",
    "SAME_WITHIN",
    "CaptureFacts",
    "Derivative",
    "Inspector",
    "Likeness",
    "NotClean",
    "PhotoBroken",
    "PhotoPixels",
    "PhotoType",
    "PhotoWaits",
    "Picture",
    "Region",
    "capture_facts",
    "clean",
    "find_regions",
    "inspect",
    "likeness",
    "mask",
    "prove_clean",
]
