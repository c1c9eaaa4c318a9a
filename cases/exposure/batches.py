"""集中曝光 (M83): approved exposures published by one act for one moment, all together or none."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from cases import access
from cases.exposure import draft, schedule
from cases.exposure.publish import publish
from cases.exposure.refusals import IssueTaken, NoSuchBatch
from cases.lifecycle import batch as machine
from cases.lifecycle.beside import NEW
from cases.models.batch import ExposureBatch
from cases.models.exposure import Exposure
from kit.errors import Refusal, Stale, Unconditional
from people.actors import SYSTEM, Actor


def publish_batch(
    session: Session, items: Mapping[UUID, int], *, title: str, issue_no: str, released_at: datetime | None, by: Actor,
    now: datetime,
) -> ExposureBatch:  # fmt: skip
    """Publish approved exposures together, each in the version that the editor saw.

    Raises whatever `publish` raises of any of them, with `exposure_id`; then none is published.
    """
    made = ExposureBatch(state=NEW, version=0, title=title, issue_no=issue_no, released_at=released_at)
    machine.move(made, "publish", by=by)
    if session.scalar(select(exists().where(ExposureBatch.issue_no == issue_no))):
        raise IssueTaken
    made.published_by, made.published_at = by.account_id, now  # type: ignore[assignment]  # a publisher is an account
    session.add(made)
    session.flush()
    for exposure_id in sorted(items):  # in one order, so that two batches never wait for each other
        with _told_of(exposure_id):
            exposure = draft.lock(session, exposure_id, expected_version=items[exposure_id])
            case = access.lock(session, exposure.case_id, by=SYSTEM)
            publish(session, case, exposure, by=by, now=now, released_at=released_at, batch=made)
    return made


def batch(session: Session, batch_id: UUID) -> tuple[ExposureBatch, Sequence[Exposure]]:
    """A batch with its items. Raises NoSuchBatch."""
    found = session.get(ExposureBatch, batch_id)
    if found is None:
        raise NoSuchBatch
    return found, _items(session, found)


def lock_batch(session: Session, batch_id: UUID, *, expected_version: int | None) -> ExposureBatch:
    """A batch, locked, in the version that the editor saw. Raises NoSuchBatch, Unconditional, Stale."""
    found = session.get(ExposureBatch, batch_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NoSuchBatch
    if expected_version is None:
        raise Unconditional
    if found.version != expected_version:
        raise Stale(current={"id": str(found.id), "state": found.state, "version": found.version})
    return found


def call_batch_back(session: Session, found: ExposureBatch, *, reason: str, by: Actor, now: datetime) -> ExposureBatch:
    """Take a locked batch back before its moment, with all its items. Raises AlreadyPublic, NotInState."""
    machine.move(found, "call_back", by=by)
    for each in _items(session, found):
        with _told_of(each.id):
            exposure = draft.lock(session, each.id, expected_version=each.version)
            case = access.lock(session, exposure.case_id, by=SYSTEM)
            schedule.call_back(session, case, exposure, reason=reason, by=by, now=now, with_batch=True)
    return found


def _items(session: Session, found: ExposureBatch) -> Sequence[Exposure]:
    named = select(Exposure).where(Exposure.batch_id == found.id)
    return session.scalars(named.order_by(Exposure.id)).all()


@contextmanager
def _told_of(exposure_id: UUID) -> Iterator[None]:
    try:
        yield
    except Refusal as refusal:
        refusal.extra.setdefault("exposure_id", str(exposure_id))
        raise
