"""Tables of the webhooks of newsrooms: where each wants to be told of what, and what was sent there."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base

PAUSED_BY = ("newsroom", "office", "failures")
ENDED_BY = ("newsroom", "office", "receiver")


class Webhook(Base):
    """A newsroom's address that is told of changes in the public record, once a test has reached it."""

    __tablename__ = "webhook"
    __table_args__ = (
        CheckConstraint("cardinality(kinds) > 0", name="wants_something"),
        CheckConstraint(f"paused_by in {PAUSED_BY}", name="paused_by"),
        CheckConstraint("(paused_at is null) = (paused_by is null)", name="paused"),
        CheckConstraint(f"ended_by in {ENDED_BY}", name="ended_by"),
        CheckConstraint("(ended_at is null) = (ended_by is null)", name="ended"),
        Index("uq_webhook_address", "client_id", "url", unique=True, postgresql_where=text("ended_at is null")),
        {"schema": "handling"},
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    client_id: Mapped[UUID] = mapped_column(ForeignKey("handling.media_client.id"))
    url: Mapped[str]
    kinds: Mapped[list[str]] = mapped_column(ARRAY(Text))
    secret: Mapped[bytes]  # sealed, as the one below
    old_secret: Mapped[bytes | None]
    old_until: Mapped[datetime | None]
    told_change: Mapped[int] = mapped_column(server_default="0")  # the last line of the change log that was looked at
    # And of the lines that wait for their time: how far in their order.
    told_released_at: Mapped[datetime] = mapped_column(server_default=func.now())
    told_release: Mapped[int] = mapped_column(server_default="0")
    told_head: Mapped[int] = mapped_column(server_default="0")  # the size of the last head of the log that was told
    failures: Mapped[int] = mapped_column(server_default="0")  # one after the other, until one gets through
    quiet_until: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    made_at: Mapped[datetime]
    proven_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    paused_by: Mapped[str | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]

    @property
    def state(self) -> str:
        """`proving` until a test has reached it, then `live`, `paused` or `ended`."""
        if self.ended_at is not None:
            return "ended"
        if self.paused_at is not None:
            return "paused"
        return "live" if self.proven_at is not None else "proving"


class WebhookDelivery(Base):
    """One message to one address, with what came of its tries; `number` is the order in which they were made.

    `subject` names the line of the change log or the head, so that it is made once; tests have none. What was said and
    answered is forgotten after some days, the rest later.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("webhook_id", "subject"),
        Index("ix_webhook_delivery_number", "webhook_id", "number"),
        Index("ix_webhook_delivery_due", "webhook_id", "next_at", postgresql_where=text("next_at is not null")),
        {"schema": "handling"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    number: Mapped[int] = mapped_column(Identity())
    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("handling.webhook.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("handling.media_client.id"))
    kind: Mapped[str]
    subject: Mapped[str | None]
    body: Mapped[str | None]
    made_at: Mapped[datetime]
    next_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(server_default="0")
    tried_at: Mapped[datetime | None]
    status: Mapped[int | None]
    error: Mapped[str | None]
    answer: Mapped[str | None]
    delivered_at: Mapped[datetime | None]

    @property
    def state(self) -> str:
        """`waiting` for its next try, `delivered` or `failed`."""
        if self.next_at is not None:
            return "waiting"
        return "delivered" if self.delivered_at is not None else "failed"
