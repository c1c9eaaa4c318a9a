"""/o/v1/key-periods: the days on which limits are shorter, entered by the safety office version by version (D10)."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from api.dependencies import CurrentActor, Now, OfficerSession, SeenVersion
from api.officers.bodies import Body, Short
from api.rights import EVERY_OFFICER, Scope, may
from api.routes import officers_router
from cases.models.overlay import DeadlineOverlay
from cases.supervision import key_periods as periods
from cases.supervision.key_periods import KeyPeriod
from people.roles import Role

router = officers_router("/key-periods", tags=["calendars"])
Code = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9-]{1,31}$")]
AreaCode = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{6,16}$")]
Day = Annotated[date, Field(ge=date(2020, 1, 1), lt=date(2100, 1, 1))]
Clock = Literal[
    "sign", "arbitrate", "first_arrival", "relay", "cordon", "verify_start", "verify", "verdict_review", "stop_work",
    "rectify", "rectify_major", "acceptance", "referral_accept", "close", "total",
]  # fmt: skip


class LimitIn(Body):
    """How long a clock runs at most."""

    amount: Annotated[int, Field(ge=1, le=1000)]
    unit: Literal["clock_min", "clock_h", "work_h", "work_d", "cal_d"]


class KeyPeriodIn(Body):
    """What the published document says; without codes it is about all categories, or all areas."""

    code: Code
    zh: Short
    en: Short
    first_day: Day
    last_day: Day
    category_codes: Annotated[list[Short], Field(default_factory=list, max_length=50)]
    unit_codes: Annotated[list[AreaCode], Field(default_factory=list, max_length=100)]
    basis: Short
    active: bool = True
    limits: Annotated[dict[Clock, LimitIn], Field(min_length=1)]


@router.get("", name="list_key_periods")
@may(EVERY_OFFICER, scope=Scope.HOUSE)
def list_key_periods(session: OfficerSession, _actor: CurrentActor) -> dict[str, Any]:
    """The newest version of every period, those that end last first."""
    return {"items": [_shown(row) for row in periods.key_periods(session)]}


@router.post("", status_code=201, name="enter_key_period")
@may(Role.SAFETY_OFFICE, scope=Scope.DISTRICT)
def enter_key_period(
    body: KeyPeriodIn, session: OfficerSession, actor: CurrentActor, seen: SeenVersion, now: Now
) -> dict[str, Any]:
    """Enter a period; over a known one its next version, with the version that was seen. `active` false ends it."""
    said = body.model_dump(exclude={"limits"})
    limits: dict[str, tuple[int, str]] = {clock: (limit.amount, limit.unit) for clock, limit in body.limits.items()}
    return _shown(periods.enter(session, KeyPeriod(**said, limits=limits), seen=seen, by=actor, now=now))


def _shown(row: DeadlineOverlay) -> dict[str, Any]:
    return {
        "code": row.code, "version": row.version, "zh": row.zh, "en": row.en, "first_day": row.first_day,
        "last_day": row.last_day, "category_codes": row.category_codes, "unit_codes": row.unit_codes,
        "basis": row.basis, "active": row.active, "effective_at": row.effective_at, "entered_by": row.entered_by,
        "limits": {each.clock: {"amount": each.amount, "unit": each.unit} for each in row.limits},
    }  # fmt: skip
