"""What a list of cases is asked for: closed sets and known forms, the same in a query, a saved view and an export."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

State = Literal[
    "registered", "dispatched", "arbitrating", "signed", "verifying", "verdict_review", "rectifying", "acceptance",
    "referred", "on_hold", "closure_review", "closed", "look_back", "void",
]  # fmt: skip
Urgency = Literal["immediate", "urgent", "normal"]
Grade = Literal["undetermined", "general", "major"]
Shade = Literal["green", "yellow", "red"]
Flag = Literal["provisional", "replies_open", "reworked", "reopened", "listing_candidate"]
Sort = Literal["-opened", "opened", "due", "urgency", "number"]

Category = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,3}-[0-9]{2}$")]
Tag = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,39}$")]
Number = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z-]{2,32}$")]
OrgId = Annotated[int, Field(ge=1, lt=2**31)]
Day = Annotated[date, Field(ge=date(2000, 1, 1), lt=date(2100, 1, 1))]


class Wanted(BaseModel):
    """What of the cases is wanted, and in which order; what is left out asks for everything.

    Words of one kind are alternatives, except flags, which must all hold. Days are local and both ends count.
    `colour` and `due_…` are about the running deadline of the body that answers for the case (D8).
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    state: tuple[State, ...] = Field(default=(), max_length=14)
    org_id: tuple[OrgId, ...] = Field(default=(), max_length=50)
    tasked_org_id: OrgId | None = None
    category: tuple[Category, ...] = Field(default=(), max_length=40)
    urgency: tuple[Urgency, ...] = Field(default=(), max_length=3)
    grade: tuple[Grade, ...] = Field(default=(), max_length=3)
    colour: tuple[Shade, ...] = Field(default=(), max_length=3)
    tag: tuple[Tag, ...] = Field(default=(), max_length=20)
    flag: tuple[Flag, ...] = Field(default=(), max_length=5)
    number: Number | None = None
    opened_from: Day | None = None
    opened_to: Day | None = None
    closed_from: Day | None = None
    closed_to: Day | None = None
    due_from: Day | None = None
    due_to: Day | None = None
    sort: Sort = "-opened"

    def words(self) -> dict[str, Any]:
        """What was asked for and nothing else, as JSON values: to be stored, shown, and bound to a cursor."""
        return self.model_dump(mode="json", exclude_defaults=True)
