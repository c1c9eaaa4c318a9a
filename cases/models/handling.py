"""Tables of what officers do for a case: pictures, visits, verdicts, orders, acceptances, copies of the record."""

from datetime import datetime
from typing import Any
from uuid import UUID

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import BIT, BitString
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base

HANDLING = "handling"
RECIPIENTS = ("inspected_unit", "local_government", "lead_department", "safety_office")  # of a record (M47)
VISIT_STATES = ("open", "completed", "broken_off")
OUTCOMES = ("substantiated", "partly", "unsubstantiated", "unverifiable")


class Picture(Base):
    """A photo on the handling side: taken by an officer, or a citizen's photo released with the extract."""

    __tablename__ = "picture"
    __table_args__ = (
        CheckConstraint("state in ('stored','clean','rejected')", name="state"),
        CheckConstraint("(storage_key like 'sealed/%') = (wrapped is not null)", name="opens"),
        UniqueConstraint("case_id", "account_id", "client_id"),
        Index("ix_picture_in_clear", "id", postgresql_where=text("storage_key like 'originals/%'")),
        Index("ix_picture_case_id", "case_id"),
        Index("ix_picture_sha256", "sha256"),
        {"schema": HANDLING},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    role: Mapped[str]  # near, far, before, after, permit, extract
    account_id: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    client_id: Mapped[UUID | None]  # the officer's own id of it, so that a retry stores nothing twice
    reused: Mapped[bool] = mapped_column(server_default=text("false"))  # the same image is in another case (X20)
    received_at: Mapped[datetime]
    sha256: Mapped[bytes | None]  # of the officer's original; a released citizen photo keeps none (E4)
    storage_key: Mapped[str | None]
    wrapped: Mapped[bytes | None] = mapped_column(deferred=True)  # its key, where it is sealed
    sealed_sha256: Mapped[bytes | None] = mapped_column(deferred=True)  # of the file as it lies
    state: Mapped[str]
    reason: Mapped[str | None]
    large_key: Mapped[str | None]
    small_key: Mapped[str | None]
    likeness: Mapped[BitString | None] = mapped_column(BIT(256))  # what it looks like (PDQ); of officers' own only
    alike: Mapped[bool] = mapped_column(server_default=text("false"))  # one of another case looks the same (X20)


class Visit(Base):
    """One visit to the place with its record (M46, F10). Once completed or broken off it never changes."""

    __tablename__ = "visit"
    __table_args__ = (
        CheckConstraint("kind in ('verification','patrol','enforcement')", name="kind"),
        CheckConstraint(f"state in {VISIT_STATES}", name="state"),
        CheckConstraint("(state = 'completed') = (completed_at is not null)", name="completed"),
        CheckConstraint(
            "(state = 'broken_off') = (num_nonnulls(broken_off_at, broken_off_by, broken_off_reason) = 3)",
            name="broken_off",
        ),
        Index("uq_visit_open", "case_id", unique=True, postgresql_where=text("state = 'open'")),
        Index("ix_visit_open", "officer_id", postgresql_where=text("state = 'open'")),
        Index("ix_visit_case_id", "case_id"),
        {"schema": HANDLING},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="open")
    version: Mapped[int] = mapped_column(server_default="1")
    org_id: Mapped[int] = mapped_column(ForeignKey("handling.org.id"))  # the body for which it was made
    officer_id: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    companion_ids: Mapped[list[Any]] = mapped_column(server_default=text("'[]'::jsonb"))
    started_at: Mapped[datetime]
    point: Mapped[WKBElement | None] = mapped_column(Geometry("POINT", srid=4326, spatial_index=False))
    distance_m: Mapped[float | None]
    distance_reason: Mapped[str | None]
    completed_at: Mapped[datetime | None]
    broken_off_at: Mapped[datetime | None]
    broken_off_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    broken_off_reason: Mapped[str | None]
    left_told_at: Mapped[datetime | None]  # when its office was told that its officer is away, or gone (M15)
    place: Mapped[str | None]
    inspected_unit: Mapped[str | None]  # empty where nobody operates what was found
    people_present: Mapped[str | None]
    findings: Mapped[list[Any]] = mapped_column(server_default=text("'[]'::jsonb"))
    facts: Mapped[str | None]
    action: Mapped[str | None]
    penalty: Mapped[str | None]  # what the inspectors propose, or why none (M46)
    permit_check: Mapped[dict[str, Any] | None]
    checklist: Mapped[list[Any]] = mapped_column(server_default=text("'[]'::jsonb"))  # four blocks, answered (M34)
    checks: Mapped[list[Any]] = mapped_column(server_default=text("'[]'::jsonb"))  # the category's, answered ((d))
    supports_penalty: Mapped[bool] = mapped_column(server_default=text("false"))  # made by certified officers (M61)
    certificates: Mapped[list[Any]] = mapped_column(server_default=text("'[]'::jsonb"))  # whose, and their numbers
    signature: Mapped[str | None]  # signed or refused (F10)
    signature_note: Mapped[str | None]
    record_hash: Mapped[bytes | None]


class RecordCopy(Base):
    """One of the four copies of a record, with its recipient and how it was delivered (M47, T15)."""

    __tablename__ = "record_copy"
    __table_args__ = (
        CheckConstraint(f"recipient in {RECIPIENTS}", name="recipient"),
        CheckConstraint("num_nonnulls(visit_id, acceptance_id) = 1", name="of_one_record"),
        UniqueConstraint("visit_id", "recipient"),
        UniqueConstraint("acceptance_id", "recipient"),
        {"schema": HANDLING},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"), index=True)
    visit_id: Mapped[UUID | None] = mapped_column(ForeignKey("handling.visit.id"))
    acceptance_id: Mapped[UUID | None] = mapped_column(ForeignKey("handling.acceptance.id"))
    recipient: Mapped[str]
    record_hash: Mapped[bytes]
    delivered_at: Mapped[datetime | None]
    delivered_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    note: Mapped[str | None]


class Verdict(Base):
    """What was found, as its finder proposes and another person approves (T7 to T10)."""

    __tablename__ = "verdict"
    __table_args__ = (
        CheckConstraint(f"outcome in {OUTCOMES}", name="outcome"),
        CheckConstraint("state in ('proposed','approved','returned')", name="state"),
        Index("uq_verdict_open", "case_id", unique=True, postgresql_where=text("state = 'proposed'")),
        Index("ix_verdict_case_id", "case_id"),
        {"schema": HANDLING},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("handling.visit.id"))
    outcome: Mapped[str]
    summary: Mapped[str]
    qualification: Mapped[str]  # legal qualification (M45)
    proposed_sanction: Mapped[str]
    proposed_by: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    proposed_at: Mapped[datetime]
    state: Mapped[str]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    decided_at: Mapped[datetime | None]
    comment: Mapped[str | None]
    grade: Mapped[str | None]
    criterion: Mapped[str | None]  # of a major grade, as it is printed: its title and clause (F18)
    criterion_code: Mapped[str | None]  # of the list in force, with its version (F85); none in rows from before 0077
    criterion_version: Mapped[int | None]
    criterion_clause: Mapped[str | None]
    consequences: Mapped[
        dict[str, Any] | None
    ]  # suspend, expose, penalise, prosecute: each decided with a reason (M50)


class Order(Base):
    """An order to rectify with its five items in place (M39)."""

    __tablename__ = "rectify_order"
    __table_args__ = (Index("ix_rectify_order_case_id", "case_id"), {"schema": HANDLING})

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    number: Mapped[str] = mapped_column(unique=True)
    text: Mapped[str]
    responsible_party: Mapped[str]
    no_operator: Mapped[bool]
    measures: Mapped[str]
    funding: Mapped[str]
    contingency: Mapped[str]
    interim_measures: Mapped[str] = mapped_column(server_default="")  # what keeps people safe until then (T8)
    due_at: Mapped[datetime]
    fixed_on_spot: Mapped[bool]
    issued_by: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    issued_at: Mapped[datetime]


class Completion(Base):
    """The statement that an order was carried out, with photos taken after; or that its time is over (T13)."""

    __tablename__ = "completion"
    __table_args__ = (Index("ix_completion_case_id", "case_id"), {"schema": HANDLING})

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    order_id: Mapped[UUID] = mapped_column(ForeignKey("handling.rectify_order.id"))
    statement: Mapped[str]
    stated_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))  # None: nobody stated anything
    stated_at: Mapped[datetime]


