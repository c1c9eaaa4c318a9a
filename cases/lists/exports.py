"""Supervised export: asked for with a reason, allowed by another person above a size, sent once, logged (Q5, X38)."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import IO
from uuid import UUID, uuid4

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from cases import notices, policy
from cases.lifecycle import export as machine
from cases.lists import page as pages
from cases.lists.conditions import check
from cases.lists.sheet import Sheet, marks_in, row_mark
from cases.lists.wanted import Wanted
from cases.models.export import Export
from kit.errors import Conflict, Expired, Invalid, NotAllowed, NotFound, Stale, Unconditional
from people.actors import SYSTEM, Actor
from people.roles import Role

READERS = (Role.SAFETY_OFFICE, Role.DISCIPLINE)


class NoSuchExport(NotFound):
    """There is no such export, or it is somebody else's."""

    code = "export.unknown"
    message = "There is no such export."


class TooManyRows(Invalid):
    """More rows than any export may have."""

    code = "export.too_many_rows"
    message = "These are more rows than an export may have; narrow the filter."
    pointer = "/filter"


class HasGrown(Conflict):
    """The list has more rows now than were allowed."""

    code = "export.has_grown"
    message = "The list has grown beyond what was allowed; ask anew."


class ExportOver(Expired):
    """Its time is over."""

    code = "export.expired"
    message = "The time for this export is over; ask anew."


def request(session: Session, wanted: Wanted, *, reason: str, by: Actor, now: datetime) -> Export:
    """Ask for an export; a small one is allowed at once, else the safety office is told.

    Raises NotYourRole, TooManyRows, and what `check` refuses.
    """
    check(session, wanted, now=now, at="/filter/")
    limits = policy.value(session, "export_rows", now)
    counted = pages.count(session, wanted, by=by, now=now, most=limits["most"])
    if counted > limits["most"]:
        raise TooManyRows(most=limits["most"])
    made = Export(
        id=uuid4(), state=machine.NEW, version=0, filter=wanted.words(), reason=reason, counted=counted,
        mark=secrets.token_hex(8), org_id=by.org_id, requested_by=by.account_id, requested_at=now,
        expires_at=now + timedelta(hours=policy.value(session, "export_hours", now)),
    )  # fmt: skip
    machine.move(made, "request", by=by)
    if counted <= limits["free"]:
        machine.move(made, "allow_small", by=by)
    else:
        text = f"有一项案件导出申请待审批（{counted} 行）：{reason[:60]}"
        notices.tell_safety_office(session, "export_requested", text, now=now)
    session.add(made)
    session.flush()
    return made


def find(session: Session, export_id: UUID, *, by: Actor) -> Export:
    """An export of one's own, or any for those who watch. Raises NoSuchExport."""
    return _one(session, export_id, by, for_update=False)


def lock(session: Session, export_id: UUID, *, by: Actor, expected_version: int | None) -> Export:
    """The same, locked, in the version that was seen. Raises NoSuchExport, Unconditional, Stale."""
    found = _one(session, export_id, by, for_update=True)
    if expected_version is None:
        raise Unconditional
    if found.version != expected_version:
        raise Stale(current={"id": str(found.id), "state": found.state, "version": found.version})
    return found


def approve(session: Session, export: Export, *, comment: str, by: Actor, now: datetime) -> Export:
    """Another person of the safety office allows it. Raises NotInState, NotYourRole, SamePerson, ExportOver."""
    return _decide(session, export, "approve", comment, by, now)


def refuse(session: Session, export: Export, *, comment: str, by: Actor, now: datetime) -> Export:
    """The same person does not allow it. Raises as `approve`."""
    return _decide(session, export, "refuse", comment, by, now)


def download(session: Session, export: Export, into: IO[bytes], *, by: Actor, now: datetime) -> Export:
    """Write the one file of a locked export, and down what it was: all in the transaction that ends its life.

    Raises NotInState, NotYourRole, SamePerson, ExportOver, HasGrown.
    """
    _in_time(export, now)
    machine.check(export, "download", by=by)
    allowed = export.counted if export.decided_by else policy.value(session, "export_rows", now)["free"]
    names = {row.category_code: row.zh for row in policy.categories(session, now)}
    wanted, sheet = Wanted(**export.filter), Sheet(export.mark, names)
    for piece in sheet.pieces(pages.stream(session, wanted, by=by, now=now, most=allowed + 1)):
        into.write(piece)
    if sheet.rows > allowed:
        raise HasGrown(allowed=allowed)
    export.downloaded_at, export.rows, export.sha256 = now, sheet.rows, sheet.sha256
    machine.move(export, "download", by=by)
    return export


def exports(session: Session, *, by: Actor, limit: int, after: tuple[datetime, UUID] | None = None) -> Sequence[Export]:
    """One's own exports, or all of them for those who watch, the newest first."""
    found = select(Export)
    if not by.has(*READERS):
        found = found.where(Export.requested_by == by.account_id)
    if after is not None:
        found = found.where(tuple_(Export.requested_at, Export.id) < after)
    return session.scalars(found.order_by(Export.requested_at.desc(), Export.id.desc()).limit(limit)).all()


def trace(session: Session, number: str, seen_mark: str, *, by: Actor) -> Export | None:
    """In which download a leaked row of a case stood, by its mark. Raises NotAllowed outside those who watch."""
    if not by.has(*READERS):
        raise NotAllowed
    sent = select(Export).where(Export.downloaded_at.is_not(None)).order_by(Export.downloaded_at.desc())
    return next((each for each in session.scalars(sent) if row_mark(each.mark, number) == seen_mark), None)


def trace_text(session: Session, text: str, *, by: Actor) -> list[Export]:
    """From which downloads a leaked text was copied, by the marks that stand hidden in it.

    Raises NotAllowed outside those who watch.
    """
    if not by.has(*READERS):
        raise NotAllowed
    sent = select(Export).where(Export.downloaded_at.is_not(None), Export.mark.in_(marks_in(text)))
    return list(session.scalars(sent.order_by(Export.downloaded_at)))


def expire(session: Session, *, now: datetime) -> None:
    """What nobody decided about or fetched in time is over."""
    over = select(Export).where(Export.state.in_(("requested", "approved")), Export.expires_at <= now)
    for each in session.scalars(over.with_for_update(skip_locked=True)):
        machine.move(each, "expire", by=SYSTEM)


def _decide(session: Session, export: Export, name: str, comment: str, by: Actor, now: datetime) -> Export:
    _in_time(export, now)
    machine.move(export, name, by=by)
    export.decided_by, export.decided_at, export.comment = by.account_id, now, comment
    said = "已批准" if name == "approve" else "未批准"
    notices.tell_people(
        session, export.org_id, [export.requested_by], "export_decided", f"您的案件导出申请{said}", now=now
    )  # fmt: skip
    return export


def _in_time(export: Export, now: datetime) -> None:
    if export.state in {"requested", "approved"} and export.expires_at <= now:
        raise ExportOver


def _one(session: Session, export_id: UUID, by: Actor, *, for_update: bool) -> Export:
    found = select(Export).where(Export.id == export_id)
    if not by.has(*READERS):
        found = found.where(Export.requested_by == by.account_id)
    if for_update:
        found = found.with_for_update().execution_options(populate_existing=True)
    export = session.scalars(found).one_or_none()
    if export is None:
        raise NoSuchExport
    return export
