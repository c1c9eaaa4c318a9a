"""/o/v1/satisfaction: K14 as numbers, for the desk and the safety office; never who said what."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

from fastapi import Query

from api.dependencies import CurrentActor, Now, OfficerSession
from api.rights import Scope, may
from api.routes import officers_router
from cases import triage
from kit.clock import LOCAL_ZONE
from kit.errors import Invalid, NotAllowed
from people.roles import Role

router = officers_router(tags=["desk"])
FORMULA = {
    "zh": "满意率 = 评价为满意的答复数 ÷ 已评价的答复数；评价过少的不计",
    "en": "satisfied replies / rated replies; not stated where too few were rated",
}


class NotForYou(NotAllowed):
    """The desk and the safety office see these numbers."""

    code = "satisfaction.district_only"
    message = "Only the desk and the safety office see these numbers."


@router.get("/satisfaction", name="satisfaction")
@may(Role.INTAKE_OFFICER, Role.SAFETY_OFFICE, scope=Scope.DISTRICT, refusal=NotForYou)
def satisfaction(
    session: OfficerSession,
    _actor: CurrentActor,
    now: Now,
    first: Annotated[date, Query()],
    last: Annotated[date, Query()],
) -> dict[str, Any]:
    """How satisfied reporters are with the replies given from the `first` day to the `last`, both included (K14)."""
    if not date(2000, 1, 1) <= first <= last < date(2100, 1, 1):
        raise Invalid("The last day is not before the first.", pointer="?last")
    since, until = _begin(first), _begin(last + timedelta(days=1))
    total, *bodies = triage.satisfaction(session, since=since, until=until, now=now)
    return {
        "first": first.isoformat(), "last": last.isoformat(), "formula": FORMULA, "total": _numbers(total),
        "items": [{"org_id": one.org.id, "name": one.org.name_zh} | _numbers(one) for one in bodies if one.org],
    }  # fmt: skip


def _numbers(one: triage.Satisfaction) -> dict[str, Any]:
    return {"replies": one.replies, "ratings": one.ratings, "satisfied": one.satisfied, "share": one.share}


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, LOCAL_ZONE)
