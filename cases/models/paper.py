"""Tables of paper: what was printed of a case, from which data, and scanned copies that came back (M18, M46, M47)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base

HANDLING = "handling"
PAPER_STATES = ("asked", "printed", "failed")
PAPER_KINDS = ("visit_record", "acceptance", "order", "transfer", "closing", "notice", "guidance", "minutes")
SCAN_KINDS = (*PAPER_KINDS, "penalty", "other")


class Paper(Base):
    """One edition of a paper with the data it was made from, so that it can be printed again to the same bytes.

    `content` holds handling data alone (X38). The same content is printed once; changed content is a new edition.
    """

    __tablename__ = "paper"
    __table_args__ = (
        CheckConstraint(f"kind in {PAPER_KINDS}", name="kind"),
        CheckConstraint(f"state in {PAPER_STATES}", name="state"),
        CheckConstraint("(state = 'printed') = (storage_key is not null and sha256 is not null)", name="printed"),
        UniqueConstraint("case_id", "kind", "subject_id", "edition", postgresql_nulls_not_distinct=True),
        Index("uq_paper_content", "case_id", "kind", "subject_id", "content_sha256", unique=True,
              postgresql_where=text("state <> 'failed'"), postgresql_nulls_not_distinct=True),
        {"schema": HANDLING},
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    kind: Mapped[str]
    subject_id: Mapped[UUID | None]  # the visit, order, transfer, penalty or meeting that it is about
    edition: Mapped[int]
    state: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")
    content: Mapped[dict[str, Any]]
    content_sha256: Mapped[bytes]
    code: Mapped[str | None] = mapped_column(unique=True)  # of a notice: public, random, says nothing (M18)
    asked_by: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    asked_at: Mapped[datetime]
    printed_at: Mapped[datetime | None]
    sha256: Mapped[bytes | None]
    bytes_: Mapped[int | None] = mapped_column("bytes")
    pages: Mapped[int | None]
    storage_key: Mapped[str | None]
    reason: Mapped[str | None]


class Scan(Base):
    """A scanned or photographed paper that came back signed, stamped or posted (X57)."""

    __tablename__ = "scan"
    __table_args__ = (
        CheckConstraint(f"kind in {SCAN_KINDS}", name="kind"),
        CheckConstraint("media in ('image','pdf')", name="media"),
        CheckConstraint("state in ('stored','clean','rejected')", name="state"),
        CheckConstraint("(storage_key like 'sealed/%') = (wrapped is not null)", name="opens"),
        Index("ix_scan_case_id", "case_id"),
        Index("ix_scan_in_clear", "id", postgresql_where=text("storage_key like 'originals/%'")),
        {"schema": HANDLING},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    kind: Mapped[str]
    subject_id: Mapped[UUID | None]
    account_id: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    received_at: Mapped[datetime]
    media: Mapped[str]
    sha256: Mapped[bytes]
    bytes_: Mapped[int] = mapped_column("bytes")
    storage_key: Mapped[str]
    wrapped: Mapped[bytes | None] = mapped_column(deferred=True)  # its key, where it is sealed
    sealed_sha256: Mapped[bytes | None] = mapped_column(deferred=True)  # of the file as it lies
    state: Mapped[str]
    reason: Mapped[str | None]
    large_key: Mapped[str | None]
    small_key: Mapped[str | None]
