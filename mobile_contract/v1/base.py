"""The two kinds of message, and the field types they share (promise 9, C14, ecosystem 1.5).

What comes in is strict: unknown members, booleans as numbers, NaN, naive times and unsafe characters are refused.
What goes out may grow: apps must ignore members and enum values they do not know.
"""

import re
import unicodedata
from datetime import UTC, datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

MIB = 1024 * 1024
FIRST_TIME = datetime(2000, 1, 1, tzinfo=UTC)
END_OF_TIME = datetime(2100, 1, 1, tzinfo=UTC)

# Refused: NUL and the other C0/C1 controls, bidi embeddings, overrides and isolates, U+FFFE and U+FFFF.
# Lone surrogates never get this far: the JSON parser and pydantic refuse them.
_UNSAFE = r"\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufffe\uffff"
LINE = rf"^[^\u0000-\u001f{_UNSAFE}]*$"
TEXT = rf"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f{_UNSAFE}]*$"
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)", re.ASCII)


class Incoming(BaseModel):
    """What the phone says: nothing but what is listed; its values never appear in an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, use_attribute_docstrings=True)


class Outgoing(BaseModel):
    """What the phone hears: members may be added inside v1, none may go."""

    model_config = ConfigDict(extra="ignore", frozen=True, use_attribute_docstrings=True)


class Words(Outgoing):
    """One text in both languages of the product."""

    zh: str
    en: str


def normalised(text: str) -> str:
    r"""Text as it is kept: Unicode NFC, and every line end is `\n`."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", text)


def _spelled_as_rfc3339(value: object) -> object:
    """Refuse Unix numbers and times without offset: a claim about time must say what it means."""
    if isinstance(value, datetime) or (isinstance(value, str) and _RFC3339.fullmatch(value)):
        return value
    raise PydanticCustomError("time_format", "A time is RFC 3339 with an offset, like 2026-11-24T10:00:00+08:00")


def is_plausible(moment: datetime, *, now: datetime, years: int = 2, ahead_s: int = 300) -> bool:
    """Whether a time that a phone claims lies within now - 2 years ... now + 5 minutes (the server asks)."""
    seconds = (moment - now).total_seconds()
    return -years * 366 * 86_400 <= seconds <= ahead_s


# A time that a phone claims. Years outside 2000-2099 break calendars and SQL long before they are late.
Moment = Annotated[
    AwareDatetime,
    Field(ge=FIRST_TIME, lt=END_OF_TIME),
    BeforeValidator(_spelled_as_rfc3339),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Text2000 = Annotated[
    str, StringConstraints(max_length=2000, pattern=TEXT), AfterValidator(normalised), Field(max_length=2000)
]
Address = Annotated[
    str,
    StringConstraints(min_length=2, max_length=200, pattern=LINE),
    AfterValidator(normalised),
    Field(max_length=200),
]
PersonName = Annotated[
    str, StringConstraints(min_length=1, max_length=50, pattern=LINE), AfterValidator(normalised), Field(max_length=50)
]
Phone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9][0-9 ()-]{5,19}$")]
# What a person typed as a tracking code: any case, spaces, hyphens. The server says whether it is one.
TypedCode = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=LINE)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Flag = Annotated[bool, Field(strict=True)]
Longitude = Annotated[float, Field(strict=True, ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Field(strict=True, ge=-90, le=90, allow_inf_nan=False)]
Metres = Annotated[float, Field(strict=True, ge=0, le=50_000, allow_inf_nan=False)]
PhotoBytes = Annotated[int, Field(strict=True, ge=1, le=20 * MIB)]
PixelSide = Annotated[int, Field(strict=True, ge=1, le=65_535)]
