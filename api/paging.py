"""Which part of a list is asked for, and where the next part begins: the same words and rules for every list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Depends

from api.cursors import pack, unpack, where_after
from api.dependencies import PageAfter, PageLimit

Row = TypeVar("Row")


@dataclass(frozen=True)
class Paging:
    """So many rows, after a cursor. `whose` is what `cursors.bound` gives: the list, its filters, and its reader."""

    limit: int
    cursor: str | None

    def after(self, whose: str) -> tuple[datetime, UUID] | None:
        """The instant and the id after which the page begins; None for the first. Raises BadCursor."""
        return where_after(whose, self.cursor)

    def key(self, whose: str) -> list[Any] | None:
        """The same for a list that goes by something else. Raises BadCursor."""
        return None if self.cursor is None else unpack(whose, self.cursor)

    def next(self, whose: str, rows: Sequence[Row], place: Callable[[Row], tuple[Any, ...]]) -> str | None:
        """The cursor of the page that follows a full one; `place` tells where a row stands."""
        return pack(whose, *place(rows[-1])) if len(rows) == self.limit else None


async def paging(limit: PageLimit, after: PageAfter) -> Paging:
    """As the query says."""
    return Paging(limit, after)


Page = Annotated[Paging, Depends(paging)]
