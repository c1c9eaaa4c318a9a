"""The only ways to load a release: by whoever asked for it, by whoever may read it, by a custodian."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, or_, select, tuple_
from sqlalchemy.orm import Session

from cases.models.release import Release
from cases.models.report import Report
from kit.errors import NotAllowed, NotFound
from people.actors import Actor
from people.roles import Role

INVOLVED = (Role.INTAKE_OFFICER, Role.SAFETY_OFFICE, Role.CUSTODIAN)


class NoSuchRelease(NotFound):
    """There is no such release, or it is not for this officer: both look alike."""

    code = "release.unknown"
    message = "There is no such release."


class NotInvolved(NotAllowed):
    """Only the desk, the custodians, and the safety office where it protects somebody, have to do with it (C2)."""

    code = "release.role"
    message = "Only the intake desk, the safety office and the custodians have to do with this."


def find(session: Session, release_id: UUID, *, by: Actor) -> Release:
    """One release, to be read. Raises NotInvolved, NoSuchRelease."""
    _only_the_involved(by)
    found = session.scalars(_theirs(by).where(Release.id == release_id)).one_or_none()
    if found is None:
        raise NoSuchRelease
    return found


def lock(session: Session, release_id: UUID, *, by: Actor) -> tuple[Report, Release]:
    """A release and its report, both locked, the report first. Raises as `find`."""
    report_id = find(session, release_id, by=by).report_id
    report = session.scalars(select(Report).where(Report.id == report_id).with_for_update()).one()
    again = select(Release).where(Release.id == release_id).with_for_update()
    return report, session.scalars(again, execution_options={"populate_existing": True}).one()


def waiting(
    session: Session, *, by: Actor, limit: int, after: tuple[datetime, UUID] | None = None
) -> Sequence[tuple[Release, Report]]:
    """What waits for a custodian's decision, the oldest first, with its report. Raises NotInvolved."""
    _only_the_involved(by)
    return _page(session, _theirs(by).where(Release.state == "asked"), limit, after)


def mine(
    session: Session, *, by: Actor, limit: int, after: tuple[datetime, UUID] | None = None
) -> Sequence[tuple[Release, Report]]:
    """What this officer asked for or was to read, the oldest first. Raises NotInvolved."""
    _only_the_involved(by)
    own = or_(Release.asked_by == by.account_id, Release.reader_id == by.account_id)
    return _page(session, select(Release).where(own), limit, after)


def _theirs(by: Actor) -> Select[Release]:
    if by.has(Role.CUSTODIAN):
        return select(Release)
    return select(Release).where(or_(Release.asked_by == by.account_id, Release.reader_id == by.account_id))


def _page(
    session: Session, wanted: Select[Release], limit: int, after: tuple[datetime, UUID] | None
) -> Sequence[tuple[Release, Report]]:
    rows = wanted.add_columns(Report).join(Report, Report.id == Release.report_id)
    if after is not None:
        rows = rows.where(tuple_(Release.asked_at, Release.id) > after)
    return [
        (release, report)
        for release, report in session.execute(rows.order_by(Release.asked_at, Release.id).limit(limit))
    ]


def _only_the_involved(by: Actor) -> None:
    if not by.has(*INVOLVED):
        raise NotInvolved
