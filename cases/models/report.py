"""Tables of reports as citizens sent them (schema intake). No handler's role can read any of this (C12)."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, SmallInteger, UniqueConstraint, func
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import BIT, JSON, BitString
from sqlalchemy.orm import Mapped, mapped_column

from cases.models.history import Chained
from kit.db import Base

INTAKE = "intake"
REPORT_STATES = (
    "submitted", "in_review", "need_more", "accepted", "not_accepted", "redirected",
    "verifying", "replied", "review_requested", "closed", "withdrawn",
)  # fmt: skip
ENDED = ("withdrawn", "closed", "redirected", "not_accepted")  # nobody works on these, so nothing is taken for them


ORIGINALS: Final = "originals/"  # where in the store files lay as they came, before they were sealed
SEALED: Final = "sealed/"  # and where they lie, each sealed with a key of its own
# Why one of a flood waits for a person (cases/intake/lane.py, cases/triage/judge.py).
SLOW_LANE = "slow_lane"  # its sender has sent more than one does
UNPROVEN = "unproven"  # half of that; some work of its phone lets it go on
SITE_FLOOD = "site_flood"  # many report this place just now
HELD = (SLOW_LANE, UNPROVEN)


class Report(Base):
    """What a citizen submitted (C3). `client_id` is the phone's own id and never leaves this schema."""

    __tablename__ = "report"
    __table_args__ = (
        CheckConstraint(f"state in {REPORT_STATES}", name="state"),
        CheckConstraint("sent_from in ('under_100m','under_1km','far')", name="sent_from"),
        # A time outside these years cannot be read back by the driver, and would hide the whole list.
        CheckConstraint("observed_at between '2000-01-01+00' and '2100-01-01+00'", name="observed_at"),
        # Every report ends with a result that was told (M20).
        CheckConstraint("state <> 'closed' or (outcome is not null and replied_at is not null)", name="closed_is_told"),
        Index("ix_report_desk", "review_due_at", "id", postgresql_where=sql("state in ('in_review','need_more')")),
        Index("ix_report_accept", "accept_due_at", postgresql_where=sql("state in ('in_review','need_more')")),
        Index("ix_report_reply", "reply_due_at", "id",
              postgresql_where=sql("state in ('accepted','verifying','review_requested') and outcome is not null")),
        Index("ix_report_replied", "replied_at", postgresql_where=sql("state = 'replied'")),
        Index("ix_report_reference", "reference"),
        Index("ix_report_sent_by", "sent_by", "received_at", postgresql_where=sql("sent_by is not null")),
        Index("ix_report_notice_code", "notice_code", postgresql_where=sql("notice_code is not null")),
        Index("ix_report_unheard", "unheard_since", "id", postgresql_where=sql("unheard_since is not null")),
        {"schema": INTAKE},
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    client_id: Mapped[UUID] = mapped_column(unique=True)
    body_hash: Mapped[bytes]
    reference: Mapped[str]
    tracking_mark: Mapped[bytes] = mapped_column(unique=True)
    channel: Mapped[str] = mapped_column(server_default="phone")
    received_at: Mapped[datetime]
    observed_at: Mapped[datetime]
    category_code: Mapped[str]
    text: Mapped[str]
    address: Mapped[str | None]
    emergency: Mapped[str] = mapped_column(server_default="none")
    deaths: Mapped[bool] = mapped_column(server_default=sql("false"))
    raw_lon: Mapped[float | None]
    raw_lat: Mapped[float | None]
    crs: Mapped[str | None]
    accuracy_m: Mapped[float | None]
    method: Mapped[str | None]
    fix_at: Mapped[datetime | None]
    point: Mapped[WKBElement | None] = mapped_column(Geometry("POINT", srid=4326, spatial_index=False))
    unit_id: Mapped[int | None]
    edition_id: Mapped[int | None]
    notice_version: Mapped[str]
    client: Mapped[str]
    locale: Mapped[str]
    urgency: Mapped[str]
    profile_id: Mapped[int]
    review_due_at: Mapped[datetime]
    accept_due_at: Mapped[datetime | None]  # by when the desk decides, since it came to it or came back (F39)
    sent_from: Mapped[str | None]  # how far the phone was from the hazard, as a band (Q3); where, the vault knows
    sent_by: Mapped[UUID | None]  # the client of people/media.py whose key it came with; null: the reporter's own phone
    notice_code: Mapped[
        str | None
    ]  # of the posted notice that brought its reporter; counted, and shown to nobody (M18)
    photos_promised: Mapped[int] = mapped_column(server_default="0")
    state: Mapped[str] = mapped_column(server_default="submitted")
    waits_for: Mapped[str | None]  # why a person must look: border, outside, emergency, …
    seen_at: Mapped[datetime | None]  # the first human look (R2)
    unheard_since: Mapped[datetime | None]  # what its reporter wrote or added waits for the desk
    outcome: Mapped[str | None]
    reply_due_at: Mapped[datetime | None]
    reply: Mapped[str | None]
    replied_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default="1")


class ReportEvent(Chained, Base):
    """One entry on the trail of a report: its history, and what its reporter may be told."""

    __tablename__ = "report_event"
    __table_args__ = (UniqueConstraint("report_id", "seq"), {"schema": INTAKE})

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("intake.report.id"))
    seq: Mapped[int]
    kind: Mapped[str]
    at: Mapped[datetime]
    actor: Mapped[str]
    body: Mapped[dict[str, Any]] = mapped_column(JSON, server_default=sql("'{}'::json"))  # the text that was hashed


