"""One photo by multipart POST, and its receipt (ecosystem 1.6; design 10 "Photos")."""

from uuid import UUID

from mobile_contract.v1.base import Incoming, Outgoing, PhotoBytes, Sha256
from mobile_contract.v1.enums import PhotoState


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
