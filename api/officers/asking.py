"""What a list may be asked for, as words of the query: of a closed set, or of a known form."""

from typing import Annotated, Literal

from fastapi import Query

State = Literal[
    "registered", "dispatched", "arbitrating", "signed", "verifying", "verdict_review", "rectifying", "acceptance",
    "referred", "on_hold", "closure_review", "closed", "look_back", "void",
]  # fmt: skip
Urgency = Literal["immediate", "urgent", "normal"]
Category = Annotated[str, Query(pattern=r"^[A-Z]{2,3}-[0-9]{2}$")]
