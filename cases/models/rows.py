"""What lists show of a case, as plain columns: a page of fifty objects costs many times what its rows cost."""

from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement

from cases.models.case import Case


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
