"""The tree over all chains as it is stored: entries go in within seconds, and each time a head is signed."""

from datetime import datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from cases.history import head
from cases.models.history import LogHead, LogNode, LogPending
from kit import merkle

AT_ONCE = 10_000


def put_in(session: Session, *, now: datetime) -> int:
    """Put the entries that wait into the tree and sign its new head; how many there were.

    One at a time; another finds the door shut and leaves it. Within a round entries go in by hash, so that the tree
    does not tell which report and which case were written together (Q1).
    """
    if not session.scalar(select(func.pg_try_advisory_xact_lock(func.hashtext("record.log")))):
        return 0
    waiting = session.scalars(select(LogPending.hash).order_by(LogPending.hash).limit(AT_ONCE)).all()
    if not waiting:
        return 0
    size = size_of(session)
    leaves = [merkle.leaf(bytes(entry)) for entry in waiting]
    grown = {(level, index): value for level, index, value in merkle.grow(size, leaves, stored(session))}
    session.execute(
        insert(LogNode), [{"level": level, "index": index, "hash": value} for (level, index), value in grown.items()]
    )
    session.execute(delete(LogPending).where(LogPending.hash.in_(waiting)))
    size += len(leaves)
    root = merkle.root(size, stored(session, grown))
    session.execute(insert(LogHead).values(size=size, root=root, signed_at=now, note=head.signed(size, root, now=now)))
    return len(leaves)


def size_of(session: Session) -> int:
    """How many entries the tree has."""
    return session.scalar(select(func.coalesce(func.max(LogHead.size), 0))) or 0


def stored(session: Session, known: dict[tuple[int, int], bytes] | None = None) -> merkle.Fetch:
    """The stored subtrees, each asked for once."""
    seen = dict(known or {})

    def fetch(level: int, index: int) -> bytes:
        if (level, index) not in seen:
            of = select(LogNode.hash).where(LogNode.level == level, LogNode.index == index)
            seen[level, index] = session.scalars(of).one()
        return seen[level, index]

    return fetch
