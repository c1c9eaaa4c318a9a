"""Every refusal that the API can meet is told in both languages, with one status, and names what is at fault."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from pathlib import Path

import pytest

from api.errors import STATUSES, TOLD_AS
from api.problems import (
    TITLES,
    aftercare,
    cases,
    desk,
    enforcement,
    everywhere,
    lists,
    papers,
    public,
    rewards,
    staff,
    supervision,
    vault,
)
from kit.errors import Invalid, Refusal
from mobile_contract.errors import PROBLEMS

ROOT = Path(__file__).parents[2]
PARTS = (everywhere, lists, staff, desk, cases, enforcement, papers, supervision, aftercare, rewards, public, vault)
DOMAIN = ("api", "cases", "people")
WALK = """
import json, api.app, kit.errors as e
def below(kind):
    for sub in kind.__subclasses__():
        yield sub
        yield from below(sub)
families = [k for k in vars(e).values() if isinstance(k, type) and k.__module__ == e.__name__]
def row(kind):
    family = next(base.__name__ for base in kind.__mro__ if base in families)
    return [kind.__module__, kind.__name__, kind.code, family, kind.pointer]
print(json.dumps([row(kind) for kind in {e.Refusal, *below(e.Refusal)}]))
"""


@lru_cache(maxsize=1)
def loaded() -> list[tuple[str, str, str, str, str | None]]:
    """Every refusal of a process that serves the API alone: module, name, code, family, pointer."""
    told = subprocess.run([sys.executable, "-c", WALK], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    rows = json.loads(told.splitlines()[-1])
    return [(module, name, TOLD_AS.get(code, code), family, pointer) for module, name, code, family, pointer in rows]


def test_every_refusal_has_its_titles():
    untold = {code: f"{module}.{name}" for module, name, code, _family, _pointer in loaded()
              if code not in PROBLEMS and code not in TITLES}  # fmt: skip

    assert untold == {}


def test_no_title_is_for_nothing_and_none_is_said_twice():
    codes = {code for _module, _name, code, _family, _pointer in loaded()}

    assert sorted(set(TITLES) - codes) == []
    assert sorted(set(TITLES) & set(PROBLEMS)) == []
    assert len(TITLES) == sum(len(part.TITLES) for part in PARTS)


@pytest.mark.parametrize("code", sorted(TITLES))
def test_a_title_speaks_both_languages(code):
    zh, en = TITLES[code]

    assert re.fullmatch(r"[a-z]+([._][a-z]+)*", code)
    assert re.search(r"[\u4e00-\u9fff]", zh)
    assert re.fullmatch(r"[A-Z][ -~]+[^.]", en)


def test_a_code_has_one_status():
    """Else whoever decides on a code would have to look at the number, too."""
    statuses = {kind.__name__: status for kind, status in STATUSES.items()}
    seen: dict[str, set[int]] = {}
    for _module, _name, code, family, _pointer in loaded():
        if family != Refusal.__name__:
            seen.setdefault(code, set()).add(statuses[family])

    assert {code: found for code, found in seen.items() if len(found) > 1} == {}


def test_what_is_invalid_names_the_field_or_what_is_missing():
    """A class may name its field once for all; else each place that raises it says `pointer` or `missing`."""
    nameless = {name for _module, name, code, family, pointer in loaded()
                if family == Invalid.__name__ and pointer is None and code not in PROBLEMS}  # fmt: skip
    nameless |= {Invalid.__name__}
    silent = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in chain.from_iterable((ROOT / package).rglob("*.py") for package in DOMAIN)
        for node, name, told in raised(path)
        if name in nameless and not told & {"pointer", "missing"}
    ]

    assert silent == []


def raised(path: Path) -> Iterator[tuple[ast.Raise, str, set[str]]]:
    """Each `raise` of a file: what is raised, and which keywords it is given."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Raise) and node.exc is not None:
            call = node.exc if isinstance(node.exc, ast.Call) else None
            kind = call.func if call else node.exc
            name = kind.attr if isinstance(kind, ast.Attribute) else getattr(kind, "id", "")
            yield node, name, {word.arg or "" for word in call.keywords} if call else set()
