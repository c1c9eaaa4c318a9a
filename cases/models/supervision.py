"""Tables of supervision: rungs of the ladder, urge orders with replies, interviews, bulletins, candidates (M74, D8)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base
from people.roster import Absence, GroupBot, Handover, LeaderAssignment, MailAddress

__all__ = [
    "Absence", "Bulletin", "BulletinEntry", "Delivery", "Escalation", "GroupBot", "Handover", "Interview",
    "LeaderAssignment", "ListingCandidate", "MailAddress", "UrgeOrder", "UrgeReply",
]  # fmt: skip

HANDLING = "handling"
URGE_STATES = ("issued", "replied", "accepted", "rejected", "withdrawn")
INTERVIEW_STATES = ("planned", "held", "dropped")
CANDIDATE_STATES = ("open", "taken", "dropped")
LEVELS = ("reminder", "urge_order", "interview", "notify_all")  # 催办, 督办单, 约谈, 通报


class Escalation(Base):
    """One rung of the ladder that one clock has reached. The key is what makes it happen once (D8)."""

    __tablename__ = "escalation"
    __table_args__ = (Index("ix_escalation_case_id", "case_id"), {"schema": HANDLING})

    clock_id: Mapped[int] = mapped_column(ForeignKey("handling.clock.id"), primary_key=True)
    rung: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    reached_at: Mapped[datetime]  # when the rung was due
    fired_at: Mapped[datetime]  # when it was seen to
    leaders: Mapped[list[Any]]  # who answered for the body at `reached_at` (M05)


class UrgeOrder(Base):
    """What the safety office demands of a body: a reminder, an order, an interview, a reply to a bulletin (M74)."""

    __tablename__ = "urge_order"
    __table_args__ = (
        CheckConstraint(f"level in {LEVELS}", name="level"),
        CheckConstraint(f"state in {URGE_STATES}", name="state"),
        Index("ix_urge_order_case_id", "case_id"),
        Index("ix_urge_order_open", "org_id", "reply_due_at", postgresql_where=text("state = 'issued'")),
        {"schema": HANDLING},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    number: Mapped[str] = mapped_column(unique=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    clock_id: Mapped[int | None] = mapped_column(ForeignKey("handling.clock.id"))
    org_id: Mapped[int] = mapped_column(ForeignKey("handling.org.id"))
    level: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="issued")
    version: Mapped[int] = mapped_column(server_default="1")
    provisional: Mapped[bool] = mapped_column(server_default=text("false"))  # `reply_due_at` waits for a calendar (D2)
    text: Mapped[str]
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))  # None: by the ladder
    issued_at: Mapped[datetime]
    reply_due_at: Mapped[datetime]
    overdue_told_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    decided_at: Mapped[datetime | None]
    comment: Mapped[str | None]


class UrgeReply(Base):
    """What a body answered to an urge order, once for each order."""

    __tablename__ = "urge_reply"
    __table_args__ = (UniqueConstraint("order_id"), Index("ix_urge_reply_case_id", "case_id"), {"schema": HANDLING})

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    order_id: Mapped[UUID] = mapped_column(ForeignKey("handling.urge_order.id"))
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    text: Mapped[str]
    replied_by: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    replied_at: Mapped[datetime]


class Interview(Base):
    """A formal talk (约谈): planned by the ladder or by hand, then held with its record (M77)."""

    __tablename__ = "interview"
    __table_args__ = (
        CheckConstraint(f"state in {INTERVIEW_STATES}", name="state"),
        CheckConstraint("kind in ('talk','interview')", name="kind"),
        # What was said must be told with whom, and what was promised.
        CheckConstraint("state <> 'held' or (attendees <> '' and commitments <> '')", name="held_has_record"),
        Index("ix_interview_case_id", "case_id"),
        {"schema": HANDLING},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey("handling.urge_order.id"))
    org_id: Mapped[int] = mapped_column(ForeignKey("handling.org.id"))
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="planned")
    version: Mapped[int] = mapped_column(server_default="1")
    topic: Mapped[str]
    planned_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    planned_at: Mapped[datetime]
    due_at: Mapped[datetime]  # until when it is held
    provisional: Mapped[bool] = mapped_column(server_default=text("false"))  # `due_at` waits for a calendar (D2)
    overdue_told_at: Mapped[datetime | None]
    held_at: Mapped[datetime | None]
    held_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    attendees: Mapped[str] = mapped_column(server_default="")
    commitments: Mapped[str] = mapped_column(server_default="")
    commitments_due_at: Mapped[datetime | None]


class Bulletin(Base):
    """One written criticism to all bodies (通报), made of the entries that had come up for it."""

    __tablename__ = "bulletin"
    __table_args__ = ({"schema": HANDLING},)

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    number: Mapped[str] = mapped_column(unique=True)
    text: Mapped[str]
    issued_by: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    issued_at: Mapped[datetime]


class BulletinEntry(Base):
    """A case that has come up for the next bulletin, and the leader who answered for it that day (M05)."""

    __tablename__ = "bulletin_entry"
    __table_args__ = (
        CheckConstraint("(struck_at is null) or bulletin_id is null", name="struck_is_not_issued"),
        Index("uq_bulletin_entry_open", "case_id", "org_id", unique=True,
              postgresql_where=text("bulletin_id is null and struck_at is null")),
        Index("ix_bulletin_entry_case_id", "case_id"),
        {"schema": HANDLING},
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    org_id: Mapped[int] = mapped_column(ForeignKey("handling.org.id"))
    clock_id: Mapped[int | None] = mapped_column(ForeignKey("handling.clock.id"))
    leaders: Mapped[list[Any]]
    listed_at: Mapped[datetime]
    due_at: Mapped[datetime]  # until when it is issued or struck
    provisional: Mapped[bool] = mapped_column(server_default=text("false"))  # `due_at` waits for a calendar (D2)
    overdue_told_at: Mapped[datetime | None]
    bulletin_id: Mapped[UUID | None] = mapped_column(ForeignKey("handling.bulletin.id"))
    struck_at: Mapped[datetime | None]
    struck_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    struck_reason: Mapped[str | None]


LISTED = BulletinEntry.bulletin_id.is_(None) & BulletinEntry.struck_at.is_(None)  # for the next bulletin


class ListingCandidate(Base):
    """A case that has come up for supervised listing or the next level (C6, D8); whether to list is decided there."""

    __tablename__ = "listing_candidate"
    __table_args__ = (
        CheckConstraint(f"state in {CANDIDATE_STATES}", name="state"),
        Index("uq_listing_candidate_open", "case_id", unique=True, postgresql_where=text("state = 'open'")),
        Index("ix_listing_candidate_case_id", "case_id"),
        {"schema": HANDLING},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    reason: Mapped[str]  # ladder, second_order, major, rebound, repeats, review, breach
    clock_id: Mapped[int | None] = mapped_column(ForeignKey("handling.clock.id"))
    leaders: Mapped[list[Any]]
    proposed_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(server_default="open")


class Delivery(Base):
    """One notice on one way out of the house. Its tries are those of its job; the key is what tells it once."""

    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint("channel in ('email','bot','push')", name="channel"),
        UniqueConstraint("notice_id", "channel"),
        Index("ix_delivery_open", "created_at", postgresql_where=text("sent_at is null and dropped_at is null")),
        {"schema": HANDLING},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    notice_id: Mapped[int] = mapped_column(ForeignKey("handling.notice.id"))
    channel: Mapped[str]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]  # no way to send it any more: the address is gone
    tries: Mapped[int] = mapped_column(server_default="0")  # that failed
    failed_at: Mapped[datetime | None]  # the newest of them
    failure: Mapped[str | None]  # what it died of, without an address or a word of the notice
    given_up_at: Mapped[datetime | None]  # it is not tried any more
