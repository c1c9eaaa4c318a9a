"""What the team agreed on about the sources: who commits, who reads the clock, how long a file may be."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("api", "cases", "cli", "geo", "kit", "mobile_contract", "people", "vault", "web", "workers")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
MOST_LINES = 300
VAGUE = {"utils", "helpers", "common", "manager", "base", "service"}


def places(pattern: str) -> set[str]:
    found = re.compile(pattern)
    return {str(path.relative_to(ROOT)) for path in SOURCES if found.search(path.read_text(encoding="utf-8"))}


def test_only_one_place_commits():
    assert places(r"\.commit\(") == {"kit/db.py"}
    assert places(r"execute\(\"commit") == {"kit/lanes.py"}  # on the event loop; kit/batch.py commits by itself


def test_only_the_machine_writes_a_state_of_a_case_task_report_or_exposure():
    written = places(r"\b(case|task|report|exposure)\.state(, [^=\n]*)? = ")
    assert written == set()
    assert places(r"\.values\([^)]*\bstate=") == set()
    assert places(r"thing\.state = ") == {"cases/lifecycle/machine.py"}


def test_only_the_clock_reads_the_clock():
    assert places(r"datetime\.now\(|date\.today\(|utcnow\(") == {"kit/clock.py"}


def test_the_srid_is_written_once():
    assert "geo/points.py" in places(r"^SRID = 4326|\nSRID = 4326")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_stays_small_and_says_what_it_is_for(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MOST_LINES
    assert text.lstrip().startswith('"""')


def test_no_module_has_a_name_that_says_nothing():
    vague = {str(path.relative_to(ROOT)) for path in SOURCES if path.stem in VAGUE}
    assert vague == {"mobile_contract/v1/base.py"}


def test_the_locks_hold_no_address():
    for name in ("requirements.lock", "requirements-test.lock", "requirements-node.lock"):
        assert not re.search(r"https?://|index-url", (ROOT / name).read_text(encoding="utf-8"))


def test_every_source_is_free_of_unfinished_marks():
    assert places("|".join(["TO" + "DO", "FIX" + "ME", "Not" + "ImplementedError"])) == set()