class ReportCase(Base):
    """Which case a report joined. This link is on the reporter's side of the wall; a case cannot follow it (Q1)."""

    __tablename__ = "report_case"
    __table_args__ = (Index("ix_report_case_case_id", "case_id"), {"schema": INTAKE})

    report_id: Mapped[UUID] = mapped_column(ForeignKey("intake.report.id"), primary_key=True)
    case_id: Mapped[UUID]
    linked_at: Mapped[datetime]
    opened: Mapped[bool]  # true for the report that opened the case


class Named(Base):
    """A vehicle or an enterprise that a report names, in its one spelling; gone with the report's words (C3, Q11)."""

    __tablename__ = "named"
    __table_args__ = (
        CheckConstraint("kind in ('plate','uscc')", name="kind"),
        Index("ix_named_value", "value", "kind"),
        {"schema": INTAKE},
    )

    report_id: Mapped[UUID] = mapped_column(ForeignKey("intake.report.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)


class ReportPhoto(Base):
    """A photo that a manifest promised, or one that came before its report and waits up to seven days."""

    __tablename__ = "photo"
    __table_args__ = (
        CheckConstraint("state in ('promised','waiting','stored','clean','rejected','expired')", name="state"),
        CheckConstraint("place_grade in ('under_100m','under_1km','far','none')", name="place_grade"),
        CheckConstraint("time_grade in ('under_1h','under_1d','over_1d','none')", name="time_grade"),
        Index("ix_photo_waiting", "stored_at", postgresql_where=sql("state = 'waiting'")),
        Index("ix_photo_in_clear", "id", postgresql_where=sql("storage_key like 'originals/%'")),
        {"schema": INTAKE},
    )

    report_client_id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True, server_default=func.gen_random_uuid())
    sha256: Mapped[bytes]
    sealed_sha256: Mapped[bytes | None]  # of the sealed file, since the worker has looked at it
    bytes: Mapped[int]
    capture: Mapped[str | None]
    taken_at: Mapped[datetime | None]
    named: Mapped[bool]  # a manifest names it
    state: Mapped[str]
    storage_key: Mapped[str | None]  # of the file as it came; under `sealed/`, it opens with a key of its own only
    stored_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    large_key: Mapped[str | None]
    small_key: Mapped[str | None]
    place_grade: Mapped[str | None]  # how near to the hazard its camera was, as a band; where, is not kept
    time_grade: Mapped[str | None]  # and how near to the time of the report
    likeness: Mapped[BitString | None] = mapped_column(BIT(256))  # what it looks like (PDQ)


class PhotoKey(Base):
    """The key of a sealed file, wrapped for the worker until it has looked at the photo: then only the vault has it."""

    __tablename__ = "photo_key"
    __table_args__ = ({"schema": INTAKE},)

    storage_key: Mapped[str] = mapped_column(primary_key=True)
    wrapped: Mapped[bytes]


class Lookalike(Base):
    """A photo that looks the same as an earlier one of another report (T12). For the desk, and never for a handler."""

    __tablename__ = "lookalike"
    __table_args__ = (Index("ix_lookalike_other_id", "other_id"), {"schema": INTAKE})

    photo_id: Mapped[UUID] = mapped_column(ForeignKey("intake.photo.id"), primary_key=True)
    other_id: Mapped[UUID] = mapped_column(ForeignKey("intake.photo.id"), primary_key=True)
    bits_apart: Mapped[int] = mapped_column(SmallInteger)  # of 256
    mirrored: Mapped[bool]


class Masking(Base):
    """What of a clean photo is hidden before a handler sees it: what models proposed, and what a person confirmed.

    Both are regions in pixels of the large copy. Only a copy that was made after the last confirmation may be released.
    """

    __tablename__ = "masking"
    __table_args__ = (
        CheckConstraint("burnt between 0 and confirmation", name="burnt"),
        CheckConstraint("(confirmation = 0) = (confirmed is null)", name="confirmation"),
        CheckConstraint("(confirmation = 0) = (confirmed_by is null)", name="somebody_confirmed"),
        {"schema": INTAKE},
    )

    photo_id: Mapped[UUID] = mapped_column(ForeignKey("intake.photo.id"), primary_key=True)
    width: Mapped[int] = mapped_column(SmallInteger)  # of the large copy
    height: Mapped[int] = mapped_column(SmallInteger)
    proposed: Mapped[list[Any] | None]
    proposed_by: Mapped[str | None]  # which models; null until they have looked
    confirmed: Mapped[list[Any] | None]
    confirmed_by: Mapped[int | None]
    confirmed_at: Mapped[datetime | None]
    confirmation: Mapped[int] = mapped_column(server_default="0")  # how often it was confirmed
    burnt: Mapped[int] = mapped_column(server_default="0")  # which confirmation the copies below are of
    large_key: Mapped[str | None]
    small_key: Mapped[str | None]


class Question(Base):
    """What the intake desk asks a reporter through the tracking code (R3)."""

    __tablename__ = "question"
    __table_args__ = ({"schema": INTAKE},)

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    report_id: Mapped[UUID] = mapped_column(ForeignKey("intake.report.id"), index=True)
    text: Mapped[str]
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class Answer(Base):
    """What a reporter sent after the report: a supplement, an answer, a withdrawal. The phone's id makes it once."""

    __tablename__ = "answer"
    __table_args__ = ({"schema": INTAKE},)

    client_id: Mapped[UUID] = mapped_column(primary_key=True)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("intake.report.id"), index=True)
    body_hash: Mapped[bytes]
    kind: Mapped[str]
    question_id: Mapped[UUID | None] = mapped_column(ForeignKey("intake.question.id"))
    text: Mapped[str]
    photos: Mapped[int] = mapped_column(SmallInteger, server_default="0")  # how many came with it
    received_at: Mapped[datetime]
