"""GET /desk/cases: every case that an office may see, by the filters of /o/v1/cases, and the views that were saved.

The queue is for work, this is to look: also at what is closed.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final, Literal, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select
from starlette.datastructures import QueryParams

from api.cursors import bound, pack, unpack
from api.rights import CASE_READERS, WRITERS, Scope, may
from cases import lists, policy
from cases.lists import ListRow, Wanted
from cases.lists.views import SHARERS
from cases.models.view import SavedView
from people.models import Org
from web.desk.door import AtWork, Here
from web.desk.due import Due, due
from web.desk.frame import desk_page, desk_router

router = desk_router()
LIST: Final = "/desk/cases"
TOGETHER: Final = 50
MANY: Final = frozenset(name for name, field in Wanted.model_fields.items() if field.default == ())
After = Annotated[str, Query(max_length=300)]
Shared = Annotated[Literal["yes", "no"], Form()]
Version = Annotated[int, Form(ge=1)]


class Shown(NamedTuple):
    """One row as the page shows it; a case that nothing runs for has no deadline."""

    row: ListRow
    due: Due | None
    category: str


async def wanted_of(request: Request) -> Wanted:
    """The filters of the address; what a form sends of fields that were left empty is nothing."""
    return read(request.query_params)


def read(given: QueryParams) -> Wanted:
    """The filters among these words. Raises ValidationError for a value that none of them has."""
    said: dict[str, Any] = {}
    for name in Wanted.model_fields:
        values = [value for value in given.getlist(name) if value]
        if values:
            said[name] = values if name in MANY else values[-1]
    return Wanted.model_validate(said)


@router.get("/cases", name="desk_cases")
@may(CASE_READERS)
def cases_page(
    request: Request, here: Here, wanted: Annotated[Wanted, Depends(wanted_of)], after: After = ""
) -> HTMLResponse:
    """One page of the list with its filters, how many there are, and the saved views with how many each shows now."""
    session, actor, now = here.session, here.actor, here.now
    lists.check(session, wanted, now=now)
    whose = bound("desk cases", wanted.words(), actor.org_id, actor.account_id)
    key = lists.key_of(wanted, unpack(whose, after)) if after else None
    rows = lists.page(session, wanted, by=actor, now=now, limit=TOGETHER, after=key)
    known = {each.category_code: each.zh for each in policy.categories(session, now)}
    return desk_page(
        request, "desk/cases.html", here, wanted=wanted, known=known, rows=[_shown(row, known, now) for row in rows],
        found=_bounded(lists.count(session, wanted, by=actor, now=now)), views=_views(here, wanted),
        orgs=_towns(here), first=address(wanted.words()) if after else None,
        onward=address(wanted.words(), after=pack(whose, *rows[-1].key)) if len(rows) == TOGETHER else None,
        may_share=actor.has(*SHARERS), may_save=actor.has(*WRITERS),
    )  # fmt: skip


@router.post("/views", name="desk_save_view")
@may(WRITERS, scope=Scope.SELF)
def save_view(
    here: Here,
    wanted: Annotated[str, Form(alias="filter", max_length=4000)] = "",
    name: Annotated[str, Form(max_length=200)] = "",
) -> RedirectResponse:
    """Keep the filters that the list shows under a name."""
    view = lists.save(here.session, name.strip(), read(QueryParams(wanted)), by=here.actor, now=here.now)
    return RedirectResponse(address(view.filter), 303)


@router.post("/views/{view_id}/sharings", name="desk_share_view")
@may(SHARERS, scope=Scope.OFFICE)
def share_view(view_id: UUID, here: Here, version: Version, shared: Shared = "no") -> RedirectResponse:
    """Show it to the office, or no longer."""
    view = lists.lock(here.session, view_id, by=here.actor, expected_version=version)
    lists.share(here.session, view, shared=shared == "yes", by=here.actor, now=here.now)
    return RedirectResponse(address(view.filter), 303)


@router.post("/views/{view_id}/removals", name="desk_remove_view")
@may(WRITERS, scope=Scope.SELF)
def remove_view(view_id: UUID, here: Here, version: Version) -> RedirectResponse:
    """Take it away."""
    view = lists.lock(here.session, view_id, by=here.actor, expected_version=version)
    lists.remove(view, by=here.actor, now=here.now)
    return RedirectResponse(LIST, 303)


def address(words: Mapping[str, Any], **more: Any) -> str:
    """The list with these filters."""
    said = urlencode({**words, **more}, doseq=True)
    return f"{LIST}?{said}" if said else LIST


class View(NamedTuple):
    """A saved view as a chip."""

    view: SavedView
    href: str
    how_many: str
    chosen: bool
    mine: bool


def _views(here: AtWork, wanted: Wanted) -> list[View]:
    return [
        View(
            view,
            address(view.filter),
            _bounded(lists.counted(here.session, view, by=here.actor, now=here.now)),
            view.filter == wanted.words(),
            view.owner_id == here.actor.account_id,
        )
        for view in lists.views(here.session, by=here.actor)
    ]


def _towns(here: AtWork) -> list[tuple[int, str]]:
    """Whose cases one may ask for: the district everybody's, others have but their own."""
    if here.actor.org_kind not in {"district", "city"}:
        return []
    towns = select(Org.id, Org.name_zh).where(Org.kind.in_(("town", "group")), Org.active).order_by(Org.code)
    return [(id_, name) for id_, name in here.session.execute(towns)]


def _bounded(found: int | None) -> str:
    if found is None:
        return ""
    return f"{lists.COUNT_LIMIT}+" if found > lists.COUNT_LIMIT else str(found)


def _shown(row: ListRow, known: Mapping[str, str], now: datetime) -> Shown:
    running = due(row.due_at, row.due_what or "", row.yellow_at, now=now) if row.due_at else None
    code = row.case.category_code
    return Shown(row, running, known.get(code, code))
