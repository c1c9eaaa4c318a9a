"""Tables of the domain, one aggregate per file. Importing this package knows them all, as migrations need."""

from cases.models import case, decisions, dispute, exposure, finding, handling, job, pause, policy, report, second_look

__all__ = [
    "case",
    "decisions",
    "dispute",
    "exposure",
    "finding",
    "handling",
    "job",
    "pause",
    "policy",
    "report",
    "second_look",
]
