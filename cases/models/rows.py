"""What lists show of a case, as plain columns: a page of fifty objects costs many times what its rows cost."""

from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, literal_column
from sqlalchemy.orm import InstrumentedAttribute

from cases.models.case import Case, Task


def one_of(column: InstrumentedAttribute[str], *words: str) -> ColumnElement[bool]:
    """Written into the statement, or a prepared plan could not use the partial index on just these words."""
    return column.in_([literal_column(f"'{word}'") for word in words])


# The task of the body that answers for a case, while it runs: one at a time (M08).
MAIN_TASK_RUNS = one_of(Task.kind, "town", "group") & one_of(Task.state, "open", "signed")


class CaseRow(NamedTuple):
    """What a list shows of a case, by the names of its columns."""

    id: UUID
    number: str
    state: str
    version: int
    category_code: str
    urgency: str
    place_text: str
    seen_on: date
    opened_at: datetime
    extract: str | None
    provisional: bool
    outcome: str | None
    grade: str
    responsible_org_id: int | None


OF_A_CASE: list[ColumnElement[Any]] = [getattr(Case, name).label(f"case_{name}") for name in CaseRow._fields]
