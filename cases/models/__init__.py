"""Tables of the domain, one aggregate per file. Importing this package knows them all, as migrations need."""

from cases.models import case, exposure, finding, handling, job, pause, policy, report, second_look

__all__ = ["case", "exposure", "finding", "handling", "job", "pause", "policy", "report", "second_look"]
