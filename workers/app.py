"""The worker's bootstrap: one task for each step of the journey, named after it, each in its queue."""

from celery import Celery, Task

from kit import clock
from kit.broker import JOURNEY, PHOTOS, broker
from workers import jobs
from workers.steps import STEPS

app: Celery = broker()
SLOW_STEPS = {"clean_report_photo", "clean_picture", "print_paper", "clean_scan", "deliver"}


def queue_of(step: str) -> str:
    """Photos, papers and mails have a queue of their own, so that a slow one never holds up a report."""
    return PHOTOS if step in SLOW_STEPS else JOURNEY


def _task_for(step: str) -> Task:  # type: ignore[type-arg]
    @app.task(name=f"step.{step}", queue=queue_of(step))
    def do(job_id: int) -> None:
        jobs.perform(job_id, now=clock.now())

    return do


TASKS = {str(step): _task_for(str(step)) for step in STEPS}
