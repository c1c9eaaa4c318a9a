"""What should have been done by now and was not, or was lost: found, and given another try where that helps.

Nothing here deletes. Any step may be done again at any time: it finds out by itself whether something is left to do.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, exists, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from cases import retention, trail
from cases.journey import Step
from cases.models.handling import Picture
from cases.models.job import Job
from cases.models.report import SEALED, Report, ReportPhoto
from kit.storage import Missing, Store
from kit.storage.contract import digest_of
from people.models import SealedOriginal
from workers.originals import TAKEN, in_clear

LATE: Final = timedelta(minutes=5)
# What waits in a state for a step that nobody is going to do: table, state, since when it waits, and what is said.
_WAITING: Final[tuple[tuple[Step, Any, str, InstrumentedAttribute[Any], str], ...]] = (
    (Step.TRIAGE, Report, "submitted", Report.received_at, "reports are judged by nobody"),
    (
        Step.CLEAN_REPORT_PHOTO,
        ReportPhoto,
        "stored",
        ReportPhoto.stored_at,
        "citizens' photos are made ready by nobody",
    ),
    (Step.CLEAN_PICTURE, Picture, "stored", Picture.received_at, "officers' pictures are made ready by nobody"),
)
_LIE_IN_CLEAR: Final = {
    "photo": "citizens' photos lie in clear", "picture": "officers' pictures lie in clear",
    "scan": "scanned papers lie in clear",
}  # fmt: skip


class Gap(NamedTuple):
    """Something that is not as it should be: what, how often, and whether another try helps."""

    says: str
    times: int
    mendable: bool


def gaps(session: Session, store: Store, *, now: datetime, contents: bool) -> Iterator[Gap]:
    """Everything that was missed. `contents` says to read each file, and compare it with what was written down of it.

    Raises StorageUnavailable.
    """
    given_up = select(Job.step, func.count()).where(Job.failed_at.is_not(None)).group_by(Job.step)
    for step, times in session.execute(given_up.order_by(Job.step)):
        yield Gap(f"jobs of {step} were given up", times, mendable=True)
    late = select(func.count(Job.id)).where(
        Job.done_at.is_(None), Job.failed_at.is_(None), Job.attempts == 0, Job.run_after < now - LATE
    )
    if waiting := session.scalar(late):
        yield Gap("jobs are due and nobody does them: relay, worker or Redis does not run", waiting, mendable=False)
    for step, table, state, since, says in _WAITING:
        found = _without_job(step, table, state, since, now)
        if waiting := session.scalar(select(func.count()).select_from(found.subquery())):
            yield Gap(says, waiting, mendable=True)
    yield from _originals(session)
    lost = {each.key: each for each in retention.lost(session, store)}
    for each in lost.values():
        yield Gap(f"file is lost, which {each.table}.{each.column} names: {each.key}", 1, mendable=False)
    for key, sha256 in retention.hashes(session).items() if contents else ():
        if key not in lost and not _is_as_it_came(store, key, sha256):
            yield Gap(f"file is not what came: {key}", 1, mendable=False)


def _originals(session: Session) -> Iterator[Gap]:
    """Files as they came that are not sealed, and citizens' photos that nobody can open."""
    for of, table in TAKEN.items():
        if waiting := session.scalar(select(func.count()).select_from(table).where(in_clear(table))):
            yield Gap(_LIE_IN_CLEAR[of], waiting, mendable=True)
    envelope = exists().where(SealedOriginal.storage_key == ReportPhoto.storage_key)
    unopened = select(func.count()).where(ReportPhoto.storage_key.startswith(SEALED), ~envelope)
    if without := session.scalar(unopened):
        yield Gap("citizens' photos have no envelope, and nobody can open them", without, mendable=False)


def mend(session: Session, *, now: datetime) -> int:
    """Give what another try helps another try; how many jobs that makes."""
    again = update(Job).where(Job.failed_at.is_not(None)).values(failed_at=None, lease_until=None, run_after=now)
    mended = len(session.scalars(again.returning(Job.id)).all())
    for step, table, state, since, _ in _WAITING:
        for id_ in session.scalars(_without_job(step, table, state, since, now)).all():
            trail.enqueue(session, step, id_, now=now)
            mended += 1
    for of, table in TAKEN.items():
        if session.scalar(select(table.id).where(in_clear(table)).limit(1)) is not None:
            trail.enqueue(session, Step.SEAL_ORIGINALS, None, now=now, of=of)
            mended += 1
    return mended


def _without_job(
    step: Step, table: Any, state: str, since: InstrumentedAttribute[Any], now: datetime
) -> Select[tuple[Any]]:
    job = exists().where(Job.subject == table.id, Job.step == str(step), Job.done_at.is_(None), Job.failed_at.is_(None))
    return select(table.id).where(table.state == state, since < now - LATE, ~job)


def _is_as_it_came(store: Store, key: str, sha256: str) -> bool:
    try:
        with store.open(key) as file:
            return digest_of(file) == sha256
    except Missing:  # let go meanwhile
        return True
