"""POST requests as it is read: what the standard names and our services ask, and the report that is made of it."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from api.open311.form import MOST_PHOTOS, Said
from cases.intake import Rules, Sender, Submission
from cases.intake.submission import Origin, PromisedPhoto
from kit.clock import LOCAL_ZONE
from kit.errors import Invalid
from kit.secrets import mark
from kit.storage import Stored
from mobile_contract.v1.base import LINE, TEXT, Address, Moment, PersonName, Phone, normalised

REPEATED = ("media_url", "media_url[]")
LEAST_TEXT = 10  # characters, where there is no photo (R1)
CJK = "\u4e00"
WHO = {"email", "phone", "first_name", "last_name", "device_id"}

Description = Annotated[
    str, StringConstraints(max_length=4000, pattern=TEXT, strip_whitespace=True), AfterValidator(normalised)
]
Email = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\s@\x00-\x1f\x7f]+@[^\s@\x00-\x1f\x7f]+$")]
Url = Annotated[str, StringConstraints(max_length=1000, pattern=r"^https?://[^\s\x00-\x20\x7f]+$")]
Token = Annotated[str, StringConstraints(max_length=200, pattern=LINE)]


class NothingToActOn(Invalid):
    """R1: at least a photo, an address of one, or some words."""

    code = "report.nothing_to_act_on"
    message = "Give a photo, or 10 characters of description."
    pointer = "/description"


class Posted(BaseModel):
    """The fields of one request. An empty one is none; of one that is given twice the first counts."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    service_code: Token
    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    long: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None
    address_string: Address | None = None
    address_id: Address | None = None
    description: Description = ""
    email: Email | None = None
    device_id: Token | None = None
    first_name: PersonName | None = None
    last_name: PersonName | None = None
    phone: Phone | None = None
    media_url: Annotated[tuple[Url, ...], Field(max_length=MOST_PHOTOS)] = ()
    emergency: Annotated[Literal["none", "happening", "trapped"], Field(alias="attribute[emergency]")] = "none"
    deaths: Annotated[Literal["no", "yes"], Field(alias="attribute[deaths]")] = "no"
    observed_at: Annotated[Moment | None, Field(alias="attribute[observed_at]")] = None

    @model_validator(mode="after")
    def _is_somewhere(self) -> Self:
        if (self.lat is None) != (self.long is None):
            missing = "/lat" if self.lat is None else "/long"
            raise PydanticCustomError("missing", "lat and long come together", {"pointer": missing})
        if self.lat is None and self.place_in_words is None:
            raise PydanticCustomError("report.place_missing", "Give lat and long, or an address", {"pointer": "/lat"})
        return self

    @property
    def place_in_words(self) -> str | None:
        """The address; of an id, which is none of ours, at least what it is."""
        return self.address_string or self.address_id

    @property
    def text(self) -> str:
        """What is the matter, with the addresses of pictures: they are for a person, and never followed by us."""
        pictures = [f"图片链接：{url}" for url in self.media_url]
        return "\n".join(filter(None, (self.description, *pictures)))

    def must_say_something(self, *, with_photo: bool) -> None:
        """Raises NothingToActOn."""
        if not with_photo and len(self.text) < LEAST_TEXT:
            raise NothingToActOn

    def contact(self) -> dict[str, Any] | None:
        """How to reach the reporter; None for nobody."""
        known = {"name": self._name(), "phone": self.phone, "email": self.email}
        return {name: value for name, value in known.items() if value} or None

    def _name(self) -> str:
        first, last = self.first_name or "", self.last_name or ""
        return f"{last}{first}" if max(first + last, default="") >= CJK else f"{first} {last}".strip()


def read(said: Said) -> Posted:
    """Raises pydantic's ValidationError."""
    given: dict[str, Any] = {}
    for name, value in said:
        if value.strip() and name not in REPEATED:
            given.setdefault(name, value)
    urls = tuple(value.strip() for name, value in said if name in REPEATED and value.strip())
    return Posted.model_validate(given | {"media_url": urls})


def submission(
    posted: Posted, photos: Sequence[Stored], *, application: UUID, sent_by: Sender, rules: Rules, lane: str | None,
    english: bool, now: datetime,
) -> Submission:  # fmt: skip
    """The report. Its id comes of what it says and who says it: sent again on the same day, it is the same report."""
    content = _content(posted, photos)
    client_id = _id(content, posted.contact(), application, now)
    calls = posted.emergency != "none" or posted.deaths == "yes"
    here = posted.lat is not None
    return Submission(
        client_id=client_id, fingerprint=hashlib.sha256(content).digest(), channel="open311", received_at=now,
        observed_at=posted.observed_at or now, category=posted.service_code, text=posted.text,
        address=posted.place_in_words, emergency=posted.emergency, deaths=posted.deaths == "yes",
        lon=posted.long, lat=posted.lat, crs="wgs84" if here else None, accuracy_m=None,
        method="pin" if here else None, fix_at=None,
        photos=tuple(PromisedPhoto(photo_id(client_id, n), p.sha256, p.bytes, "album", None)
                     for n, p in enumerate(photos)),
        contact=posted.contact(), notice_version=rules.values["notice"]["version"], client="open311/2",
        locale="en" if english else "zh-CN", lane=None if calls else lane,
        origin=Origin.of(device=sent_by.device, mock=False, seen=now), sent_by=application,
    )  # fmt: skip


def photo_id(client_id: UUID, number: int) -> UUID:
    """The id of one of a report's photos."""
    return UUID(bytes=mark("open311 photo", client_id.bytes, bytes([number]))[:16])


def _content(posted: Posted, photos: Sequence[Stored]) -> bytes:
    """What makes two requests the same. Who sends it is left out: a hash of a phone number is a phone number."""
    whole = posted.model_dump(mode="json", exclude=WHO, exclude_defaults=True)
    return orjson.dumps([whole, [photo.sha256 for photo in photos]], option=orjson.OPT_SORT_KEYS)


def _id(content: bytes, contact: dict[str, Any] | None, application: UUID, now: datetime) -> UUID:
    day = now.astimezone(LOCAL_ZONE).date().isoformat().encode()
    who = orjson.dumps(contact, option=orjson.OPT_SORT_KEYS)
    return UUID(bytes=mark("open311 report", application.bytes, day, content, who)[:16])
