"""Photos as they came that nobody knows of: the process died before it wrote the row. They hold all a phone wrote."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.intake.photos import ORIGINALS
from cases.models.report import ReportPhoto
from kit.storage import store

UNDER_WAY = timedelta(days=1)  # a file that came just now may be about to get its row
AT_ONCE = 500


def let_go_of_orphans(session: Session, *, now: datetime) -> int:
    """Delete the originals that no row names, but for those of the last day; gives how many."""
    gone = 0
    for keys in _in_pieces(store().list_keys(ORIGINALS, before=now - UNDER_WAY)):
        known = set(session.scalars(select(ReportPhoto.storage_key).where(ReportPhoto.storage_key.in_(keys))))
        for key in keys:
            if key not in known:
                store().delete(key)
                gone += 1
    return gone


def _in_pieces(keys: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(keys)
    while piece := list(islice(rest, AT_ONCE)):
        yield piece
