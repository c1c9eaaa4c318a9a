"""A report as the phone sends it, and the receipt it gets (R1, R2, C13, M19, M115)."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from mobile_contract.v1.base import (
    LINE,
    Address,
    Flag,
    Incoming,
    Latitude,
    Longitude,
    Metres,
    Moment,
    Outgoing,
    PersonName,
    Phone,
    Text2000,
    is_plausible,
)
from mobile_contract.v1.photo import Manifest, ReceiptPhoto, each_once
from mobile_contract.v1.work import WorkWanted

MIN_TEXT_WITHOUT_PHOTO = 10

Crs = Literal["wgs84", "gcj02", "bd09", "cgcs2000"]
Locale = Literal["zh-CN", "en"]
DeviceToken = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{16,64}$")]
# Lenient on purpose: a code this server does not know is filed as OTH-01, never refused.
CategoryCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,32}$")]


# Lenient likewise: a source that this server does not know is left aside.
Source = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9:._-]{1,64}$")]


_NO_CONTENT = {"client", "locale", "contact", "sent_from", "device", "source"}


class PositionIn(Incoming):
    """Where the hazard is. Longitude first; `crs` has no default, since guessing it is wrong by 300-500 m (F96)."""

    lon: Longitude
    """Degrees east in `crs`."""
    lat: Latitude
    """Degrees north in `crs`."""
    crs: Crs
    """The datum in which the numbers are given."""
    accuracy_m: Metres
    """Radius of uncertainty in metres, as the phone states it."""
    method: Literal["gps", "pin", "qr", "address"]
    """How the place was found."""
    captured_at: Moment | None = None
    """When the fix was taken."""
    mock: Flag = False
    """The system says that an app has put the position in (Android `isMock`). A hint for a person, never a refusal."""


class SentFromIn(Incoming):
    """Where the phone itself is, when that is not where the hazard is. Sealed at once; only a distance band is kept."""

    lon: Longitude
    """Degrees east in `crs`."""
    lat: Latitude
    """Degrees north in `crs`."""
    crs: Crs
    """The datum in which the numbers are given."""
    accuracy_m: Metres
    """Radius of uncertainty in metres, as the phone states it."""
    captured_at: Moment | None = None
    """When the fix was taken."""


class EmergencyIn(Incoming):
    """The answer to the question every app must ask first. Anything but `none` alarms a person at once (R2)."""

    answer: Literal["none", "happening", "trapped"]
    """`none`; `happening`: it is going on now; `trapped`: people are trapped or hurt."""
    deaths: Flag = False
    """Somebody has died. Such a report takes the special track (CCL-01)."""


class ContactIn(Incoming):
    """How to reach the reporter. Sealed at once; nobody who handles a case can read it (promise 3)."""

    name: PersonName | None = None
    phone: Phone | None = None
    real_name: Flag = False
    """The reporter wants to be on record by name; needs name and phone."""


class ReportIn(Incoming):
    """One report. Its `id` is the idempotency key: the same id with the same content is one report."""

    id: UUID
    """Made by the phone, any version (UUIDv4 advised)."""
    category: CategoryCode
    """A code of `/m/v1/config`, or `unsure`."""
    text: Text2000 = ""
    """What is the matter. At least 10 characters when there is no photo."""
    position: PositionIn | None = None
    address: Address | None = None
    """The place in words. Needed when there is no position."""
    observed_at: Moment
    """When the reporter saw it."""
    photos: Manifest = ()
    """Photos that follow by themselves, each once."""
    emergency: EmergencyIn
    contact: ContactIn | None = None
    """Absent: anonymous."""
    sent_from: SentFromIn | None = None
    """Only with the reporter's consent, and only when it differs from `position`."""
    notice_version: Annotated[str, StringConstraints(min_length=1, max_length=32, pattern=LINE)]
    """The version of the notice that the reporter accepted."""
    client: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._+ ()-]{1,32}/[A-Za-z0-9._+ ()-]{1,32}$")]
    """Name and version of the app, like `pwa/0.1.0`."""
    locale: Locale = "zh-CN"
    """The language of the receipt."""
    device: DeviceToken | None = None
    """Random, made by the app at its first start and kept apart from everything else. Only a mark of it under a key of
    the day is kept, for a day: it tells one sender behind a shared address from another. Absent: nothing is lost."""
    source: Source | None = None
    """What brought the reporter here: `notice:<code>` when the app was opened by the QR code of a posted notice (M18).
    It is counted for that notice, told to nobody who handles the case, and decides nothing. Absent: nothing is lost."""

    @model_validator(mode="after")
    def _can_be_acted_on(self) -> Self:
        """R1: something to look at, somewhere to look; and what is named is named once."""
        if not self.photos and len(self.text.strip()) < MIN_TEXT_WITHOUT_PHOTO:
            raise PydanticCustomError(
                "report.nothing_to_act_on", "Give at least one photo, or 10 characters of text", {"pointer": "/text"}
            )
        if self.position is None and self.address is None:
            raise PydanticCustomError("report.place_missing", "Give a position or an address", {"pointer": "/position"})
        each_once(self.photos)
        if self.contact is not None:
            _check_contact(self.contact)
        return self

    def fingerprint(self) -> bytes:
        """SHA-256 of the content that makes two sends the same report.

        Leaves out `client`, `locale` and `source` (an app may be updated, or opened otherwise, between two tries), and
        `contact`, `sent_from` and `device` (a hash of a phone number is a phone number). Members at their default
        count as absent, so that v1 may grow.
        """
        content = self.model_dump_json(exclude=_NO_CONTENT, exclude_defaults=True)
        return hashlib.sha256(content.encode()).digest()

    def claimed_times(self) -> Iterator[tuple[str, datetime]]:
        """Every time this report claims, with the JSON pointer to it."""
        yield "/observed_at", self.observed_at
        if self.position is not None and self.position.captured_at is not None:
            yield "/position/captured_at", self.position.captured_at
        if self.sent_from is not None and self.sent_from.captured_at is not None:
            yield "/sent_from/captured_at", self.sent_from.captured_at
        for index, photo in enumerate(self.photos):
            if photo.taken_at is not None:
                yield f"/photos/{index}/taken_at", photo.taken_at

    def implausible_time(self, *, now: datetime) -> str | None:
        """The pointer to the first time outside now - 2 years ... now + 5 minutes, or None (`time.out_of_range`)."""
        return next((at for at, moment in self.claimed_times() if not is_plausible(moment, now=now)), None)


