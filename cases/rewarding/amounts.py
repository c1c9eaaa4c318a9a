"""What a report is worth under a reward rule (C11, F58): whole fen, computed in fractions, rounded once at the end."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Any, Final, Self

FEN: Final = 100
# Deaths, or serious injuries, from which an accident has a grade (特别重大, 重大, 较大); three are included.
GRADES: Final = ((30, 100, "extraordinary"), (10, 50, "serious"), (3, 10, "larger"))
GENERAL, MAJOR, CONCEALED = "general", "major", "concealed"
KINDS: Final = (GENERAL, MAJOR, CONCEALED)


@dataclass(frozen=True)
class Rule:
    """One version of the reward rule. Money is in fen; `rate` and `insider_uplift` are shares, such as 0.15."""

    rate: Fraction
    least: int
    most: int
    per_death: Mapping[str, int]
    insider_uplift: Fraction
    cap_uplift: bool
    fixed_tiers: Mapping[str, int]
    monthly_caps: Mapping[str, int]
    joint_rule: str

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> Self:
        """The rule as its policy row tells it, where money is in yuan and shares are decimals in text."""
        return cls(
            Fraction(row["rate"]), int(row["min_yuan"]) * FEN, int(row["max_yuan"]) * FEN, _fen(row["per_death_yuan"]),
            Fraction(row["insider_uplift"]), bool(row["cap_uplift"]), _fen(row["fixed_tiers_yuan"]),
            _fen(row["monthly_caps_yuan"]), row["joint_rule"],
        )  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """What was substantiated: fines of final decisions for the reported facts in fen; casualties; which fixed tier."""

    kind: str
    fines_fen: tuple[int, ...] = ()
    deaths: int = 0
    serious_injuries: int = 0
    concealed_deaths: int = 0
    tier: str = ""
    insider: bool = False


class NoSuchTier(LookupError):
    """The rule has no fixed amount of that name."""


def grade(deaths: int, serious_injuries: int = 0) -> str:
    """The final grade of an accident by all its casualties, not by those that were concealed."""
    return next((name for dead, hurt, name in GRADES if deaths >= dead or serious_injuries >= hurt), "ordinary")


def amount(rule: Rule, facts: Facts) -> int:
    """The reward in fen, a whole number of yuan, half a yuan counting as one. Raises NoSuchTier."""
    plain, most = _plain(rule, facts)
    if facts.insider:
        limit = Fraction(most) * (1 + rule.insider_uplift if rule.cap_uplift else 1)
        plain = min(limit, plain * (1 + rule.insider_uplift))
    return floor(plain / FEN + Fraction(1, 2)) * FEN


def shares(total: int, signers: int, joint_rule: str) -> tuple[int, ...]:
    """What each signer of one report gets, in fen: the first one all, or equal whole yuan and the rest to the first."""
    if joint_rule == "first_signer":
        return (total,)
    each = total // FEN // signers * FEN
    return (total - each * (signers - 1), *[each] * (signers - 1))


def within_the_cap(rule: Rule, kind: str, wanted: int, paid_this_month: int) -> int:
    """What the month's cap for one person and kind leaves of an amount (F61); kinds without a cap keep all of it."""
    cap = rule.monthly_caps.get(kind)
    return wanted if cap is None else max(0, min(wanted, cap - paid_this_month))


def _plain(rule: Rule, facts: Facts) -> tuple[Fraction, int]:
    """The reward before an insider's addition, and the most that it may be."""
    if facts.kind == MAJOR:
        return max(Fraction(rule.least), min(Fraction(rule.most), rule.rate * sum(facts.fines_fen))), rule.most
    if facts.kind == CONCEALED:
        each = rule.per_death[grade(facts.deaths, facts.serious_injuries)]
        return Fraction(min(rule.most, facts.concealed_deaths * each)), rule.most
    if facts.tier not in rule.fixed_tiers:
        raise NoSuchTier(facts.tier)
    return Fraction(rule.fixed_tiers[facts.tier]), rule.most


def _fen(row: Mapping[str, Any]) -> dict[str, int]:
    return {name: int(yuan) * FEN for name, yuan in row.items()}
