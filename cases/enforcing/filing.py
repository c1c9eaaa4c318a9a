"""Who has to file a penalty that must be, and until when (T8, C4.5, M44): a clock from the order to the filing.

It runs against the organ that the penalty falls to, with the ladder of D8, for as long as the penalty is owed and
nothing has been begun: no track, no referral or criminal transfer on its way. What was begun has clocks of its own.
"""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from cases import clocks
from cases.lifecycle.closing.enforcement import AWAITED, OPEN_TRACK, UNDECIDED, owed
from cases.lifecycle.closing.findings import approved_verdict
from cases.lifecycle.whose import falls_to
from cases.models.case import Case, Clock
from cases.models.penalty import Penalty
from cases.models.referral import CriminalTransfer, Referral

FILE = "file_penalty"


def watch_filing(session: Session, case: Case, *, now: datetime) -> None:
    """Start the clock of a locked case's penalty, hand it on, or stop it, as the case is now. Safe to repeat."""
    verdict = approved_verdict(session, case)
    whose = falls_to(session, case) if verdict is not None and _to_be_filed(session, case) else None
    running = select(Clock).where(Clock.case_id == case.id, Clock.kind == FILE, Clock.stopped_at.is_(None))
    clock = session.scalars(running).one_or_none()
    if clock is not None and whose is None:
        clock.stopped_at = now
    elif clock is not None:
        clock.org_id = whose
    elif verdict is not None and whose is not None:
        clocks.start_beside(session, case, FILE, about=verdict.id, org_id=whose, now=now)
    session.flush()


def _to_be_filed(session: Session, case: Case) -> bool:
    begun = (
        exists().where(Penalty.case_id == case.id, Penalty.state.in_(OPEN_TRACK)),
        exists().where(Referral.case_id == case.id, Referral.state.in_(AWAITED)),
        exists().where(CriminalTransfer.case_id == case.id, CriminalTransfer.state.in_(UNDECIDED)),
    )
    return owed(session, case) and not any(session.scalar(select(each)) for each in begun)
