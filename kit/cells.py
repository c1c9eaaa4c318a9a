"""Cells of a sheet that Excel reads as they are meant (CSV): known as UTF-8, and never run as a formula."""

BOM = "\ufeff"  # by which Excel knows UTF-8
# What a spreadsheet takes for a formula, also behind blanks, and in full width, which some turn into half.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_BLANK = " \t\r\n\u00a0\u3000"


def safe(cell: str) -> str:
    """A cell that no spreadsheet runs: no control characters, and a quote before what looks like a formula."""
    clean = "".join(" " if ord(sign) < ord(" ") or ord(sign) == 0x7F else sign for sign in cell)  # noqa: PLR2004 - DEL
    return f"'{clean}" if clean.lstrip(_BLANK).startswith(_FORMULA) else clean
