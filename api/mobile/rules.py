"""The snapshot of policy that intake answers from, refreshed by each process every few seconds."""

import asyncio
import contextlib

import structlog
from starlette.concurrency import run_in_threadpool

from api.dependencies import CITIZENS
from api.mobile.retiring import Headers, headers_of
from cases.intake import Rules, load_rules
from kit import clock
from kit.db import unit_of_work
from kit.errors import Unavailable

REFRESH_S = 15.0

log = structlog.get_logger()


class RulesInForce:
    """Holds the newest snapshot. Until one was read, intake says that it is unavailable."""

    def __init__(self) -> None:
        self._rules: Rules | None = None
        self.retiring: dict[tuple[str, str], Headers] = {}
        self._keeper: asyncio.Task[None] | None = None

    @property
    def current(self) -> Rules:
        """The snapshot. Raises Unavailable before the first was read."""
        if self._rules is None:
            raise Unavailable
        return self._rules

    async def start(self) -> None:
        """Read the first snapshot if the database is there, and keep it fresh."""
        await self._refresh()
        self._keeper = asyncio.create_task(self._keep(), name="rules")

    async def stop(self) -> None:
        """Stop refreshing."""
        if self._keeper is not None:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(REFRESH_S if self._rules else 1.0)
            await self._refresh()

    async def _refresh(self) -> None:
        try:
            self._rules = await run_in_threadpool(_read)
            self.retiring = headers_of(self._rules.values["app_retiring"])
        except Exception as failure:  # noqa: BLE001 - the last snapshot stays good while the database is away
            log.warning("rules not refreshed", error=type(failure).__name__)


def _read() -> Rules:
    with unit_of_work(CITIZENS) as session:
        return load_rules(session, clock.now())
