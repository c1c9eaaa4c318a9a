"""Masking in the pixels themselves (E3, X43). Runs only inside the sandbox (kit/images/decoder.py).

A box becomes black, and is widened to the blocks of JPEG first, so that nothing of what it hides is left in a block at
its edge. Nothing is blurred: blurring and mosaics can be undone.
"""

from typing import BinaryIO

from PIL import Image, ImageDraw

from kit.images.rendering import copies_of

BLOCK = 16  # pixels; colour is kept once for four of them, in blocks of eight


def burn(file: BinaryIO, boxes: list[list[int]], sizes: list[int]) -> list[bytes]:
    """Copies of a clean copy with each box (left, top, width, height) painted over, as `render` makes them."""
    with Image.open(file, formats=("JPEG",)) as copy:
        canvas = Image.new("RGB", copy.size)
        canvas.paste(copy)
    brush = ImageDraw.Draw(canvas)
    for left, top, width, height in boxes:
        # Both corners of a rectangle belong to it.
        brush.rectangle((_down(left), _down(top), _up(left + width) - 1, _up(top + height) - 1), fill="black")
    return copies_of(canvas, sizes)


def _down(at: int) -> int:
    return at // BLOCK * BLOCK


def _up(at: int) -> int:
    return -(-at // BLOCK) * BLOCK
