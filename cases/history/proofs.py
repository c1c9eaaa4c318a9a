"""What anybody may ask of the tree: its newest head, that an entry is in it, that it has only grown."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.history.tree import size_of, stored
from cases.models.history import LogHead, LogNode
from kit import merkle
from kit.errors import Invalid, NotFound


class Unknown(NotFound):
    """The tree has no such entry (yet: an entry is in it within a minute)."""

    code = "log.entry_unknown"
    message = "The log does not know this entry. A new one is in it within a minute."


class NoBeginning(Invalid):
    """These two sizes are not a smaller and a larger tree of this log."""

    code = "log.sizes"
    message = "Give two sizes, the smaller first, and neither larger than the log."
    pointer = "/from"


@dataclass(frozen=True, slots=True)
class Proof:
    """A path, and what it proves something about."""

    size: int
    path: list[bytes]
    index: int | None = None


def newest(session: Session) -> LogHead | None:
    """The newest signed head; None while the log is empty."""
    return session.scalars(select(LogHead).order_by(LogHead.size.desc()).limit(1)).first()


def of_the_day(session: Session, *, now: datetime) -> LogHead | None:
    """The last head that was signed before this day (UTC): the same for all of the day, so that many keep the same."""
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    before = select(LogHead).where(LogHead.signed_at < today)
    return session.scalars(before.order_by(LogHead.size.desc()).limit(1)).first()


def inclusion(session: Session, entry: bytes, *, size: int | None = None) -> Proof:
    """That the entry with this hash is among the first `size`, or among all. Raises Unknown."""
    of = select(LogNode.index).where(LogNode.level == 0, LogNode.hash == merkle.leaf(entry))
    index = session.scalars(of).one_or_none()
    now = size_of(session)
    size = now if size is None else size
    if index is None or not index < size <= now:
        raise Unknown
    return Proof(size, merkle.inclusion(index, size, stored(session)), index)


def consistency(session: Session, first: int, second: int) -> Proof:
    """That the log of `first` entries is the beginning of the log of `second`. Raises NoBeginning."""
    if not 0 < first <= second <= size_of(session):
        raise NoBeginning
    return Proof(second, merkle.consistency(first, second, stored(session)))
