"""Going on until a signal asks for the end."""

import signal
import threading
from collections.abc import Callable


def until_told() -> Callable[[], bool]:
    """Whether to go on: yes, until this process is asked to stop."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return lambda: not stop.is_set()
