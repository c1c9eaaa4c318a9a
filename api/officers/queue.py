"""GET /o/v1/queue: an office's open tasks by what is due."""

from dataclasses import astuple
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime

from api.cursors import bound, pack, where_after
from api.dependencies import BearerToken, Now, PageLimit, officer_at_work
from api.officers.asking import Category, State, Urgency
from api.officers.shapes import queue_row
from api.words import refuse_unknown
from cases import policy, queue
from cases.queue import Filter

router = APIRouter(tags=["officers"])


@router.get("/queue", name="queue")
def read_queue(
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
    wanted = Filter(tuple(state) if state else None, category, urgency, due_before, person_id)
    # In one thread and not as dependencies, each of which would be handed to a thread and back: officers wait for this.
    with officer_at_work(token, now=now) as (session, actor):
        if category:
            policy.asked_category(session, category)
        whose = bound("queue", *astuple(wanted), actor.org_id)
        last = where_after(whose, after)
        rows = queue.page(session, wanted, by=actor, limit=limit, after=last)
    end = rows[-1] if len(rows) == limit else None
    page: dict[str, Any] = {
        "items": [queue_row(row, now) for row in rows],
        "next": pack(whose, end.due_at, str(end.task_id)) if end else None,
    }
    return Response(orjson.dumps(page), media_type="application/json")  # plain values already: nothing to convert
