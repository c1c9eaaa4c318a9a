"""Table of 送达回证: how each order to rectify reached the unit that it binds (M39, F10)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, func, text
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base

WAYS = ("direct", "left", "post", "public")  # 直接送达, 留置送达, 邮寄送达, 公告送达


class OrderDelivery(Base):
    """One order's receipt. It is written once and never changes; what was left has who saw that it was refused."""

    __tablename__ = "order_delivery"
    __table_args__ = (
        CheckConstraint(f"how in {WAYS}", name="how"),
        CheckConstraint("how <> 'left' or filmed or jsonb_array_length(witnesses) > 0", name="seen"),
        {"schema": "handling"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"), index=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("handling.rectify_order.id"), unique=True)
    how: Mapped[str]
    delivered_at: Mapped[datetime]
    officer_ids: Mapped[list[Any]]  # who delivered it; after an enforcement check at least two (F21)
    recipient: Mapped[str]  # who took it, or would not
    capacity: Mapped[str]  # what that person is to the unit
    witnesses: Mapped[list[Any]] = mapped_column(server_default=text("'[]'::jsonb"))
    filmed: Mapped[bool] = mapped_column(server_default=text("false"))
    note: Mapped[str]  # why it was refused and where it was left, the item's number at the post, where it was posted
    recorded_by: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    recorded_at: Mapped[datetime]
