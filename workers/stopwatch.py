"""How long a job took and how it ended, for whoever listens; nobody does unless metrics are asked for."""

from collections.abc import Callable
from time import perf_counter


class Stopwatch:
    """Started when a job is taken up."""

    listener: Callable[[str, str, float], None] | None = None

    def __init__(self) -> None:
        self.step, self._began = "", perf_counter()

    def tell(self, outcome: str) -> None:
        """The job ended so: done, failed (and tried again), or given_up."""
        if Stopwatch.listener is not None and self.step:
            Stopwatch.listener(self.step, outcome, perf_counter() - self._began)
