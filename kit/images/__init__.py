"""Photos from phones: cheap checks while one arrives, clean copies later in a sandbox, and the proof of cleanness.

Importing this loads no image library; only the sandbox's own process does.
"""

from kit.images.cleaning import CaptureFacts, Derivative, capture_facts, clean
from kit.images.inspection import Inspector, Picture, inspect
from kit.images.judge import NotClean, prove_clean
from kit.images.likeness import SAME_WITHIN, Likeness, likeness
from kit.images.refusals import PhotoBroken, PhotoPixels, PhotoType, PhotoWaits

__all__ = [
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
    "capture_facts",
    "clean",
    "inspect",
    "likeness",
    "prove_clean",
]
