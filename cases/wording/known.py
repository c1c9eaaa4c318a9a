"""What is known around one reply: names and numbers that must not be in it, and what may be."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """Of one case and its district. Empty by default: then only shapes are looked for."""

    handlers: frozenset[str] = frozenset()
    """Names of officers who had a hand in the case."""
    officers: frozenset[str] = frozenset()
    """Names of all other officers of the district."""
    persons: frozenset[str] = frozenset()
    """Names of other persons in the case: whoever was there, was told to put right, was penalised."""
    numbers: frozenset[str] = frozenset()
    """Inner numbers: of the case, of certificates, of decisions that are not public."""
    reference: str = ""
    """The report's own short number, the only one that may stand in its reply."""
    public_phones: frozenset[str] = frozenset()
    """Phones that the district gives to everybody, in digits."""
