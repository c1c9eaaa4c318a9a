"""What the documents say of this repository is so: their links lead somewhere, their commands exist."""

import json
import re
from pathlib import Path

import pytest

from cli.app import COMMANDS
from mobile_contract.v1.report import ReportIn

ROOT = Path(__file__).resolve().parents[2]
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
DOCUMENTS = (*READMES, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md")))


def named(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_links_lead_somewhere(document):
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text(encoding="utf-8"))

    assert [target for target in targets if not (document.parent / target).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_commands_exist(document):
    said = set(re.findall(r"\./jz ([a-z][a-z-]*)", document.read_text(encoding="utf-8")))

    assert said <= {*COMMANDS, "help"}


@pytest.mark.parametrize("readme", READMES, ids=named)
def test_the_report_of_the_readme_is_one_that_the_contract_takes(readme):
    body = re.search(r"reports -H \"\$J\" -d '(.*?)' \|", readme.read_text(encoding="utf-8"), re.DOTALL)[1]
    given = {"$REPORT": "6f1d3c52-4c5e-4b0f-9d0e-0a6f3f6f2b11", "$NOW": "2026-11-24T02:00:00Z", "$N": "2026-11"}
    for name, value in given.items():
        body = body.replace(f"'{name}'", value)

    assert ReportIn.model_validate_json(json.dumps(json.loads(body))).category == "FIR-01"


def test_both_readmes_show_the_same_journey():
    calls = re.compile(r"^CODE=.*|^T=\$\(curl \S+ \S+|^curl[^#\n]*[^#\s]", re.MULTILINE)
    english, chinese = (calls.findall(readme.read_text(encoding="utf-8")) for readme in READMES)

    assert english == chinese


def test_decisions_are_numbered_without_a_gap():
    numbers = [int(path.name[:4]) for path in sorted((ROOT / "docs" / "adr").glob("*.md"))]

    assert numbers == list(range(1, len(numbers) + 1))
