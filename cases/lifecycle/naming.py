"""Which vehicles and enterprises a report names, kept beside its text for as long as that is kept (C3, Q11).

For the desk alone: no handler's role reads the table, and no case says it.
"""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cases.models.report import Named, Report
from cases.wording import identifiers


def note(session: Session, report: Report, text: str) -> None:
    """Keep what a text of this report names; safe to repeat."""
    rows = [{"report_id": report.id, "kind": each.kind, "value": each.value} for each in identifiers(text)]
    if rows:
        session.execute(insert(Named).values(rows).on_conflict_do_nothing())
