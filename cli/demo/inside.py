"""Storing a report through intake's own statement, inside a transaction that is already open."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy.orm import Session

from cases import intake
from cases.intake import IdReused, Rules, Submission
from kit.batch import Connection


def receive(session: Session, submission: Submission, rules: Rules) -> None:
    """Store a report, so that what follows can be done before any worker sees it. Raises IdReused."""
    within = cast("Connection", _Within(session.connection().connection.driver_connection))
    answer = asyncio.run(intake.store(within, [(submission, rules)]))[0]
    if isinstance(answer, IdReused):
        raise answer


class _Within:
    """The session's own connection, with the two awaitable calls that intake needs."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def execute(self, statement: str, values: Any, *, prepare: bool) -> _Rows:
        return _Rows(self._connection.execute(statement, values, prepare=prepare).fetchall())


class _Rows:
    """Rows that are already here."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self._rows = rows

    async def fetchall(self) -> Sequence[Any]:
        return self._rows
