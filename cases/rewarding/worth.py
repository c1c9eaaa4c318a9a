"""From what the desk proposes to an amount: the fines that count, checked against the decisions themselves (C11)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.models.penalty import Penalty
from cases.models.reward import Reward
from cases.rewarding.amounts import CONCEALED, GENERAL, MAJOR, Facts, Rule, amount
from kit.errors import Conflict, Invalid


class NotFinal(Conflict):
    """A fine counts once its decision is final: executed, or served so long ago that nobody can contest it any more."""

    code = "reward.not_final"
    message = "This decision is not final, or it is not one of this case."


class NoWorth(Invalid):
    """These facts give no amount under the rule in force for this report."""

    code = "reward.no_amount"
    message = "These facts give no amount under the rule."


@dataclass(frozen=True)
class Fine:
    """How much of one decision is for what was reported (several violations in one decision are split), in fen."""

    penalty_id: UUID
    fen: int


@dataclass(frozen=True)
class Claimed:
    """What the desk says was substantiated."""

    kind: str
    fines: tuple[Fine, ...] = ()
    tier: str = ""
    deaths: int = 0
    serious_injuries: int = 0
    concealed_deaths: int = 0
    insider: str = ""
    """How it is known that the reporter works there; empty for anybody else."""

    def row(self) -> dict[str, Any]:
        """As it is kept."""
        return {**asdict(self), "fines": [{"penalty_id": str(fine.penalty_id), "fen": fine.fen} for fine in self.fines]}

    @classmethod
    def read(cls, row: dict[str, Any]) -> "Claimed":
        """As it was kept."""
        fines = tuple(Fine(UUID(fine["penalty_id"]), fine["fen"]) for fine in row["fines"])
        return cls(**{**row, "fines": fines})


def worth(session: Session, reward: Reward, claimed: Claimed, *, now: datetime) -> int:
    """The amount in fen. Raises NotFinal, NoWorth."""
    _fits(claimed)
    final = _final(session, reward, now)
    for place, fine in enumerate(claimed.fines):
        if not 0 < fine.fen <= final.get(fine.penalty_id, 0):
            raise NotFinal(pointer=f"/fines/{place}")
    facts = Facts(
        claimed.kind, tuple(fine.fen for fine in claimed.fines), deaths=claimed.deaths, tier=claimed.tier,
        serious_injuries=claimed.serious_injuries, concealed_deaths=claimed.concealed_deaths,
        insider=bool(claimed.insider),
    )  # fmt: skip
    try:
        found = amount(Rule.read(reward.rule), facts)
    except LookupError as unknown:
        raise NoWorth("The rule has no such tier.", pointer="/tier") from unknown
    if found <= 0:
        raise NoWorth(pointer="/kind")
    return found


def _fits(claimed: Claimed) -> None:
    """Raises NoWorth, with the field that does not belong to the kind."""
    if claimed.fines and claimed.kind != MAJOR:
        raise NoWorth("Only a major hazard or violation is rewarded by fines.", pointer="/fines")
    if len({fine.penalty_id for fine in claimed.fines}) != len(claimed.fines):
        raise NoWorth("Name each decision once.", pointer="/fines")
    if bool(claimed.tier) != (claimed.kind == GENERAL):
        raise NoWorth("A general hazard, and nothing else, has a tier.", pointer="/tier")
    if bool(claimed.concealed_deaths) != (claimed.kind == CONCEALED):
        raise NoWorth("A concealed accident, and nothing else, has concealed deaths.", pointer="/concealed_deaths")
    if claimed.concealed_deaths > claimed.deaths:
        raise NoWorth("No more are concealed than died.", pointer="/deaths")


def _final(session: Session, reward: Reward, now: datetime) -> dict[UUID, int]:
    """The fines of the case that count, by decision, in fen."""
    days = timedelta(days=reward.rule["decision_final_days"])
    decided: Sequence[Penalty] = session.scalars(
        select(Penalty).where(Penalty.case_id == reward.case_id, Penalty.state.in_(("served", "executed")))
    ).all()
    return {
        each.id: each.fine_fen
        for each in decided
        if each.state == "executed" or (each.served_at is not None and each.served_at + days <= now)
    }
