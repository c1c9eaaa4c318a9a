"""Asking for a hold and approving it, on a walk along the straight path."""

from datetime import date, datetime, timedelta

from cases import holds
from cases.holds import HoldDraft
from cases.models.pause import Hold
from kit.clock import LOCAL_ZONE
from people.actors import Actor
from tests.walk import Walk


def ask(walk: Walk, *, days: int = 30, by: Actor | None = None, now: datetime | None = None, **facts: str) -> Hold:
    """A request of the town's officer, to be reviewed in so many days."""
    parts = {"reason": "appraisal", "note": "等待房屋安全鉴定", "interim_measures": "停用、围挡，专人看守"} | facts
    draft = HoldDraft(**parts, review_on=the_day(walk, days))  # type: ignore[arg-type]
    return holds.request_hold(walk.session, walk.case, draft, by=by or walk.town.officer, now=now or walk.now)


def approve(walk: Walk, hold: Hold, *, by: Actor | None = None, now: datetime | None = None) -> Hold:
    """The safety office agrees."""
    return holds.approve_hold(
        walk.session, walk.case, hold, comment="同意", by=by or walk.district.supervisor, now=now or walk.now
    )


def held(walk: Walk, *, days: int = 30, now: datetime | None = None) -> Hold:
    """A case that is on hold for so many days."""
    return approve(walk, ask(walk, days=days, now=now), now=now)


def the_day(walk: Walk, days: int) -> date:
    """The local day so many days ahead."""
    return walk.now.astimezone(LOCAL_ZONE).date() + timedelta(days=days)
