"""GET /: what this is, whom to call, where to look up a report; and what to do now after a notice's code (M18)."""

import re

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from web.rendering import page

router = APIRouter(include_in_schema=False)
NOTICE = "notice:"
CODE = re.compile(NOTICE + "[0-9a-f]{16}")
REPORT = "/app/"


@router.get("/", name="front_page")
def front_page(request: Request, source: str = "") -> HTMLResponse:
    """The front page. It needs no database: it shows the emergency numbers whatever is down.

    Whoever comes from a posted notice reads first what can be done now; any notice's code leads to the same words.
    The code goes on to the app, which sends it with the report.
    """
    at = f"{REPORT}?source={source}" if CODE.fullmatch(source) else REPORT
    kept, from_notice = "public, max-age=60", source.startswith(NOTICE)
    return page(request, "front.html", cache=kept, code="", fault="", from_notice=from_notice, report_at=at)
