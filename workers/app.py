"""The worker's bootstrap: one task for each step of the journey, named after it, each in its queue."""

from celery import Celery, Task

from kit import clock
from kit.broker import JOURNEY, PHOTOS, REPORTS, broker
from workers import jobs
from workers.steps import STEPS

app: Celery = broker()
FIRST_STEPS = {"triage", "tell_duty"}
SLOW_STEPS = {"clean_report_photo", "propose_masks", "clean_picture", "print_paper", "clean_scan", "deliver"}


def queue_of(step: str) -> str:
    """A report is judged before all else, within a minute whatever waits (promise 1); what is slow comes last."""
    if step in FIRST_STEPS:
        return REPORTS
    return PHOTOS if step in SLOW_STEPS else JOURNEY


def _task_for(step: str) -> Task:  # type: ignore[type-arg]
    @app.task(name=f"step.{step}", queue=queue_of(step))
    def do(job_id: int) -> None:
        jobs.perform(job_id, now=clock.now())

    return do


TASKS = {str(step): _task_for(str(step)) for step in STEPS}
