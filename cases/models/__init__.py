"""Tables of the domain, one aggregate per file. Importing this package knows them all, as migrations need."""

from cases.models import case, exposure, handling, job, policy, report

__all__ = ["case", "exposure", "handling", "job", "policy", "report"]
