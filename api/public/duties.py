"""GET /open/duties: the published list of duties, which every task cites (M06)."""

from datetime import date, datetime, time
from typing import Annotated, Any

from fastapi import Query

from api.dependencies import CitizenSession, Now
from api.rights import anybody
from api.routes import open_router
from cases import policy
from kit.clock import LOCAL_ZONE

router = open_router(tags=["open"])
SHOWN = "code version org_kind duty zh en basis"


@router.get("/open/duties", name="list_duties")
@anybody
def list_duties(session: CitizenSession, now: Now, on: Annotated[date | None, Query()] = None) -> dict[str, Any]:
    """Every public duty in force now, or at the end of the day `on`, with the version that is meant."""
    at = datetime.combine(on, time.max, LOCAL_ZONE) if on else now
    return {
        "items": [
            {**{name: getattr(row, name) for name in SHOWN.split()}, "effective_at": row.effective_at}
            for row in policy.public_duties(session, at)
        ]
    }
