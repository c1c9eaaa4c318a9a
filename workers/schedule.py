"""What runs when: one line for each sweep, each a sentence."""

from dataclasses import dataclass
from datetime import timedelta

from cases.journey import Step


@dataclass(frozen=True)
class Sweep:
    """Every so often, this step."""

    step: Step
    every: timedelta


SCHEDULE = (
    Sweep(Step.GROW_LOG, every=timedelta(seconds=10)),
    Sweep(Step.TELL_NEWSROOMS, every=timedelta(seconds=10)),
    Sweep(Step.FIND_NEWS, every=timedelta(seconds=30)),
    Sweep(Step.FIND_UNROUTED, every=timedelta(seconds=30)),
    Sweep(Step.FIND_OVERDUE, every=timedelta(minutes=1)),
    Sweep(Step.FIND_LATE_AT_DESK, every=timedelta(minutes=1)),
    Sweep(Step.FIND_SETTLED, every=timedelta(hours=1)),
    Sweep(Step.EXPIRE_PHOTOS, every=timedelta(hours=1)),
    Sweep(Step.SEAL_ORIGINALS, every=timedelta(hours=1)),
    Sweep(Step.EXPIRE_MEASURES, every=timedelta(minutes=5)),
    Sweep(Step.DRAW_LOOK_BACKS, every=timedelta(hours=1)),
    Sweep(Step.DRAW_RECHECKS, every=timedelta(hours=1)),
    Sweep(Step.EXPIRE_EXPOSURES, every=timedelta(minutes=1)),
    Sweep(Step.EXPIRE_EXPORTS, every=timedelta(minutes=10)),
    Sweep(Step.FIND_ABSENT, every=timedelta(minutes=5)),
    Sweep(Step.FIND_HOLDS, every=timedelta(minutes=1)),
    Sweep(Step.FIND_RECOUNTABLE, every=timedelta(hours=1)),
    Sweep(Step.FIND_ORPHANS, every=timedelta(days=1)),
    Sweep(Step.FIND_LATE_RETALIATIONS, every=timedelta(minutes=10)),
    Sweep(Step.LAPSE_EXTENSIONS, every=timedelta(minutes=1)),
    Sweep(Step.URGE_OPERATIONS, every=timedelta(hours=1)),
    Sweep(Step.LAPSE_RELEASES, every=timedelta(minutes=1)),
    Sweep(Step.LIST_RELEASES, every=timedelta(hours=1)),
    Sweep(Step.PUBLISH_STATISTICS, every=timedelta(hours=1)),
    Sweep(Step.KEEP_NO_LONGER, every=timedelta(days=1)),
    Sweep(Step.WARN_OF_CALENDAR, every=timedelta(hours=1)),
    Sweep(Step.FORGET_ATTEMPTS, every=timedelta(hours=1)),
    Sweep(Step.FORGET_ORIGINS, every=timedelta(minutes=30)),
)
