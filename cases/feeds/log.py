"""The change log: how far it has grown, and what it tells after a place, to where nothing can still come in before.

What was published for a later moment has its line from the day it was decided, and is told at its moment: so a place in
the log is two places, one among the lines that are told as they are written, one among those that wait for their time.
"""

import heapq
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, text, tuple_
from sqlalchemy.orm import Session

from cases.feeds.shown import is_over
from cases.models.exposure import Change, PublicExposure

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
# What a transaction below it has written is committed or never will be: nothing can be added before it any more.
_OLDEST_RUNNING = text("pg_snapshot_xmin(pg_current_snapshot())::text::bigint")


@dataclass(frozen=True)
class Place:
    """How far somebody has read: the last line told as it was written, and the last that had waited for its time.

    `at` is when the former was written, by which a log is known that was begun anew.
    """

    seq: int = 0
    released_at: datetime = BEGINNING
    release: int = 0
    at: datetime | None = None

    @classmethod
    def spelled(cls, values: list[Any]) -> "Place":
        """A place as `values` wrote it; of a number alone, as places were before, all that waited is told anew."""
        seq, *more = values
        if not more:
            return cls(int(seq))
        released_at, release, at = more
        written_at = datetime.fromisoformat(at) if at is not None else None
        return cls(int(seq), datetime.fromisoformat(released_at), int(release), written_at)

    @property
    def values(self) -> tuple[int, datetime, int, datetime | None]:
        """For a cursor."""
        return self.seq, self.released_at, self.release, self.at

    def after(self, change: Change) -> "Place":
        """Where somebody is who has read this line as well."""
        if change.released_at is None:
            return replace(self, seq=change.seq, at=change.at)
        return replace(self, released_at=change.released_at, release=change.seq)


def grown(session: Session) -> tuple[int, int, int]:
    """How far the record has grown: how many lines are told, their highest number, and what is over by the clock.

    The number alone would not do: of two transactions the one that ends last may have the lower one.
    """
    many, highest = session.execute(
        select(func.count(), func.coalesce(func.max(Change.seq), 0)).where(_is_told())
    ).one()
    return many, highest, session.scalar(select(func.count()).select_from(PublicExposure).where(is_over())) or 0


def horizon(session: Session) -> int:
    """The number of the last change that is safe to tell; 0 when there is none."""
    last = select(Change.seq).where(_is_told(), _is_safe()).order_by(Change.xid.desc(), Change.seq.desc())
    return session.scalar(last.limit(1)) or 0


def knows(session: Session, place: Place) -> bool:
    """Whether a place is one of this log. One that was begun anew may have grown past it already."""
    if not place.seq:
        return True
    written_at = session.scalar(select(Change.at).where(Change.seq == place.seq))
    return written_at is not None and place.at in {None, written_at}


def changes(session: Session, *, since: Place, limit: int) -> list[Change]:
    """Changes after a place that are safe to tell; what had waited stands where its time came.

    They are told in the order of the transactions that wrote them: a number is drawn while its transaction runs, and
    of two transactions the one that began later may draw the lower number and be committed last. So a number names a
    change, and does not say which came before it.
    """
    written = select(Change).where(Change.released_at.is_(None), _is_safe())
    if since.seq:
        its_writer = select(Change.xid).where(Change.seq == since.seq).scalar_subquery()
        written = written.where(tuple_(Change.xid, Change.seq) > tuple_(its_writer, since.seq))
    waited = select(Change).where(
        Change.released_at <= func.now(), _is_safe(),
        tuple_(Change.released_at, Change.seq) > (since.released_at, since.release),
    )  # fmt: skip
    streams = (
        session.scalars(written.order_by(Change.xid, Change.seq).limit(limit)).all(),
        session.scalars(waited.order_by(Change.released_at, Change.seq).limit(limit)).all(),
    )
    return list(islice(heapq.merge(*streams, key=lambda change: change.at), limit))


def _is_told() -> ColumnElement[bool]:
    return or_(Change.released_at.is_(None), Change.released_at <= func.now())


def _is_safe() -> ColumnElement[bool]:
    return Change.xid < _OLDEST_RUNNING
