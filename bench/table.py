"""What was measured, as rows of one table, and what the bars say about them."""

import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

HEAD = ("path", "figure", "limit", "ratio", "must", "aim", "met?")


@dataclass(frozen=True)
class Bar:
    """What a ratio must reach (`≥`) or must not pass (`≤`)."""

    sign: Literal["≥", "≤"]
    ratio: float

    def holds(self, ratio: float) -> bool:
        """Whether a ratio is on the right side of it."""
        return ratio >= self.ratio if self.sign == "≥" else ratio <= self.ratio

    def __str__(self) -> str:
        return f"{self.sign} {self.ratio:.2f}"


@dataclass(frozen=True)
class Row:
    """One figure beside its limit, in the same unit; `notes` are figures that explain it."""

    path: str
    unit: str
    figure: float
    limit: float
    ratio: float
    must: Bar | None = None
    aim: Bar | None = None
    notes: dict[str, float] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """`aim`, `must` or `no` by the hardest bar that holds; empty where there is no bar."""
        if self.aim is not None and self.aim.holds(self.ratio):
            return "aim"
        if self.must is None:
            return ""
        return "must" if self.must.holds(self.ratio) else "no"


def beside(path: str, unit: str, figure: float, limit: float, **more: Any) -> Row:
    """A row whose ratio is figure by limit."""
    return Row(path, unit, figure, limit, figure / limit if limit else 0.0, **more)


def as_json(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The rows as plain values."""
    return [asdict(row) | {"verdict": row.verdict} for row in rows]


def as_markdown(rows: Sequence[Row]) -> str:
    """The rows as a table that reads well as plain text, too."""
    cells = [HEAD, *(_cells(row) for row in rows)]
    widths = [max(_width(line[at]) for line in cells) for at in range(len(HEAD))]
    lines = [_line(line, widths) for line in cells]
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]]) + "\n"


def _cells(row: Row) -> tuple[str, ...]:
    notes = ", ".join(f"{name} {_number(value)}" for name, value in row.notes.items())
    figure = f"{_number(row.figure)} {row.unit}" + (f" ({notes})" if notes else "")
    limit = f"{_number(row.limit)} {row.unit}"
    bars = (str(row.must or ""), str(row.aim or ""))
    return row.path, figure, limit, f"{row.ratio:.2f}", *bars, row.verdict


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"  # noqa: PLR2004 - three figures say enough


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True)]
    return "| " + " | ".join(padded) + " |"


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
