"""Which key periods and campaigns shorten a limit of a case, from which instant on (D10)."""

from datetime import datetime

from sqlalchemy.orm import Session

from cases import deadlines
from cases.models.case import Case
from cases.models.overlay import DeadlineOverlay
from cases.policy.limits import Shorter
from cases.policy.once import in_force
from geo.models import Unit


def shorter(session: Session, case: Case, clock: str, *, start: datetime) -> tuple[Shorter, ...]:
    """What may shorten a clock of this kind that starts then, by the rows in force when the case was opened (D4).

    The period is that of the start: a clock that runs when a period begins keeps its end, and one that was shortened
    keeps it, too, when the period is over.
    """
    day = deadlines.local_day(start)
    return tuple(
        Shorter(each.code, each.version, limit.amount, deadlines.Unit(limit.unit))
        for each in in_force(session, DeadlineOverlay, case.opened_at)
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
