"""Photos: the manifest that promises them, one by multipart POST, and its receipt (ecosystem 1.6; design 10)."""

from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field
from pydantic_core import PydanticCustomError

from mobile_contract.v1.base import Incoming, Moment, Outgoing, PhotoBytes, PixelSide, Sha256
from mobile_contract.v1.enums import PhotoState

MAX_PHOTOS = 9


class PhotoIn(Incoming):
    """One line of the photo manifest. The file follows by itself to `/m/v1/photos`."""

    id: UUID
    """Made by the phone; names the photo for ever."""
    sha256: Sha256
    """SHA-256 of the file's bytes, 64 lower-case hex digits."""
    bytes: PhotoBytes
    """Size of the file; at most 20 MiB."""
    width: PixelSide | None = None
    height: PixelSide | None = None
    taken_at: Moment | None = None
    capture: Literal["camera", "album"]
    """Taken now, or chosen from the album."""


Manifest = Annotated[tuple[PhotoIn, ...], Field(max_length=MAX_PHOTOS)]


def each_once(photos: Sequence[PhotoIn]) -> None:
    """Raise for a photo that is named twice."""
    if len({photo.id for photo in photos}) != len(photos):
        raise PydanticCustomError("repeated", "A photo id appears twice", {"pointer": "/photos"})


class ReceiptPhoto(Outgoing):
    """Whether a photo of the manifest is here yet."""

    id: UUID
    state: PhotoState


class PhotoForm(Incoming):
    """The text fields that go before `file` in the multipart body."""

    photo_id: UUID
    report_id: UUID
    sha256: Sha256


class PhotoReceipt(Outgoing):
    """What a stored photo gets: 201 the first time, 200 on every replay."""

    id: UUID
    report_id: UUID
    state: PhotoState
    """`stored`, or `waiting`: the photo came before its report and is kept for up to 7 days."""
    sha256: Sha256
    bytes: PhotoBytes
