"""Pages from templates: one environment, the headers of every page, and what each page says of its district."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kit.clock import LOCAL_ZONE
from kit.days import day
from kit.errors import Unavailable
from web import words
from web.assets import address

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
EVERYWHERE = (
    {"number": "119", "zh": "火警、爆炸、被困"},
    {"number": "110", "zh": "违法犯罪、公共安全"},
    {"number": "120", "zh": "人员伤亡急救"},
)


@dataclass(frozen=True)
class District:
    """Whose pages these are, by the policy in force."""

    name: str
    numbers: tuple[dict[str, Any], ...]
    notice: str


def page(
    request: Request, template: str, *, status: int = 200, cache: str = "no-store", policy: str = POLICY, **facts: Any
) -> HTMLResponse:
    """A page. `cache` is its Cache-Control: a page that says something of one person must keep `no-store`."""
    text = _PAGES.get_template(template).render(district=_district(request), path=request.url.path, **facts)
    return HTMLResponse(text, status, {"Content-Security-Policy": policy, "Cache-Control": cache})


def minute(moment: datetime) -> str:
    """A moment as people write it, in the district's time: 2026年11月24日 10:05."""
    return f"{day(moment)} {moment.astimezone(LOCAL_ZONE):%H:%M}"


def _query(words: Mapping[str, Any]) -> str:
    """Words as the query of an address."""
    return urlencode(words, doseq=True)


def _district(request: Request) -> District:
    """By the process's snapshot of policy. Without one (the database is away) a page still shows whom to call."""
    try:
        values = request.app.state.rules.current.values
    except (AttributeError, Unavailable):
        return District("", EVERYWHERE, "")
    return District(values["district"]["name"]["zh"], tuple(values["emergency_numbers"]), values["notice"]["zh"])


def _environment() -> Environment:
    pages = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.globals |= {"words": words, "asset": address}
    pages.filters |= {"day": day, "minute": minute, "instant": datetime.fromisoformat, "query": _query}
    return pages


_PAGES = _environment()
