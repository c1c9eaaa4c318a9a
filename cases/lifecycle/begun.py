"""What a body has begun beside a case and not ended: only it can end that, so it keeps the case until it has (T4, T20).

A town that gave its case away could not even see it any more, and its penalty or measure would stand open for ever.
"""

from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from cases.lifecycle.closing.enforcement import AWAITED, OPEN_TRACK, UNDECIDED
from cases.models.case import Case
from cases.models.measure import HOLDING, Measure
from cases.models.penalty import Penalty
from cases.models.referral import CriminalTransfer, Referral
from kit.errors import Conflict
from people.actors import Actor

_OPEN: dict[type[Any], tuple[str, ...]] = {
    Penalty: OPEN_TRACK, Measure: ("proposed", "approved", *HOLDING), Referral: AWAITED, CriminalTransfer: UNDECIDED,
}  # fmt: skip


class StillOpen(Conflict):
    """A penalty, a measure, a referral or a criminal transfer that was begun is not ended; `open` names them."""

    code = "case.begun_beside"
    message = "End what was begun beside this case first."


def nothing_of_ours(*, session: Session, case: Case, by: Actor, **_: Any) -> None:
    """T4: whoever has begun to enforce has taken the matter for its own. Raises StillOpen."""
    _refuse(_open(session, case, by.org_id))


def nothing_of_anybody(*, session: Session, case: Case, **_: Any) -> None:
    """T20: an entry is void where nothing follows from it. Raises StillOpen."""
    _refuse(_open(session, case, None))


def _open(session: Session, case: Case, org_id: int | None) -> list[str]:
    found = []
    for table, states in _OPEN.items():
        whose = table.from_org_id if table is Referral else table.org_id
        mine = whose == org_id if org_id is not None else whose.is_not(None)
        if session.scalar(select(exists().where(table.case_id == case.id, table.state.in_(states), mine))):
            found.append(table.__tablename__)
    return found


def _refuse(found: list[str]) -> None:
    if found:
        raise StillOpen(open=found)
