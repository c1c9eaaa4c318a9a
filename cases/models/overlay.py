"""Tables of the limits of a key period or a campaign, which come on top of the profile and only ever shorten (D10)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cases.models.policy import HANDLING, UNITS
from kit.db import Base

# What a case's own profile times while it is handled. A limit that no clock has would shorten nothing, unseen.
SHORTENED = (
    "sign", "arbitrate", "first_arrival", "relay", "cordon", "verify_start", "verify", "verdict_review", "stop_work",
    "rectify", "rectify_major", "acceptance", "referral_accept", "close", "total",
)  # fmt: skip


class DeadlineOverlay(Base):
    """One key period or campaign under one version: its days, and where and for what it holds (M96, M97, M99).

    The reading rule is that of all policy. A case has the version that was in force when it was opened (D4).
    """

    __tablename__ = "deadline_overlay"
    __table_args__ = (
        CheckConstraint("version > 0", name="version"),
        CheckConstraint("first_day <= last_day", name="period"),
        {"schema": HANDLING},
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    effective_at: Mapped[datetime]
    zh: Mapped[str]
    en: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]  # the last of them: local days, both included
    category_codes: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))  # empty: all
    unit_codes: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))  # areas; empty: all
    basis: Mapped[str]
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))  # None: by an operator

    limits: Mapped[list["OverlayLimit"]] = relationship(lazy="selectin")


class OverlayLimit(Base):
    """How long a clock runs at most, if it starts within the period."""

    __tablename__ = "deadline_overlay_limit"
    __table_args__ = (
        CheckConstraint(f"clock in {SHORTENED}", name="clock"),
        CheckConstraint(f"unit in {UNITS}", name="unit"),
        CheckConstraint("amount > 0", name="amount"),
        ForeignKeyConstraint(
            ["code", "version"], ["handling.deadline_overlay.code", "handling.deadline_overlay.version"]
        ),
        {"schema": HANDLING},
    )  # fmt: skip

    code: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    clock: Mapped[str] = mapped_column(primary_key=True)
    amount: Mapped[int]
    unit: Mapped[str]
