"""Tables of cases: the matter handled (C4), its tasks, clocks and trail. Nothing here names a report."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    Sequence,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSON
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cases.models.history import Chained
from kit.db import Base
from people.models import Org

HANDLING = "handling"
CASE_STATES = (
    "registered", "dispatched", "arbitrating", "signed", "verifying", "verdict_review", "rectifying",
    "acceptance", "referred", "on_hold", "closure_review", "closed", "look_back", "void",
)  # fmt: skip
OVER = ("closed", "look_back", "void")  # nobody handles it any more, unless it is opened again

TASK_STATES = ("open", "signed", "answered", "cancelled")

case_number = Sequence("case_number", schema=HANDLING, metadata=Base.metadata)


class Case(Base):
    """One matter with one responsible body (M08). Its number is permanent and never reused (M26)."""

    __tablename__ = "case"
    __table_args__ = (
        CheckConstraint(f"state in {CASE_STATES}", name="state"),
        CheckConstraint("urgency in ('immediate','urgent','normal')", name="urgency"),
        # Exactly one body answers for a case from the moment it is dispatched (M08).
        CheckConstraint("responsible_org_id is not null or state in ('registered','void')", name="has_owner"),
        # The citizen's words reach a handler only as an extract that a person confirmed (Q2).
        CheckConstraint("extract is null or extract_confirmed_at is not null", name="extract_is_confirmed"),
        Index("ix_case_point", "point", postgresql_using="gist"),
        Index("ix_case_opened", "opened_at", "id"),
        Index("ix_case_responsible", "responsible_org_id", "state"),
        {"schema": HANDLING},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    number: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")
    source: Mapped[str]  # report or patrol
    category_code: Mapped[str] = mapped_column(ForeignKey("handling.category.code"))
    category_version: Mapped[int]
    urgency: Mapped[str]
    penalty_policy: Mapped[str]
    # Those of its category's variants that hold for it ((d)).
    circumstances: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    responsible_org_id: Mapped[int | None] = mapped_column(ForeignKey("handling.org.id"))
    provisional: Mapped[bool] = mapped_column(server_default=text("false"))  # dispatched before a person looked
    opened_at: Mapped[datetime]
    seen_on: Mapped[date]  # the day of the observation; never the minute (Q2)
    point: Mapped[WKBElement | None] = mapped_column(Geometry("POINT", srid=4326, spatial_index=False))
    crs: Mapped[str | None]
    accuracy_m: Mapped[float | None]
    place_text: Mapped[str] = mapped_column(server_default="")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("handling.unit.id"))
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("handling.edition.id"))
    border_m: Mapped[float | None]
    routed_how: Mapped[str]
    profile_id: Mapped[int] = mapped_column(ForeignKey("handling.deadline_profile.id"))
    extract: Mapped[str | None]
    extract_confirmed_at: Mapped[datetime | None]
    replies_open: Mapped[bool] = mapped_column(server_default=text("false"))
    outcome: Mapped[str | None]
    grade: Mapped[str] = mapped_column(server_default="undetermined")
    rework_count: Mapped[int] = mapped_column(server_default="0")
    reopen_count: Mapped[int] = mapped_column(server_default="0")
    reopened_at: Mapped[datetime | None]  # what was found, shown or accepted before no longer counts (T18)
    listing_candidate_at: Mapped[datetime | None]  # to be considered for a supervised listing (T18, C6)
    closed_at: Mapped[datetime | None]

    # Accounts tied to it by what they have declared (Q10); the database alone works it out (migration 0105).
    kept_from: Mapped[list[int]] = mapped_column(ARRAY(Integer), server_default=text("'{}'"), deferred=True)

    responsible_org: Mapped[Org | None] = relationship(lazy="raise")


class CaseEvent(Chained, Base):
    """One entry on the trail of a case: history and audit in one."""

    __tablename__ = "case_event"
    __table_args__ = (UniqueConstraint("case_id", "seq"), {"schema": HANDLING})

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    seq: Mapped[int]
    kind: Mapped[str]
    at: Mapped[datetime]
    actor: Mapped[str]
    actor_name: Mapped[str]
    org_id: Mapped[int | None] = mapped_column(ForeignKey("handling.org.id"))
    body: Mapped[dict[str, Any]] = mapped_column(JSON, server_default=text("'{}'::json"))  # the text that was hashed


class Task(Base):
    """What one body must do for a case, until when (M15). An office's queue is its open tasks."""

    __tablename__ = "task"
    __table_args__ = (
        CheckConstraint("kind in ('town','lead','coop','group','look_back','review')", name="kind"),
        CheckConstraint(f"state in {TASK_STATES}", name="state"),
        # One responsible body at a time: one live main task for a case (M08).
        Index("uq_task_main", "case_id", unique=True,
              postgresql_where=text("kind in ('town','group') and state <> 'cancelled'")),
        Index("ix_task_queue", "org_id", "due_at", "id", postgresql_where=text("state in ('open','signed')")),
        Index("ix_task_desk", "due_at", "id",
              postgresql_where=text("state in ('open','signed') and kind in ('town','group')")),
        Index("ix_task_due", "due_at", "case_id",
              postgresql_where=text("state in ('open','signed') and kind in ('town','group')")),
        Index("ix_task_case_id", "case_id", "org_id"),
        {"schema": HANDLING},
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    org_id: Mapped[int] = mapped_column(ForeignKey("handling.org.id"))
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="open")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    goal: Mapped[str]
    duty_item: Mapped[str]
    due_at: Mapped[datetime]
    due_what: Mapped[str]
    yellow_at: Mapped[datetime | None]  # from when on `due_at` is near (D8), so that a list needs no clock
    created_at: Mapped[datetime]
    signed_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answer: Mapped[str | None]
    operation_id: Mapped[UUID | None] = mapped_column(ForeignKey("handling.operation.id"))  # wanted for it alone (M57)

    case: Mapped[Case] = relationship(lazy="raise")
    org: Mapped[Org] = relationship(lazy="raise")


