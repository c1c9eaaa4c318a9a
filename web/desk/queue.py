"""GET /desk: an office's open tasks, the next due first, filtered by a form and paged by its address (M15)."""

from datetime import datetime, time, timedelta
from typing import Annotated, Any, Final, Literal, NamedTuple
from urllib.parse import urlencode

from fastapi import Depends, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict

from api.cursors import bound, pack, where_after
from api.rights import CASE_READERS, may
from cases import policy, queue
from cases.lists import Category, State, Urgency
from cases.queue import Filter, QueueRow
from kit.clock import LOCAL_ZONE
from people.actors import Actor
from people.roles import Role
from web.desk.door import HOME, AtWork, Here
from web.desk.due import Due, due
from web.desk.frame import desk_page, desk_router

router = desk_router()
TOGETHER: Final = 50
MOST: Final = 99  # chips count no further
BRIEFLY_MS: Final = 30
TICK: Final = timedelta(microseconds=1)


class Asked(BaseModel):
    """What the address asks for; a word that it does not know is no filter, a field that was left empty neither."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    state: State | None = None
    category: Category | None = None
    urgency: Urgency | None = None
    due: Literal["late", "today"] | None = None
    mine: Literal["yes"] | None = None

    def words(self) -> dict[str, str]:
        """The filters in force."""
        return self.model_dump(exclude_none=True)


class Chip(NamedTuple):
    """A view in one click."""

    name: str
    asked: Asked
    who: frozenset[Role] = frozenset(Role)


CHIPS: Final = (
    Chip("全部", Asked()),
    Chip("已超期", Asked(due="late")),
    Chip("今日到期", Asked(due="today")),
    Chip("我经办的", Asked(mine="yes"), frozenset({Role.TOWN_CLERK, Role.TOWN_OFFICER, Role.DEPT_OFFICER})),
    Chip("待签收", Asked(state="dispatched"), frozenset({Role.TOWN_CLERK, Role.TOWN_LEADER})),
    Chip("结论待审", Asked(state="verdict_review"), frozenset({Role.TOWN_LEADER, Role.DEPT_LEADER})),
    Chip("待裁定", Asked(state="arbitrating"), frozenset({Role.SAFETY_OFFICE})),
    Chip("待结案", Asked(state="closure_review"), frozenset({Role.TOWN_LEADER, Role.SAFETY_OFFICE})),
)


class Shown(NamedTuple):
    """One row as the page shows it."""

    row: QueueRow
    due: Due
    category: str


async def asked(request: Request) -> Asked:
    """The filters of the address; what a form sends of fields that were left empty is nothing."""
    return Asked.model_validate({key: value for key, value in request.query_params.items() if value})


Wanted = Annotated[Asked, Depends(asked)]
After = Annotated[str, Query(max_length=300)]


@router.get("", name="desk_queue")
@may(CASE_READERS)
def queue_page(
    request: Request, here: Here, wanted: Annotated[Asked, Depends(asked)], after: After = ""
) -> HTMLResponse:
    """One page of the queue. Its whole state is in its address, so that it can be kept, sent on and come back to."""
    whose = bound("desk queue", wanted.words(), here.actor.org_id, here.actor.account_id)
    rows = queue.rows(
        here.session, filter_of(wanted, here.actor, here.now), by=here.actor, limit=TOGETHER,
        after=where_after(whose, after or None),
    )  # fmt: skip
    end = rows[-1] if len(rows) == TOGETHER else None
    known = {each.category_code: each.zh for each in policy.categories(here.session, here.now)}
    return desk_page(
        request, "desk/queue.html", here, wanted=wanted, known=known,
        rows=[_shown(row, known, here.now) for row in rows],
        chips=[
            (chip.name, address(chip.asked), chip.asked == wanted, _count(here, chip))
            for chip in CHIPS
            if here.actor.has(*chip.who)
        ],
        first=address(wanted) if after else None,
        onward=address(wanted, after=pack(whose, end.due_at, str(end.task_id))) if end else None,
        of_the_district=here.actor.org_kind in {"district", "city"},
    )  # fmt: skip


def filter_of(wanted: Asked, actor: Actor, now: datetime) -> Filter:
    """The same for the queue. What is due at midnight is due at 24:00 of the day before (D1)."""
    before = {"late": now + TICK, "today": _midnight(now) + TICK, None: None}[wanted.due]
    mine = actor.account_id if wanted.mine else None
    return Filter([wanted.state] if wanted.state else None, wanted.category, wanted.urgency, before, mine)


def address(wanted: Asked, **more: Any) -> str:
    """The page with these filters."""
    said = urlencode(wanted.words() | more)
    return f"{HOME}?{said}" if said else HOME


def _count(here: AtWork, chip: Chip) -> str:
    """By what is due this is a step into an index; by state it may be a walk, which no page waits for."""
    ms = BRIEFLY_MS if chip.asked.state else queue.COUNT_MS
    found = queue.count(here.session, filter_of(chip.asked, here.actor, here.now), by=here.actor, most=MOST, ms=ms)
    return "" if found is None else f"{MOST}+" if found > MOST else str(found)


def _shown(row: QueueRow, known: dict[str, str], now: datetime) -> Shown:
    code = row.case.category_code
    return Shown(row, due(row.due_at, row.due_what, row.yellow_at, now=now), known.get(code, code))


def _midnight(now: datetime) -> datetime:
    """The end of the day."""
    return datetime.combine(now.astimezone(LOCAL_ZONE).date() + timedelta(days=1), time(), LOCAL_ZONE)
