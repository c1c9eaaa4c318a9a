"""What a rung means where the safety office itself is late: it is told, and its director with it (D5).

It neither orders nor interviews itself, and no town's case comes up for listing because of it (X53).
"""

from datetime import datetime

from sqlalchemy.orm import Session

from cases import notices
from cases.models.case import Case, Clock
from cases.supervision import answering
from people import leaders
from people.models import Org
from people.roles import Role

# What the safety office does itself; a dispatch is the intake desk's, which it may urge.
KINDS = frozenset({"arbitrate", "second_look", "look_back", "re_verify", "referral_check"})


def is_its_own(session: Session, case: Case, clock: Clock, org_id: int) -> bool:
    """Whether the clock runs against the district for what the safety office does; a department may have it, too.

    What goes by turn comes to the office, too (X53).
    """
    its = clock.kind in KINDS or answering.goes_by_turn(case, clock)
    return its and session.get_one(Org, org_id).kind == "district"


def tell(
    session: Session, case: Case, clock: Clock | None, org_id: int, text: str, *, red: bool, now: datetime
) -> None:
    """Tell whoever was asked to do it, or all who may; once it is red also who directs the office."""
    who = answering.assignee(session, case, clock, org_id) if clock is not None else []
    who = who or notices.holders(session, org_id, Role.SAFETY_OFFICE)
    if red:
        who += leaders.accounts(session, org_id, now)
    kind = "overdue" if red else "due_soon"
    notices.tell_people(session, org_id, who, kind, text, now=now, case_id=case.id)
