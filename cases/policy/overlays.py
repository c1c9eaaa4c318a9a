"""Which key periods and campaigns shorten a limit of a case, from which instant on (D10)."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, selectinload

from cases import deadlines
from cases.models.case import Case
from cases.models.overlay import DeadlineOverlay
from cases.policy.limits import Shorter
from geo.models import Unit


def shorter(session: Session, case: Case, clock: str, *, start: datetime) -> tuple[Shorter, ...]:
    """What may shorten a clock of this kind that starts then, by the rows in force when the case was opened (D4).

    The period is that of the start: a clock that runs when a period begins keeps its end, and one that was shortened
    keeps it, too, when the period is over.
    """
    newest = (
        select(DeadlineOverlay)
        .where(DeadlineOverlay.effective_at <= case.opened_at)
        .ext(distinct_on(DeadlineOverlay.code))
        .order_by(DeadlineOverlay.code, DeadlineOverlay.version.desc())
        .options(selectinload(DeadlineOverlay.limits))
    )
    day = deadlines.local_day(start)
    return tuple(
        Shorter(each.code, each.version, limit.amount, deadlines.Unit(limit.unit))
        for each in session.scalars(newest).all()
        if each.active and each.first_day <= day <= each.last_day and _is_about(session, each, case)
        for limit in each.limits
        if limit.clock == clock
    )


def _is_about(session: Session, overlay: DeadlineOverlay, case: Case) -> bool:
    if overlay.category_codes and case.category_code not in overlay.category_codes:
        return False
    if not overlay.unit_codes:
        return True
    unit = session.get(Unit, case.unit_id) if case.unit_id is not None else None
    return unit is not None and unit.code in overlay.unit_codes
