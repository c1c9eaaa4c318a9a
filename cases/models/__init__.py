"""Tables of the domain, one aggregate per file. Importing this package knows them all, as migrations need."""

from cases.models import (
    case,
    decisions,
    delegation,
    dispute,
    exposure,
    finding,
    handling,
    job,
    measure,
    operation,
    pause,
    penalty,
    policy,
    referral,
    report,
    second_look,
)

__all__ = [
    "case",
    "decisions",
    "delegation",
    "dispute",
    "exposure",
    "finding",
    "handling",
    "job",
    "measure",
    "operation",
    "pause",
    "penalty",
    "policy",
    "referral",
    "report",
    "second_look",
]
