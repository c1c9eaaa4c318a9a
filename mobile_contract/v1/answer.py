"""What a reporter adds later: supplement, answer, message, withdrawal, rating, wish for a review (R3, R8, R9, R10)."""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, Field, model_validator
from pydantic_core import PydanticCustomError

from mobile_contract.v1.base import Flag, Incoming, Outgoing, Text2000, TypedCode
from mobile_contract.v1.enums import ReportState
from mobile_contract.v1.report import NextStep

AnswerKind = Literal["supplement", "answer", "withdrawal", "rating", "review_request", "message", "retaliation"]
SPOKEN = frozenset({"supplement", "answer", "review_request", "message", "retaliation"})
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
    """Needed for `supplement`, `answer`, `review_request`, `message` and `retaliation`; for `withdrawal` and `rating`
    optional words. A `message` is covered with bars where it gives somebody away; the reporter sees it as the desk
    does."""
    satisfaction: Satisfaction | None = None
    """How satisfied the reporter is with the reply, 5 the most; needed for `rating` only. The last one counts."""
    enough: Flag = False
    """With `rating` only. True: nothing more is needed; the report is closed as soon as its matter is, without waiting
    for the time to ask for a review to pass."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.kind in SPOKEN and not self.text.strip():
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
    replay: bool