def _check_contact(contact: ContactIn) -> None:
    if contact.name is None and contact.phone is None:
        raise PydanticCustomError(
            "missing", "Give a name or a phone number, or leave out contact", {"pointer": "/contact"}
        )
    if contact.real_name and (contact.name is None or contact.phone is None):
        raise PydanticCustomError(
            "missing", "A report by real name needs name and phone", {"pointer": "/contact/real_name"}
        )


class TownName(Outgoing):
    """A town by code and name."""

    code: str
    name: str


class EmergencyCall(Outgoing):
    """A number to dial now."""

    number: str
    label: str


class NextStep(Outgoing):
    """What happens next, in one sentence, and by when."""

    text: str
    due_at: AwareDatetime | None = None


class SignedReceipt(Outgoing):
    """Keep it with the tracking code: it proves, without the district's help, that the report was received."""

    content: str
    """SHA-256 of the report's content, in hexadecimal; its photos go in by the hashes of the manifest."""
    salt: str
    """32 random bytes in hexadecimal. Show them only to whom you would show the report."""
    note: str
    """A signed note (C2SP): the log's name, reference, received_at, SHA-256 of salt and content, the log entry."""


class Receipt(Outgoing):
    """What a stored report gets: 201 the first time, 200 with the same content on every replay."""

    id: UUID
    reference: str
    """A short number to talk about the report; no secret."""
    tracking_code: str
    """The secret that opens the progress page, grouped XXXX-XXXX-XXXX-XXXX. Keep it on the device."""
    claim_secret: str
    """A second secret, in the same form, without which no reward is paid. Keep it apart from the first, and show it to
    nobody."""
    received_at: AwareDatetime
    town: TownName | None
    """The town whose area holds the place; null when a person at the district decides."""
    town_words: str
    """The same in words: 元和街道, or 区级受理."""
    emergency_call: list[EmergencyCall]
    """Not empty when the reporter said it is an emergency: show these first."""
    next: NextStep
    photos: list[ReceiptPhoto]
    replay: bool
    """True when this report had been received before."""
    proof: SignedReceipt
    """The same on every replay."""
    work: WorkWanted | None = None
    """Null for almost everybody. Else the report is in, and waits for a person who reads it first; a phone that does
    this work and sends it to `prove_work` lets it go on at once. An app that cannot leaves it: nothing is lost."""
