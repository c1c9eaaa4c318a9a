"""The catalogue of powers as it stood at an instant: measures and kinds of penalties (M51, F20)."""

from datetime import datetime

from sqlalchemy.orm import Session

from cases.models.policy import MeasureType
from cases.policy.once import in_force
from kit.errors import Invalid


class UnknownMeasureType(Invalid):
    """There is no such power, or it is not used in this way."""

    code = "measure.unknown_type"
    message = "There is no such kind of measure or penalty."


def measure_types(session: Session, at: datetime) -> list[MeasureType]:
    """Every power in force at `at`, in the order of the list."""
    return sorted((row for row in in_force(session, MeasureType, at) if row.active), key=lambda row: row.position)


def measure_type(
    session: Session, code: str, at: datetime, *, nature: str | None = None, field: str = "type_code"
) -> MeasureType:
    """One power in force at `at`; with `nature`, one used in a `measure` or a `penalty`.

    Raises UnknownMeasureType, which names the field of the body that it came in.
    """
    uses = {"measure", "penalty", "both"} if nature is None else {nature, "both"}
    for found in measure_types(session, at):
        if found.code == code and found.nature in uses:
            return found
    raise UnknownMeasureType(pointer=f"/{field}", kind=code)


def measure_type_version(session: Session, code: str, version: int) -> MeasureType:
    """The very version that a measure was proposed under."""
    return session.get_one(MeasureType, (code, version))
