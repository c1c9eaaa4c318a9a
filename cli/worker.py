"""The background processes of `up`: worker, relay and beat."""

from celery.signals import setup_logging, worker_ready

from cli.notice import tell_ready
from cli.until import until_told
from kit import clock, logs
from kit.broker import QUEUES
from kit.settings import settings
from workers import beat as beats
from workers import relay as relays
from workers.app import app, queue_of
from workers.stopwatch import Stopwatch


def worker() -> None:
    """Run the Celery worker for both queues."""
    logs.begin(settings().log_level)
    setup_logging.connect(_as_we_do)
    worker_ready.connect(_say_so)
    if settings().metrics_port:
        _count_jobs()
    app.worker_main(
        [
            "worker", f"--queues={','.join(QUEUES)}", f"--concurrency={settings().worker_processes}",
            "--loglevel=WARNING", "--without-gossip", "--without-mingle", "--max-tasks-per-child=500",
        ]
    )  # fmt: skip


def relay() -> None:
    """Hand due jobs to Celery until told to stop."""
    logs.begin(settings().log_level)
    tell_ready()
    if settings().metrics_port:
        _tell_what_waits()
    relays.run(app, queue_of, keep_going=until_told())


def beat() -> None:
    """Write the jobs of the schedule until told to stop."""
    logs.begin(settings().log_level)
    tell_ready()
    if settings().metrics_port:
        from kit import metrics  # noqa: PLC0415 - for those who ask for it

        metrics.serve(metrics.registry(), metrics.BEAT)
    beats.run(keep_going=until_told())


def _count_jobs() -> None:
    """Before the children are made, so that they inherit the line to their parent."""
    from kit import metrics  # noqa: PLC0415 - for those who ask for it
    from workers.metrics import Line  # noqa: PLC0415 - likewise

    told, line = metrics.registry(), Line()
    line.count(told)
    Stopwatch.listener = line.tell
    metrics.serve(told, metrics.WORKER)


def _tell_what_waits() -> None:
    from kit import metrics  # noqa: PLC0415 - for those who ask for it
    from workers.metrics import Waiting  # noqa: PLC0415 - likewise

    told = metrics.registry()
    told.register(Waiting(relays.LOGIN, clock.now))
    metrics.serve(told, metrics.RELAY)


def _say_so(**_: object) -> None:
    tell_ready()


def _as_we_do(**_: object) -> None:
    """That somebody hears this keeps Celery from setting up handlers of its own, which write whole messages."""
