"""The policy that intake needs to answer at once, read together and kept for a short while by each process."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import deadlines, policy
from cases.deadlines import Calendar
from cases.models.policy import URGENCIES
from cases.policy import Limit
from geo.models import Unit
from people import vault

OTHER = "OTH-01"
DEATH = "CCL-01"


@dataclass(frozen=True)
class UnitName:
    """A unit's code and names."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True)
class Rules:
    """A snapshot of policy: category urgencies, review limits, the calendar, names of units, texts, the vault's key."""

    urgencies: dict[str, str]
    review: dict[str, Limit]
    calendar: Calendar
    profile_id: int
    units: dict[int, UnitName]
    values: dict[str, Any]
    sealing: vault.SealingKey

    def filed_under(self, category: str, *, deaths: bool) -> str:
        """The category a report is filed under: one this server does not know is OTH-01, a death is CCL-01 (X34)."""
        if deaths:
            return DEATH
        return category if category in self.urgencies else OTHER

    def urgency(self, category: str, *, emergency: str, deaths: bool) -> str:
        """Immediate for an emergency or a death, else the category's own."""
        return "immediate" if deaths or emergency != "none" else self.urgencies[category]

    def review_due(self, urgency: str, received_at: datetime, *, held: bool = False) -> datetime:
        """By when a person must have looked (R2); at what is held no later than its hours say, by day and by night."""
        limit = self.review[urgency]
        due_at = deadlines.add(received_at, limit.amount, limit.unit, self.calendar, roll=limit.roll).due_at
        return min(due_at, received_at + timedelta(hours=self.values["slow_lane"]["hours"])) if held else due_at


def load_rules(session: Session, now: datetime) -> Rules:
    """Read the snapshot in force at `now`."""
    profile = policy.profile_in_force(session, now)
    units = session.execute(select(Unit.id, Unit.code, Unit.name_zh, Unit.name_en))
    return Rules(
        urgencies={row.category_code: row.urgency for row in policy.categories(session, now)},
        review={urgency: policy.limit(profile, "review", urgency) for urgency in URGENCIES},
        calendar=policy.calendar(session, now),
        profile_id=profile.id,
        units={id_: UnitName(code, zh, en) for id_, code, zh, en in units},
        values=policy.values(session, now),
        sealing=vault.key_in_force(session),
    )
