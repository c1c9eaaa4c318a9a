"""QR codes as rows of dark runs, to be drawn as rectangles: a sheet needs no picture for them."""

import segno

QUIET = 4  # modules of white around the code


def qr_rows(text: str) -> dict[str, object]:
    """The code's `size` in modules with its quiet zone, and `runs` of dark modules as (x, y, length)."""
    code = segno.make(text, error="m", micro=False)
    runs: list[tuple[int, int, int]] = []
    for y, row in enumerate(code.matrix):
        start = None
        for x, dark in enumerate([*row, 0]):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                runs.append((start + QUIET, y + QUIET, x - start))
                start = None
    return {"size": len(code.matrix) + 2 * QUIET, "runs": runs}