class AcceptanceArrival(Base):
    """The check-in at the place of whoever accepts, or reviews a measure; it never changes (T14, T15, M41, X20)."""

    __tablename__ = "acceptance_arrival"
    __table_args__ = (Index("ix_acceptance_arrival_case_id", "case_id"), {"schema": HANDLING})

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    org_id: Mapped[int] = mapped_column(ForeignKey("handling.org.id"))
    measure_id: Mapped[UUID | None] = mapped_column(ForeignKey("handling.measure.id"))  # None: for an acceptance
    account_id: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    arrived_at: Mapped[datetime]
    point: Mapped[WKBElement | None] = mapped_column(Geometry("POINT", srid=4326, spatial_index=False))
    distance_m: Mapped[float | None]
    distance_reason: Mapped[str | None]


class Acceptance(Base):
    """The check after rectification, by somebody who did not handle the case (T14, T15)."""

    __tablename__ = "acceptance"
    __table_args__ = (
        CheckConstraint("result in ('pass','fail')", name="result"),
        CheckConstraint("signature in ('signed','refused')", name="signature"),
        Index("ix_acceptance_case_id", "case_id"),
        {"schema": HANDLING},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    case_id: Mapped[UUID] = mapped_column(ForeignKey("handling.case.id"))
    completion_id: Mapped[UUID] = mapped_column(ForeignKey("handling.completion.id"))
    arrival_id: Mapped[UUID | None] = mapped_column(ForeignKey("handling.acceptance_arrival.id"))  # None: before 0070
    result: Mapped[str]
    findings: Mapped[list[Any]]
    note: Mapped[str]
    accepted_by: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    accepted_at: Mapped[datetime]
    people_present: Mapped[str | None]
    signature: Mapped[str | None]  # of the unit, where it was asked for on the spot; else it signs its copy (F10)
    signature_note: Mapped[str | None]
    record_hash: Mapped[bytes | None]  # of what its four copies say; none of one from before there were copies