class Clock(Base):
    """One running or stopped deadline of a case (C5). It pins the profile it was started under (D4).

    A clock of a task, or of a thing beside the case (`about_id`), runs against the body `org_id` and nobody else (M09).
    """

    __tablename__ = "clock"
    __table_args__ = (
        Index("uq_clock_running", "case_id", "kind", "task_id", "about_id", unique=True,
              postgresql_where=text("stopped_at is null"), postgresql_nulls_not_distinct=True),
        CheckConstraint("num_nulls(overlay_code, overlay_version, full_amount, full_unit) in (0, 4)", name="overlay"),
        ForeignKeyConstraint(
            ["overlay_code", "overlay_version"],
            ["handling.deadline_overlay.code", "handling.deadline_overlay.version"],
        ),
        Index("ix_clock_due", "due_at", postgresql_where=text("stopped_at is null")),
        Index("ix_clock_ladder", "ladder_at", postgresql_where=text("stopped_at is null")),
        Index("ix_clock_case_id", "case_id"),
        {"schema": HANDLING},
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("handling.task.id"))
    about_id: Mapped[UUID | None]  # a measure, penalty, referral or criminal transfer; None for the case's own
    org_id: Mapped[int | None] = mapped_column(ForeignKey("handling.org.id"))  # None: the responsible body
    kind: Mapped[str]
    profile_id: Mapped[int] = mapped_column(ForeignKey("handling.deadline_profile.id"))
    amount: Mapped[int]
    unit: Mapped[str]
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    original_due_at: Mapped[datetime]
    provisional: Mapped[bool]
    stopped_at: Mapped[datetime | None]
    overdue_noted_at: Mapped[datetime | None]  # when it was first told that the time has run out
    ladder_at: Mapped[datetime | None]  # when the ladder is due next; empty: look now. Moving `due_at` empties it (D8)
    hold_id: Mapped[UUID | None] = mapped_column(ForeignKey("handling.hold.id"))  # stopped by it, not by being done
    continues_id: Mapped[int | None] = mapped_column(ForeignKey("handling.clock.id"))  # the clock whose time this is
    extended_at: Mapped[datetime | None]  # a deadline is extended once (D7)
    overlay_code: Mapped[str | None]  # what has shortened it, and its length without that (D10)
    overlay_version: Mapped[int | None]
    full_amount: Mapped[int | None]
    full_unit: Mapped[str | None]


class Notice(Base):
    """Something an office must be told, where its officers see it (M115). Holds nothing of a reporter."""

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_unread", "org_id", "id", postgresql_where=text("read_at is null")),
        {"schema": HANDLING},
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    org_id: Mapped[int] = mapped_column(ForeignKey("handling.org.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))  # None: for all of the office
    # The office in whose transaction it was left; the database fills it in.
    left_by_org_id: Mapped[int | None] = mapped_column(
        ForeignKey("handling.org.id"), server_default=text("nullif(current_setting('jz.org', true), '')::int")
    )
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("handling.case.id"), index=True)
    kind: Mapped[str]
    text: Mapped[str]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    read_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
