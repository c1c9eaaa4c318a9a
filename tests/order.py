"""The order of a whole run (cli/checks.py): what takes longest comes first.

One of these at the end would keep one worker busy long after the other has nothing left to do.
"""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LONGEST = (
    "tests/faults",
    "tests/cli/test_backup_for_real.py",
    "tests/cli/test_update_for_real.py",
    "tests/cli/test_up_for_real.py",
    "tests/cli/test_demo.py",
    "tests/simulation",
    "tests/journeys/test_hostile_input.py",
    "tests/journeys/test_the_canary_everywhere.py",
    "tests/api/rights",
    "tests/migrations",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All else keeps its order. A name above of which there is no test any more ends the run."""
    longest = [ROOT / path for path in LONGEST]
    found = [_turn(item.path, longest) for item in items]
    if gone := {LONGEST[turn] for turn in set(range(len(longest))) - set(found)}:
        raise pytest.UsageError(f"{__file__} names what is not there: {', '.join(sorted(gone))}")
    items[:] = [item for _, item in sorted(zip(found, items, strict=True), key=lambda pair: pair[0])]


def _turn(path: Path, longest: list[Path]) -> int:
    return next((turn for turn, first in enumerate(longest) if path.is_relative_to(first)), len(longest))
