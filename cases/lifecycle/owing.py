"""When a penalty is begun, or handed on: while a case is in hand, and afterwards where it is owed again (M44, F25)."""

from typing import Any

from sqlalchemy.orm import Session

from cases.lifecycle.beside import being_handled
from cases.lifecycle.closing.enforcement import owed
from cases.models.case import Case

AFTERWARDS = ("closed", "look_back")


def handled_or_owed(*, session: Session, case: Case, **_: Any) -> None:
    """C4.5, X17: a penalty has a track of its own, also after closing, where what the case closed by was revoked."""
    if case.state not in AFTERWARDS or not owed(session, case):
        being_handled(case=case)
