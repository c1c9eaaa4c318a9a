"""What must be safe before the facts are settled: the police told, the place cordoned off, the work stopped ((d)).

Each has a clock of its own (relay, cordon, stop_work); the act that ends it says what was done, and shows it.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import clocks, trail
from cases.journey import Kind
from cases.lifecycle import guards
from cases.lifecycle.guards import Incomplete
from cases.models.case import Case, Clock
from cases.models.handling import Picture
from kit.errors import Conflict, NotAllowed
from people.actors import Actor
from people.roles import HANDLERS, Role

SHOWN = {"relay": False, "cordon": True, "stop_work": True}  # whether a picture must show it


class NotAskedFor(Conflict):
    """This case waits for no such thing: its category does not ask for it, or it was done."""

    code = "safeguard.not_asked_for"
    message = "This case does not wait for it."


class MayNotSafeguard(NotAllowed):
    """Those who handle a case make it safe; the desk only passes it on."""

    code = "role.missing"


def safeguard(
    session: Session, case: Case, *, kind: str, note: str, picture_id: UUID | None, by: Actor, now: datetime
) -> None:
    """Say that something of a locked case has been made safe, and stop its clock.

    A cordon and a stop of work are shown by a picture of this case that is new since they were asked for (X20). The
    desk may pass a case on to the police as well. Raises MayNotSafeguard, NotYourBody, NotAskedFor, Incomplete.
    """
    if by.has(*HANDLERS):
        guards.of_a_tasked_body(session=session, case=case, by=by)
    elif not (kind == "relay" and by.has(Role.INTAKE_OFFICER)):
        raise MayNotSafeguard
    waits = next((clock for clock in clocks.running(session, case) if clock.kind == kind), None)
    if waits is None:
        raise NotAskedFor
    missing = ["note"] * (not note.strip()) + ["picture_id"] * (SHOWN[kind] and not _shown(session, waits, picture_id))
    if missing:
        raise Incomplete("Say what was done, and show it.", missing=missing, pointer=f"/{missing[0]}")
    clocks.stop(session, case, kind, now=now)
    case.version += 1
    shown = str(picture_id) if picture_id else None
    trail.record(session, case, Kind.SAFEGUARDED, by=by, now=now, what=kind, note=note, picture=shown)


def _shown(session: Session, waits: Clock, picture_id: UUID | None) -> bool:
    new = select(Picture.id).where(
        Picture.id == picture_id, Picture.case_id == waits.case_id, Picture.received_at >= waits.started_at,
        Picture.state != "rejected", ~Picture.reused,
    )  # fmt: skip
    return session.scalar(new) is not None
