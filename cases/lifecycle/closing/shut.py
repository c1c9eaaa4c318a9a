"""What a shut guard says: a stable code, words in both languages, and where it can be put right."""

from dataclasses import dataclass

from cases.models.case import Case


@dataclass(frozen=True)
class Shut:
    """Why a guard does not hold. `link` can be read: a GET address below /o/v1, and after `#` where in its answer."""

    reason: str
    zh: str
    en: str
    link: str


def at(case: Case, member: str = "") -> str:
    """The address of a case, and where in it something stands: a JSON Pointer to a member of its file (RFC 6901)."""
    return f"/cases/{case.id}" + (f"#/{member}" if member else "")
