"""GET /: what this is, whom to call, and where to look up a report."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from web.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/", name="front_page")
def front_page(request: Request) -> HTMLResponse:
    """The front page. It needs no database: it shows the emergency numbers whatever is down."""
    return page(request, "front.html", cache="public, max-age=60", code="", fault="")
