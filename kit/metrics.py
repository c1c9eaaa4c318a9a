"""Metrics of a process for Prometheus, on a port of its own, on the loopback address unless a setting says otherwise.

No label may say anything of a person: routes as they are written in the code, steps, outcomes, names of pools.
"""

import structlog
from prometheus_client import CollectorRegistry, ProcessCollector, start_http_server

from kit.settings import settings

API, WORKER, RELAY, BEAT = range(4)
PER_MACHINE = 10

log = structlog.get_logger()


def registry() -> CollectorRegistry:
    """A registry that tells of the process itself: memory, processor time, open files."""
    made = CollectorRegistry()
    ProcessCollector(registry=made)
    return made


def serve(told: CollectorRegistry, process: int) -> int | None:
    """Answer scrapes from a thread; gives the port, or None when there is none to be had. Never ends the process.

    API, worker, relay and beat of one machine have JZ_METRICS_PORT and the three after it; the second process of an
    API has the port ten above the first, and so on.
    """
    given = settings()
    for number in range(given.api_processes if process == API else 1):
        port = given.metrics_port + process + PER_MACHINE * number
        try:
            start_http_server(port, given.metrics_host, told)
        except (OSError, OverflowError):
            continue
        return port
    log.error("metrics have no port", process=("api", "worker", "relay", "beat")[process])
    return None
