"""Sheets from templates: everything that comes from a row is text, whatever it looks like."""

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from cases.papers import words
from kit import days
from kit.clock import LOCAL_ZONE

# Marks that turn the direction of what follows, or are seen by nobody: on a paper that is signed they are shown.
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)


def write(template: str, facts: Mapping[str, Any]) -> str:
    """One sheet as an HTML document. Raises UndefinedError where a template names what the facts do not hold."""
    return _SHEETS.get_template(f"{template}.html").render(**facts)


def day(moment: str | datetime) -> str:
    """A day in the district's time: 2026年11月24日."""
    return days.day(_local(moment))


def minute(moment: str | datetime) -> str:
    """A moment in the district's time: 2026年11月24日10时05分."""
    return f"{day(moment)}{_local(moment):%H时%M分}"


def shown(value: Any) -> Any:
    """Text in which every unseen mark is spelled out, such as [U+202E]; runs before escaping, on every value."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value  # what a macro has made of text is made of text that came through here
    return _UNSEEN.sub(lambda mark: f"[U+{ord(mark[0]):04X}]", value)


def lines(text: str) -> list[str]:
    """The paragraphs of a text, without empty ones."""
    return [line for line in (each.strip() for each in text.splitlines()) if line]


def grouped(digits: str, size: int = 8) -> str:
    """A long hash in groups, as people compare it."""
    return " ".join(digits[at : at + size] for at in range(0, len(digits), size))


def _local(moment: str | datetime) -> datetime:
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return at.astimezone(LOCAL_ZONE)


def _environment() -> Environment:
    sheets = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    sheets.globals["words"] = words
    sheets.filters |= {"day": day, "minute": minute, "lines": lines, "grouped": grouped}
    return sheets


_SHEETS = _environment()
