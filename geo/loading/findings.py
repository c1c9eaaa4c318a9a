"""What the checks find in a boundary file: errors stop it, warnings are for a person to weigh, notes are told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

ERROR, WARNING, NOTE = "error", "warning", "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact about the file: a stable `code`, a sentence, the units it concerns, and where and how big it is."""

    grade: str
    code: str
    text: str
    units: tuple[str, ...] = ()
    area_m2: float | None = None
    at: tuple[float, float] | None = None
    mendable: bool = False
    """Whether `--repair` would mend it without moving a border by more than a couple of metres."""

    def as_dict(self) -> dict[str, Any]:
        """As the edition's report keeps it."""
        return {name: value for name, value in asdict(self).items() if value not in (None, (), False)}


def errors(findings: Iterable[Finding]) -> list[Finding]:
    """Those that stop the file."""
    return [finding for finding in findings if finding.grade == ERROR]
