"""GET /o/v1/cases: every case that an office may see, filtered and sorted; the queue is for work, this is to look."""

from typing import Annotated, Any

from fastapi import Query
from pydantic import ConfigDict

from api.cursors import bound
from api.dependencies import CurrentActor, Now, OfficerSession
from api.officers.shapes import listed_case
from api.paging import Page
from api.rights import CASE_READERS, may
from api.routes import officers_router
from cases import lists
from cases.lists import Wanted

router = officers_router("/cases", tags=["lists"])


class CaseQuery(Wanted):
    """The same words in a query, which has those of the page beside them."""

    model_config = ConfigDict(extra="ignore")


Asked = Annotated[CaseQuery, Query()]


@router.get("", name="list_cases")
@may(CASE_READERS)
def list_cases(wanted: Asked, session: OfficerSession, actor: CurrentActor, now: Now, page: Page) -> dict[str, Any]:
    """One page; `next` is the cursor of the page that follows, for these filters, this order and this office."""
    lists.check(session, wanted, now=now)
    whose = bound("cases", wanted.words(), actor.org_id)
    told = page.key(whose)
    after = lists.key_of(wanted, told) if told else None
    rows = lists.page(session, wanted, by=actor, now=now, limit=page.limit, after=after)
    return {"items": [listed_case(row, now) for row in rows], "next": page.next(whose, rows, lambda row: row.key)}


@router.get("/count", name="count_cases")
@may(CASE_READERS)
def count_cases(wanted: Asked, session: OfficerSession, actor: CurrentActor, now: Now) -> dict[str, Any]:
    """How many there are; from a thousand on only that there are more."""
    lists.check(session, wanted, now=now)
    return counted(lists.count(session, wanted, by=actor, now=now))


def counted(found: int) -> dict[str, Any]:
    """A bounded count."""
    return {"count": min(found, lists.COUNT_LIMIT), "more": found > lists.COUNT_LIMIT}
