"""Two months of which figures are published, with all that a page must tell: hidden counts, names told together."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import delete

from cases.models.statistics import StatisticLine, StatisticMonth
from kit.db import OWNER, unit_of_work

SEPTEMBER, OCTOBER = date(2036, 9, 1), date(2036, 10, 1)
MADE_AT = datetime(2036, 11, 4, 1, 30, tzinfo=UTC)
HOSTILE = "=HYPERLINK(1)<script>"


def line(
    subject: str, position: int, zh: list[str], *counts: int | None, days: Decimal | None = None, month: date = OCTOBER
) -> StatisticLine:
    """A line of a month; `counts` are opened, closed, upheld, refuted, late."""
    names: dict[str, Any] = {"codes": [f"T{place}" for place in range(len(zh))], "zh": zh, "en": zh}
    figures: dict[str, Any] = dict(zip(("opened", "closed", "upheld", "refuted", "late"), counts, strict=True))
    return StatisticLine(month=month, subject=subject, position=position, **names, **figures, median_days=days)


def counting() -> Iterator[None]:
    """Publish both, and take them away."""
    with unit_of_work(OWNER) as session:
        session.add_all(StatisticMonth(month=month, made_at=MADE_AT, reports=21) for month in (SEPTEMBER, OCTOBER))
        session.flush()
        session.add_all([
            line("district", 0, [], 18, 12, 9, 3, 2, days=Decimal("6.5")),
            line("town", 0, ["东篱街道"], 14, 12, 9, 3, 2, days=Decimal("6.5")),
            line("town", 1, ["望澜镇", HOSTILE], 4, None, None, None, None),
            line("category", 0, ["消防通道、安全出口堵塞"], 18, 12, 9, 3, 2, days=Decimal("6.5")),
            line("district", 0, [], 3, 0, 0, 0, 0, month=SEPTEMBER),
        ])  # fmt: skip
    yield
    with unit_of_work(OWNER) as session:
        session.execute(delete(StatisticLine))
        session.execute(delete(StatisticMonth))
