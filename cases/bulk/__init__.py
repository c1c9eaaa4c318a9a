"""The same act on many cases: tried first, then done, each case by itself and by the rules of a single one.

What closes, voids, decides or penalises is never done in bulk: each such case is looked at (X54).
"""

from cases.bulk.acts import Act, Sign, Urge
from cases.bulk.run import Answer, Chosen, IdReused, Repeated, TooManyCases, do, preview

__all__ = ["Act", "Answer", "Chosen", "IdReused", "Repeated", "Sign", "TooManyCases", "Urge", "do", "preview"]
