"""Tables of public statistics, in schema record: what was counted for a month, written once and kept as it was."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base

SUBJECTS = ("district", "town", "category")


class StatisticMonth(Base):
    """A month of which figures are published, as they stood at `made_at`."""

    __tablename__ = "statistic_month"
    __table_args__ = (CheckConstraint("extract(day from month) = 1", name="first_day"), {"schema": "record"})

    month: Mapped[date] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    reports: Mapped[int | None]  # received in the month; none: one or two, which nobody is told (Q12)


class StatisticLine(Base):
    """The figures of one town, one category, or several told together; `district` is all of them.

    A count that is none is one or two (Q12). `median_days` is that of the cases closed in the month.
    """

    __tablename__ = "statistic_line"
    __table_args__ = (CheckConstraint(f"subject in {SUBJECTS}", name="subject"), {"schema": "record"})

    month: Mapped[date] = mapped_column(ForeignKey("record.statistic_month.month"), primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    codes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    zh: Mapped[list[str]] = mapped_column(ARRAY(Text))
    en: Mapped[list[str]] = mapped_column(ARRAY(Text))
    opened: Mapped[int | None]
    closed: Mapped[int | None]
    upheld: Mapped[int | None]
    refuted: Mapped[int | None]
    late: Mapped[int | None]
    median_days: Mapped[Decimal | None] = mapped_column(Numeric(6, 1))
