"""X32: what a district may change is what the system goes by: no row of policy that nothing reads."""

import ast
from pathlib import Path

import pytest

from cases.models.policy import CategoryVersion, PolicyValue
from cases.policy import defaults

ROOT = Path(__file__).parents[2]
READERS = ("api", "cases", "cli", "people", "web", "workers")
TABLES = ROOT / "cases" / "models" / "policy.py"  # its list of safety clocks names limits, and reads none


def _said(path):
    """Every text in a source that is no docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            node.value.value = None
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@pytest.fixture(scope="module")
def read():
    paths = (path for folder in READERS for path in (ROOT / folder).rglob("*.py") if path != TABLES)
    return {word for path in paths for word in _said(path)}


def test_x32_every_value_that_is_shipped_is_read(read):
    keys = {row["key"] for row in defaults.shipped_rows()[PolicyValue]}
    assert {key for key in keys if key not in read and key.partition(".")[0] not in read} == set()


def test_x32_every_limit_that_is_shipped_is_read(read):
    clocks = {row["clock"] for row in defaults.shipped_limits()}
    clocks |= {clock for row in defaults.shipped_rows()[CategoryVersion] for clock in row.get("more_limits", {})}
    assert clocks <= read
