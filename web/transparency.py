"""GET /transparency: what was counted of a month, town by town, and how anybody checks that the record is whole."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.dependencies import PublicSession
from cases import history, statistics
from kit.errors import NotFound
from web.rendering import page

router = APIRouter(include_in_schema=False)
MONTHS = 24
Month = Annotated[str | None, Query(pattern="^[0-9]{4}-(0[1-9]|1[0-2])$")]


class NotCounted(NotFound):
    """Nothing is published of that month."""

    code = "statistics.month_unknown"


@router.get("/transparency", name="transparency_page")
def transparency_page(request: Request, session: PublicSession, month: Month = None) -> HTMLResponse:
    """The newest month, or the one asked for; before the first there is none."""
    months = [each.month for each in statistics.published(session, limit=MONTHS)]
    wanted = _day(month) if month else next(iter(months), None)
    table = statistics.table(session, wanted) if wanted else None
    if month and table is None:
        raise NotCounted
    head = history.newest(session)
    return page(request, "transparency.html", cache="public, max-age=30", months=months, table=table, head=head)


def _day(month: str) -> date:
    try:
        return date.fromisoformat(f"{month}-01")
    except ValueError:
        raise NotCounted from None
