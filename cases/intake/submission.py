"""What a channel hands to intake, and what it gets back. Every channel goes through these two shapes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cases.intake.receipt import SignedReceipt
from kit.errors import Invalid


class IdReused(Invalid):
    """This id belongs to a report with other content. Nothing of that report is told."""

    code = "report.id_reused"
    message = "This id was used for another report."
    pointer = "/id"


@dataclass(frozen=True, slots=True)
class PromisedPhoto:
    """One line of a photo manifest."""

    id: UUID
    sha256: str
    bytes: int
    capture: str
    taken_at: datetime | None


@dataclass(frozen=True, slots=True)
class Submission:
    """One report as its channel understood it: checked, in the datum it declared, contact not sealed yet."""

    client_id: UUID
    fingerprint: bytes
    channel: str
    received_at: datetime
    observed_at: datetime
    category: str
    text: str
    address: str | None
    emergency: str
    deaths: bool
    lon: float | None
    lat: float | None
    crs: str | None
    accuracy_m: float | None
    method: str | None
    fix_at: datetime | None
    photos: tuple[PromisedPhoto, ...]
    contact: dict[str, Any] | None
    notice_version: str
    client: str
    locale: str


@dataclass(frozen=True, slots=True)
class Received:
    """A stored report, the first time or on a replay."""

    client_id: UUID
    reference: str
    tracking_code: str
    received_at: datetime
    review_due_at: datetime
    unit_id: int | None
    emergency: bool
    photos: dict[UUID, str]
    replay: bool
    proof: SignedReceipt
