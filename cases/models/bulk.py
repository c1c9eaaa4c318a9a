"""Acts on many cases at once: what was asked, and what each case answered."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base

HANDLING = "handling"


class BulkAct(Base):
    """One request, by the id that its sender made: sent again, it is answered from here and done no second time."""

    __tablename__ = "bulk_act"
    __table_args__ = ({"schema": HANDLING},)

    account_id: Mapped[int] = mapped_column(ForeignKey("handling.account.id"), primary_key=True)
    client_id: Mapped[UUID] = mapped_column(primary_key=True)
    body_hash: Mapped[bytes]
    act: Mapped[str]
    at: Mapped[datetime]
    answers: Mapped[list[Any]]
