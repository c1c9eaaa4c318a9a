"""What this process has counted of its senders is told to the others, and theirs is heard, beside the requests."""

import asyncio
import contextlib

import structlog
from starlette.concurrency import run_in_threadpool

from cases.intake import lane
from kit import clock

ROUND_S = 0.2

log = structlog.get_logger()


class Counting:
    """Settles the counts of intake a moment after something was counted; no request waits for it."""

    def __init__(self) -> None:
        """Nothing is told before `start`."""
        self._something = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to tell and to hear."""
        self._keeper = asyncio.create_task(self._keep(), name="counting")

    def wake(self) -> None:
        """Something was counted."""
        self._something.set()

    async def stop(self) -> None:
        """Tell what is left, then stop."""
        if self._keeper is not None:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
        await run_in_threadpool(settle)

    async def _keep(self) -> None:
        while True:
            await self._something.wait()
            await asyncio.sleep(ROUND_S)
            self._something.clear()
            try:
                await run_in_threadpool(settle)
            except Exception as failure:  # noqa: BLE001 - intake goes on by what it knows itself
                log.warning("counts not settled", error=type(failure).__name__)


def settle() -> None:
    """Tell and hear all there is; while Redis is away, once."""
    now = clock.now()
    while lane.COUNTS.settle(now=now) and lane.COUNTS.owes:
        pass
