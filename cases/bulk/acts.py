"""What may be done in bulk: to sign and name a person (T3), and to urge the body that answers (M74)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from cases import handling
from cases.lifecycle.guards import NoOwner
from cases.models.case import Case
from cases.supervision import urging
from cases.supervision.urging import Demand
from people.actors import Actor


@dataclass(frozen=True)
class Sign:
    """T3: sign for each case, a department for its task in it, and name the one person who does them."""

    person_id: int
    name: str = "sign"

    def __call__(self, session: Session, case: Case, *, by: Actor, now: datetime) -> None:
        """Sign for one case."""
        sign = handling.sign_task if by.org_kind == "department" else handling.sign
        sign(session, case, person_id=self.person_id, by=by, now=now)


@dataclass(frozen=True)
class Urge:
    """M74: urge the body that answers for each case, with the same words."""

    level: str
    text: str
    reply_due_at: datetime | None = None
    name: str = "urge"

    def __call__(self, session: Session, case: Case, *, by: Actor, now: datetime) -> None:
        """Urge about one case. The counted version tells whoever saw the case before that something happened."""
        if case.responsible_org_id is None:
            raise NoOwner
        demand = Demand(self.level, case.responsible_org_id, self.text, reply_due_at=self.reply_due_at)
        urging.issue(session, case, demand, by=by, now=now)


Act = Sign | Urge
