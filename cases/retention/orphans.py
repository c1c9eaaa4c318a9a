"""Files that no row names: their process died before it wrote the row. They hold what a person sent, so they go."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from sqlalchemy.orm import Session

from cases import photos
from cases.models.report import ORIGINALS, SEALED
from cases.retention.naming import named
from kit.storage import store

FOLDERS: Final = (ORIGINALS, SEALED, "clean/", "papers/")
UNDER_WAY = timedelta(days=1)  # a file that came just now may be about to get its row
AT_ONCE = 500


def let_go_of_orphans(session: Session, *, now: datetime) -> int:
    """Delete the files that no row names, but for those of the last day; gives how many. Their envelopes go before."""
    photos.let_go_of_envelopes(session)
    gone = 0
    for folder in FOLDERS:
        for keys in _in_pieces(store().list_keys(folder, before=now - UNDER_WAY)):
            for key in set(keys) - named(session, keys):
                store().delete(key)
                gone += 1
    return gone


def _in_pieces(keys: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(keys)
    while piece := list(islice(rest, AT_ONCE)):
        yield piece
