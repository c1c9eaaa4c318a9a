"""What a shut guard says: a stable code, words in both languages, and where it can be put right."""

from dataclasses import dataclass

from cases.models.case import Case


@dataclass(frozen=True)
class Shut:
    """Why a guard does not hold. `link` is an address below /o/v1."""

    reason: str
    zh: str
    en: str
    link: str


def at(case: Case, noun: str = "") -> str:
    """The address of something of a case."""
    return f"/cases/{case.id}/{noun}".rstrip("/")
