"""/o/v1/calendar-years: the yearly notice of holidays, previewed and entered by the safety office (D2, X09)."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import Field

from api.dependencies import CurrentActor, Now, OfficerSession
from api.officers.bodies import Body, Optional, Short
from api.rights import EVERY_OFFICER, Scope, may
from api.routes import officers_router
from cases.policy.holiday_notices import HolidayNotice, Row
from cases.supervision import entering
from people.roles import Role

router = officers_router("/calendar-years", tags=["calendars"])
Year = Annotated[int, Path(ge=2020, le=2098)]


class DayIn(Body):
    """One day on which the notice says other than the week does, or names a holiday."""

    day: date
    kind: Literal["rest", "work"]
    name: Short


class NoticeIn(Body):
    """The notice of a year, line by line, with its title and number; `irregular` says why its sums are unusual."""

    rows: Annotated[list[DayIn], Field(min_length=1, max_length=120)]
    source: Short
    document: Short
    irregular: Optional = ""


@router.get("", name="list_calendar_years")
@may(EVERY_OFFICER, scope=Scope.HOUSE)
def list_calendar_years(session: OfficerSession, _actor: CurrentActor) -> dict[str, Any]:
    """The years whose notice is known, and who entered it when."""
    return {
        "items": [
            {"year": year.year, "published": year.published, "source": year.source,
             "document": entry.document if entry else None, "days": entry.days if entry else None,
             "irregular": entry.irregular if entry else "",
             "entered_by": entry.entered_by if entry else None, "entered_at": entry.entered_at if entry else None}
            for year, entry in entering.years(session)
        ]
    }  # fmt: skip


@router.post("/{year}/previews", name="preview_calendar_year")
@may(Role.SAFETY_OFFICE, scope=Scope.DISTRICT)
def preview_calendar_year(
    year: Year, body: NoticeIn, session: OfficerSession, actor: CurrentActor, now: Now
) -> dict[str, Any]:
    """Which running deadlines the notice would move, and from when to when; nothing is changed."""
    told = entering.preview(session, _notice(year, body), by=actor, now=now)
    return {"certain": told.certain, "later": told.later, "waiting": told.waiting, "items": told.items}


@router.post("/{year}/entries", status_code=201, name="enter_calendar_year")
@may(Role.SAFETY_OFFICE, scope=Scope.DISTRICT)
def enter_calendar_year(
    year: Year, body: NoticeIn, session: OfficerSession, actor: CurrentActor, now: Now
) -> dict[str, Any]:
    """Publish the year; what waited for it is counted again by the workers, never earlier than it was shown."""
    entry = entering.publish(session, _notice(year, body), by=actor, now=now)
    return {"id": entry.id, "year": entry.year, "document": entry.document, "entered_at": entry.entered_at}


def _notice(year: int, body: NoticeIn) -> HolidayNotice:
    rows = tuple(Row(each.day, each.kind, each.name) for each in body.rows)
    return HolidayNotice(year, rows, body.source, body.document, body.irregular)
