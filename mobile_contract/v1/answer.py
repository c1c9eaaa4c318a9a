"""What a reporter adds later: supplement, answer, message, withdrawal, rating, wish for a review (R3, R8, R9, R10)."""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, Field, model_validator
from pydantic_core import PydanticCustomError

from mobile_contract.v1.base import Flag, Incoming, Outgoing, Text2000, TypedCode
from mobile_contract.v1.enums import ReportState
from mobile_contract.v1.photo import Manifest, ReceiptPhoto, each_once
from mobile_contract.v1.report import NextStep

AnswerKind = Literal["supplement", "answer", "withdrawal", "rating", "review_request", "message", "retaliation"]
SPOKEN = frozenset({"supplement", "answer", "review_request", "message", "retaliation"})
SHOWN = frozenset({"supplement", "answer"})
Satisfaction = Annotated[int, Field(strict=True, ge=1, le=5)]


class AnswerIn(Incoming):
    """One addition by the holder of the code. Its `id` is the idempotency key."""

    id: UUID
    """Made by the phone, any version (UUIDv4 advised)."""
    tracking_code: TypedCode
    kind: AnswerKind
    question_id: UUID | None = None
    """The question that is answered; needed for `answer` only."""
    text: Text2000 = ""
    """Needed for `review_request`, `message` and `retaliation`, and for `supplement` and `answer` where they have no
    photo; for `withdrawal` and `rating` optional words. A `message` is covered with bars where it gives somebody
    away; the reporter sees it as the desk does."""
    satisfaction: Satisfaction | None = None
    """How satisfied the reporter is with the reply, 5 the most; needed for `rating` only. The last one counts."""
    enough: Flag = False
    """With `rating` only. True: nothing more is needed; the report is closed as soon as its matter is, without waiting
    for the time to ask for a review to pass."""

    photos: Manifest = ()
    """With `supplement` and `answer` only: photos that follow by themselves to `/m/v1/photos` with the id of the
    report, after this was taken. A report takes 36 photos in all."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.photos and self.kind not in SHOWN:
            raise PydanticCustomError("unknown", "Only what is said of the matter has photos", {"pointer": "/photos"})
        each_once(self.photos)
        if self.kind in SPOKEN and not self.text.strip() and not self.photos:
            raise PydanticCustomError("missing", "Give the text", {"pointer": "/text"})
        if (self.kind == "answer") != (self.question_id is not None):
            raise PydanticCustomError(
                "missing", "An answer, and only an answer, names its question", {"pointer": "/question_id"}
            )
        if (self.kind == "rating") != (self.satisfaction is not None):
            raise PydanticCustomError(
                "missing", "A rating, and only a rating, says how satisfied", {"pointer": "/satisfaction"}
            )
        if self.enough and self.kind != "rating":
            raise PydanticCustomError("unknown", "Only a rating says that it is enough", {"pointer": "/enough"})
        return self


class AnswerReceipt(Outgoing):
    """What a stored addition gets: 201 the first time, 200 on every replay."""

    id: UUID
    reference: str
    """The report's short number."""
    kind: str
    received_at: AwareDatetime
    state: ReportState
    """The report's state now."""
    next: NextStep | None
    photos: tuple[ReceiptPhoto, ...] = ()
    """Which of its photos are here, and which are still expected."""
    replay: bool
