"""The background processes of `up`: worker, relay and beat."""

import signal
import threading
from collections.abc import Callable

from celery.signals import worker_ready

from cli.notice import tell_ready
from kit import logs
from kit.settings import settings
from workers import beat as beats
from workers import relay as relays
from workers.app import app, queue_of


def worker() -> None:
    """Run the Celery worker for both queues."""
    logs.configure(settings().log_level)
    worker_ready.connect(_say_so)
    app.worker_main(
        [
            "worker", "--queues=journey,photos", f"--concurrency={settings().worker_processes}",
            "--loglevel=WARNING", "--without-gossip", "--without-mingle", "--max-tasks-per-child=500",
        ]
    )  # fmt: skip


def relay() -> None:
    """Hand due jobs to Celery until told to stop."""
    logs.configure(settings().log_level)
    tell_ready()
    relays.run(app, queue_of, keep_going=_until_told())


def beat() -> None:
    """Write the jobs of the schedule until told to stop."""
    logs.configure(settings().log_level)
    tell_ready()
    beats.run(keep_going=_until_told())


def _say_so(**_: object) -> None:
    tell_ready()


def _until_told() -> Callable[[], bool]:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return lambda: not stop.is_set()
