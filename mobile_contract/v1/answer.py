"""What a reporter adds later: a supplement, an answer to a question, a withdrawal (R3, R9)."""

from typing import Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, model_validator
from pydantic_core import PydanticCustomError

from mobile_contract.v1.base import Incoming, Outgoing, Text2000, TypedCode
from mobile_contract.v1.enums import ReportState
from mobile_contract.v1.report import NextStep

AnswerKind = Literal["supplement", "answer", "withdrawal"]


class AnswerIn(Incoming):
    """One addition by the holder of the code. Its `id` is the idempotency key."""

    id: UUID
    """Made by the phone, any version (UUIDv4 advised)."""
    tracking_code: TypedCode
    kind: AnswerKind
    question_id: UUID | None = None
    """The question that is answered; needed for `answer` only."""
    text: Text2000 = ""
    """Needed for `supplement` and `answer`; for `withdrawal` an optional reason."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.kind != "withdrawal" and not self.text.strip():
            raise PydanticCustomError("missing", "Give the text", {"pointer": "/text"})
        if (self.kind == "answer") != (self.question_id is not None):
            raise PydanticCustomError(
                "missing", "An answer, and only an answer, names its question", {"pointer": "/question_id"}
            )
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
