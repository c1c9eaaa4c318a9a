"""What a channel hands to intake, and what it gets back. Every channel goes through these two shapes."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from cases.bands import band_of
from cases.intake.receipt import SignedReceipt
from geo.datums import Datum, to_wgs84
from geo.points import Point
from kit.errors import Invalid

OWN_OFFSET = timedelta(hours=8)


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
class SentFrom:
    """Where the phone itself was as its report was sent: class V, sealed (Q3)."""

    lon: float
    lat: float
    crs: str
    accuracy_m: float
    at: datetime | None

    def band(self, hazard: Point | None) -> str | None:
        """How far that is from the hazard, as the desk may know it; None where nobody can say."""
        if hazard is None:
            return None
        return band_of(to_wgs84(self.lon, self.lat, Datum(self.crs)).metres_to(hazard))


@dataclass(frozen=True, slots=True)
class Origin:
    """What a phone says of itself that a person may weigh (security.md 3.7). The mark is of a day, and kept for one."""

    device: bytes | None
    mock: bool  # an app has put the position in
    other_zone: bool  # its clock is that of another country

    @classmethod
    def of(cls, *, device: bytes | None, mock: bool, seen: datetime) -> "Origin | None":
        """None where there is nothing to weigh, as of most; a time in UTC says nothing about a phone."""
        offset = seen.utcoffset()
        other_zone = bool(offset) and offset != OWN_OFFSET
        return cls(device, mock, other_zone) if device or mock or other_zone else None


class Submission(NamedTuple):
    """One report as its channel understood it: checked, in the datum it declared, identity not sealed yet.

    A tuple: a frozen dataclass of so many members costs four times as much to make, for every report.
    """

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
    sent_from: SentFrom | None = None
    lane: str | None = None  # why it waits for a person, where it comes in a flood
    origin: Origin | None = None
    sent_by: UUID | None = None  # the application that sent it for its reporter
    notice_code: str | None = None  # the posted notice whose code brought the reporter (M18)

    def identity(self) -> dict[str, Any]:
        """What is sealed for the vault: how to reach the reporter, and where the phone was. Empty: nothing is."""
        sealed = dict(self.contact or {})
        if self.sent_from:
            when = {"at": self.sent_from.at.isoformat()} if self.sent_from.at else {}
            sealed["position"] = {name: value for name, value in asdict(self.sent_from).items() if name != "at"} | when
        return sealed


class Received(NamedTuple):
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
    unproven: bool = False  # some work of the phone would let it go on
