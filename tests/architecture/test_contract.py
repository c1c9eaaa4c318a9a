"""The contract on disk is the contract in the code, breaks no app, and its codes are the codes that are raised."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

from api.app import create_app
from kit.clock import now
from mobile_contract.build import ALLOWED, BASELINE, OPENAPI, stale
from mobile_contract.compat import breaking_changes, not_allowed, read_allowed
from mobile_contract.errors import PROBLEMS

ROOT = Path(__file__).parents[2]
SPEAKERS = ("api", "cases", "people", "geo", "kit")
"""Where refusals are raised or told."""


def test_the_generated_files_are_fresh():
    """Else run `./jz contract build` and commit."""
    assert [path.name for path in stale(create_app().openapi())] == []


def test_no_app_that_is_out_there_breaks():
    """Else see mobile_contract/POLICY.md."""
    old, new, allowed = (json.loads(path.read_text(encoding="utf-8")) for path in (BASELINE, OPENAPI, ALLOWED))

    assert not_allowed(breaking_changes(old, new), read_allowed(allowed), today=now().date()) == []


def test_every_listed_code_is_told_somewhere():
    said = {text for path in sources(*SPEAKERS, "mobile_contract/v1") for text in strings(path)}

    assert sorted(set(PROBLEMS) - said) == []


def test_every_code_that_is_raised_in_the_contracts_words_is_listed():
    """A refusal named like those only phones hear (`photo.…`), or raised where reports come in, is one of ours."""
    ours = {"photo", "tracking", "answer", "sync", "intake", "time"}
    raised = {code: path for path in sources(*SPEAKERS) for code in codes(path)}
    unlisted = {
        code: path.relative_to(ROOT).as_posix()
        for code, path in raised.items()
        if code not in PROBLEMS and (code.split(".")[0] in ours or "intake" in path.parts)
    }

    assert unlisted == {}


def codes(path: Path) -> Iterator[str]:
    """What stands in `code = "…"` of the classes of a file: how a Refusal is named (kit/errors.py)."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef):
            for line in node.body:
                if isinstance(line, ast.Assign) and [getattr(t, "id", "") for t in line.targets] == ["code"]:
                    yield ast.literal_eval(line.value)


def sources(*packages: str) -> Iterator[Path]:
    for package in packages:
        yield from (path for path in (ROOT / package).rglob("*.py") if path.name != "operations.py")


def strings(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
