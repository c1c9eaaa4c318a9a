"""What officers find on patrol, until it is a case (T1, M22). An office reads its own; the desk what waits for it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base

PATROL_STATES = ("sent", "waiting", "opened", "dismissed")


class PatrolFinding(Base):
    """A hazard that an officer saw: what, where, and which case it became. `client_id` makes it once."""

    __tablename__ = "patrol_finding"
    __table_args__ = (
        CheckConstraint(f"state in {PATROL_STATES}", name="state"),
        CheckConstraint("(state = 'opened') = (opened_case_id is not null)", name="opened"),
        CheckConstraint("state <> 'dismissed' or (decided_by is not null and note <> '')", name="dismissed"),
        UniqueConstraint("account_id", "client_id"),
        Index("ix_patrol_finding_org", "org_id", "found_at", "id"),
        Index("ix_patrol_finding_waiting", "found_at", "id", postgresql_where=sql("state = 'waiting'")),
        {"schema": "handling"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    client_id: Mapped[UUID]
    fingerprint: Mapped[bytes]
    org_id: Mapped[int] = mapped_column(ForeignKey("handling.org.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    category_code: Mapped[str] = mapped_column(ForeignKey("handling.category.code"))
    lon: Mapped[float]
    lat: Mapped[float]
    crs: Mapped[str]
    accuracy_m: Mapped[float]
    place: Mapped[str]
    text: Mapped[str]
    apart: Mapped[str]  # why it is not one of the open cases that were near; empty where none was
    seen_at: Mapped[datetime]
    found_at: Mapped[datetime]  # when the server received it
    state: Mapped[str] = mapped_column(server_default="sent")
    waits_for: Mapped[str | None]
    opened_case_id: Mapped[UUID | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    decided_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(server_default="")
    version: Mapped[int] = mapped_column(server_default="1")
