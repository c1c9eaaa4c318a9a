"""The Celery application without tasks. It is a pool that does jobs; its memory is never the truth (stack.md §3)."""

from typing import Any

from celery import Celery
from kombu import Queue
from kombu.exceptions import OperationalError

from kit.settings import settings

REPORTS, JOURNEY, PHOTOS = QUEUES = ("reports", "journey", "photos")  # none waits for one that comes after it


def broker() -> Celery:
    """A Celery application for this installation: late acknowledgement, no results, JSON only, no own retries."""
    app = Celery("jingzhong", broker=settings().redis_url)
    app.conf.update(
        task_queues=[Queue(name) for name in QUEUES],
        task_default_queue=JOURNEY,
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        task_time_limit=120,
        task_soft_time_limit=90,
        worker_soft_shutdown_timeout=10,
        worker_enable_soft_shutdown_on_idle=True,
        broker_connection_retry_on_startup=True,
        broker_transport_options={
            "visibility_timeout": 600,
            "socket_keepalive": True,
            "health_check_interval": 10,
            "queue_order_strategy": "priority",
        },
        task_publish_retry=False,
        task_serializer="json",
        accept_content=["json"],
        worker_hijack_root_logger=False,
        timezone="UTC",
    )
    return app


def waiting(app: Celery, queue: str) -> int:
    """How many messages wait in a queue. Raises OperationalError when the broker is away."""
    pool: Any = app.pool  # its stubs take it for a pool of producers
    with pool.acquire(block=True) as connection:
        try:
            connection.connect()  # once: a channel would try for ever
            return int(connection.default_channel.queue_declare(queue=queue, passive=True).message_count)
        except connection.channel_errors:  # one that is empty is not there
            return 0
        except connection.connection_errors as away:
            raise OperationalError(str(away)) from away
