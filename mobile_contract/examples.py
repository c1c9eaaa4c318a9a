"""Reading examples/*.json: named pairs of request and answer, one file each, checked against the models by tests.

File: `{"operation", "name", "summary", "request", "status", "response"}`. `request` is the JSON body, the form fields
(without the file), or the query; null where there is none. The same data feeds openapi.json, so that a mock speaks it.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HOME = Path(__file__).parent / "examples"


@dataclass(frozen=True, slots=True)
class Example:
    """One request and its answer."""

    operation: str
    name: str
    summary: str
    request: dict[str, Any] | None
    status: int
    response: dict[str, Any]


def load_examples(home: Path = HOME) -> list[Example]:
    """All examples, by file name. Raises TypeError or KeyError for a file that is not of this shape."""
    return [Example(**json.loads(path.read_text(encoding="utf-8"))) for path in sorted(home.glob("*.json"))]
