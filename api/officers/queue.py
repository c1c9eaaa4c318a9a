"""GET /o/v1/queue: an office's open tasks by what is due."""

import re
from dataclasses import astuple
from datetime import datetime
from typing import Annotated, Any

import orjson
from fastapi import Query, Request, Response
from pydantic import AwareDatetime
from starlette.concurrency import run_in_threadpool

from api.cursors import bound, pack, where_after
from api.dependencies import BearerToken, Now, PageLimit, bearer_token, officer_at_work, officer_reading, page_limit
from api.officers.shapes import queue_row
from api.rights import CASE_READERS, may, policy_of
from api.routes import officers_router
from api.words import refuse_unknown
from cases import policy, queue
from cases.lists import Category, State, Urgency
from cases.queue import Filter

router = officers_router(tags=["officers"], only_known=False)  # it asks by itself
_PLAIN = re.compile(rb"(?:limit=([1-9][0-9]?|100))?(?:(?:^|&)after=([A-Za-z0-9_-]{1,300}))?")


@router.get("/queue", name="queue")
@may(CASE_READERS)
async def read_queue(
    request: Request,
    token: BearerToken,
    now: Now,
    limit: PageLimit,
    state: Annotated[list[State] | None, Query(max_length=20)] = None,
    category: Category | None = None,
    urgency: Urgency | None = None,
    due_before: AwareDatetime | None = None,
    person_id: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
    after: Annotated[str | None, Query(max_length=300)] = None,
) -> Response:
    """One page of the queue, the next due first. `next` is the cursor of the page that follows, with these filters."""
    refuse_unknown(request)
    wanted = Filter(list(state) if state else None, category, urgency, due_before, person_id)
    return await _page(request, token, now, wanted, limit=limit, after=after)


async def plain_page(request: Request, now: datetime) -> Response | None:
    """The page without filters that most ask for, for a door (api/doors.py); None for everything else."""
    plain = _PLAIN.fullmatch(request.scope["query_string"])
    if plain is None:
        return None
    token = await bearer_token(request)
    limit, after = int(plain[1] or await page_limit()), plain[2].decode() if plain[2] else None
    return await _page(request, token, now, Filter(), limit=limit, after=after)


async def _page(
    request: Request, token: str, now: datetime, wanted: Filter, *, limit: int, after: str | None
) -> Response:
    # On the event loop and not as dependencies, each of which is handed to a thread and back: officers wait for this.
    async with officer_reading(request, token, policy_of(read_queue), now=now) as (connection, actor):
        whose = bound("queue", *astuple(wanted), actor.org_id)
        cursor = connection.cursor(binary=True)
        await cursor.execute(*queue.page(wanted, by=actor, limit=limit, after=where_after(whose, after)))
        rows = [queue.row(columns) for columns in await cursor.fetchall()]
    if wanted.category_code and not rows:
        await run_in_threadpool(_refuse_unknown, wanted.category_code, token, now)
    end = rows[-1] if len(rows) == limit else None
    page: dict[str, Any] = {
        "items": [queue_row(row, now) for row in rows],
        "next": pack(whose, end.due_at, str(end.task_id)) if end else None,
    }
    return Response(orjson.dumps(page), media_type="application/json")  # plain values already: nothing to convert


def _refuse_unknown(category: str, token: str, now: datetime) -> None:
    """Raises UnknownCategory; only asked where nothing was found, for a category that has cases is there."""
    with officer_at_work(token, policy_of(read_queue), now=now) as (session, _actor):
        policy.asked_category(session, category)
