"""Tables of exposure (C7): the editors' side in schema handling, and what is public in schema record."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base

TIME_IS_OVER = "展示期满"
GONE = ("withdrawn", "expired")  # what keeps its place in the record, and nothing else
EXPOSURE_STATES = ("drafting", "legal_review", "approved", "published", "withdrawn", "expired", "dropped")


class Exposure(Base):
    """An exposure as it is drafted, reviewed by another person, published and withdrawn."""

    __tablename__ = "exposure"
    __table_args__ = (
        CheckConstraint(f"state in {EXPOSURE_STATES}", name="state"),
        CheckConstraint("ground in ('A','B','C','D','E')", name="ground"),
        Index("uq_exposure_live", "case_id", "ground", unique=True,
              postgresql_where=text("state in ('drafting','legal_review','approved','published')")),
        Index("ix_exposure_batch_id", "batch_id", postgresql_where=text("batch_id is not null")),
        {"schema": "handling"},
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"), index=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    ground: Mapped[str]
    state: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")
    title: Mapped[str]
    body: Mapped[str]
    entity_name: Mapped[str]
    entity_workers: Mapped[int | None]
    own_inspection: Mapped[bool]  # the officer's own inspection is the stated source (E5)
    basis: Mapped[str]
    authority: Mapped[str]
    phone: Mapped[str]
    drafted_by: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    drafted_at: Mapped[datetime]
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    reviewed_at: Mapped[datetime | None]
    review: Mapped[dict[str, Any] | None]  # basis, accuracy, privacy, proportionality (E6)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    published_at: Mapped[datetime | None]  # when it is there for everybody: the moment of release where there is one
    released_at: Mapped[datetime | None]
    batch_id: Mapped[UUID | None] = mapped_column(ForeignKey("handling.exposure_batch.id"))
    expires_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdraw_reason: Mapped[str | None]


class ExposureRefusal(Base):
    """Why a case is not put before the public although its verdict decided that it is (M50). It never changes."""

    __tablename__ = "exposure_refusal"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="has_reason"),
        UniqueConstraint("verdict_id"),
        Index("ix_exposure_refusal_case_id", "case_id"),
        {"schema": "handling"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    verdict_id: Mapped[UUID] = mapped_column(ForeignKey("handling.verdict.id"))  # whose decision it sets aside
    reason: Mapped[str]
    refused_by: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    refused_at: Mapped[datetime]


class PublicExposure(Base):
    """What everybody may read of an exposure. One that is gone keeps its place and the reason, and no content (E9)."""

    __tablename__ = "exposure"
    __table_args__ = (
        CheckConstraint("status in ('usable','corrected','withdrawn','expired')", name="status"),
        # What is withdrawn, or has been shown for its time, carries no content anywhere (E7, E9).
        CheckConstraint(
            f"status not in {GONE} or coalesce(title, body, entity_name) is null "
            "and num_nonnulls(point, corrections) = 0",
            name="gone_is_empty",
        ),
        Index("ix_public_exposure_updated", "updated_at", "public_id"),
        Index("ix_public_exposure_expires", "expires_at", postgresql_where=text("status in ('usable','corrected')")),
        {"schema": "record"},
    )  # fmt: skip

    public_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    status: Mapped[str]
    released_at: Mapped[datetime | None]  # for what was published for a later moment; it is not there before
    published_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdraw_reason: Mapped[str | None]
    ground: Mapped[str | None]
    title: Mapped[str | None]
    body: Mapped[str | None]
    entity_name: Mapped[str | None]
    category_code: Mapped[str | None]
    category_zh: Mapped[str | None]
    category_en: Mapped[str | None]
    town_code: Mapped[str | None]
    town_zh: Mapped[str | None]
    town_en: Mapped[str | None]
    found_on: Mapped[date | None]
    basis: Mapped[str | None]
    progress: Mapped[str | None]  # not_rectified, rectifying, rectified
    authority: Mapped[str | None]
    phone: Mapped[str | None]
    point: Mapped[WKBElement | None] = mapped_column(Geometry("POINT", srid=4326, spatial_index=False))
    batch: Mapped[dict[str, Any] | None]  # title and number of what it appeared with (M83)
    # version, at, note of each, the oldest first
    corrections: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))


class Change(Base):
    """The one log behind every public projection: what changed, in the order it may be told.

    `xid` is the writing transaction, and the order goes by it: a reader stops before the oldest one still running, or
    it would miss rows that commit late. What was put back from a backup has 0: all of it was committed elsewhere.
    """

    __tablename__ = "change"
    __table_args__ = (
        Index("ix_change_order", "xid", "seq"),
        Index("ix_change_released", "released_at", "seq", postgresql_where=text("released_at is not null")),
        {"schema": "record"},
    )

    seq: Mapped[int] = mapped_column(Identity(), primary_key=True)
    xid: Mapped[int] = mapped_column(BigInteger, server_default=text("pg_current_xact_id()::text::bigint"))
    kind: Mapped[str]  # exposure, town, config
    ref: Mapped[str]
    op: Mapped[str]  # published, updated, corrected, withdrawn, expired
    version: Mapped[int]
    at: Mapped[datetime]
    released_at: Mapped[datetime | None]  # as of its exposure: nobody is told before
