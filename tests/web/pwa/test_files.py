"""The app's files: small, one shell under one hash, both languages whole, and typed by the contract they speak."""

import gzip
import json
import re
import shutil
from pathlib import Path

import pytest

from tests.node import ROOT, tsc, typed_contract
from web import citizen_app

FOLDER = citizen_app.FOLDER
SHELL_BYTES = 60_000
MOST_LINES = 300


def test_the_shell_is_at_most_sixty_kilobytes(client):
    sent = [client.get(path) for path in [*citizen_app.shell(), "/app/sw.js"]]

    assert {answer.status_code for answer in sent} == {200}
    assert sum(len(gzip.compress(answer.content, 6)) for answer in sent) <= SHELL_BYTES


def test_the_worker_names_a_shell_that_changes_with_any_file(client, monkeypatch):
    told = client.get("/app/sw.js").text
    assert f'const SHELL = {{ version: "{citizen_app.version()}"' in told
    assert f'from "./{citizen_app.version()}/send.mjs"' in told

    monkeypatch.setitem(citizen_app.FILES, "send.mjs", "// another")
    citizen_app.version.cache_clear()
    another = client.get("/app/sw.js").text
    citizen_app.version.cache_clear()
    assert another.splitlines()[0] != told.splitlines()[0]


def test_the_page_has_a_policy_without_inline_and_files_are_kept_by_their_version_only(client):
    page = client.get("/app/")
    policy = page.headers["content-security-policy"]
    module = re.search(r'src="(/app/[0-9a-f]{12}/app\.mjs)"', page.text)[1]

    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "immutable" in client.get(module).headers["cache-control"]
    assert client.get("/app/000000000000/app.mjs").headers["cache-control"] == "no-cache"
    assert client.get("/app", follow_redirects=False).headers["location"] == "/app/"
    assert client.get("/app/manifest.webmanifest").json()["start_url"] == "/app/"
    for stray in ("/app/000000000000/sw.js", "/app/000000000000/..%2Fapp.py", "/app/000000000000/none.mjs"):
        assert client.get(stray).status_code == 404


def rows(language):
    text = (FOLDER / f"words.{language}.mjs").read_text(encoding="utf-8")
    return dict(re.findall(r'^  (\w+): "(.*)",$', text, re.MULTILINE))


def test_both_languages_have_the_same_names_and_places_and_none_is_missing_or_left_over():
    zh, en = rows("zh"), rows("en")
    used = {
        name
        for path in FOLDER.glob("*.mjs")
        if not path.name.startswith("words.")
        for name in re.findall(r"[a-z]+(?:_[a-z0-9]+)+|\bapp\b|\b[a-z]+\b", path.read_text(encoding="utf-8"))
    }
    made = re.compile("^(danger|missing|mine|sender|satisfied|acts|contact)_")

    assert zh.keys() == en.keys()
    assert {name for name in zh if name not in used and not made.match(name)} == set()
    for name in zh:
        assert sorted(re.findall(r"\{\d\}", zh[name])) == sorted(re.findall(r"\{\d\}", en[name])), name


@pytest.mark.parametrize("path", sorted(FOLDER.iterdir()), ids=lambda path: path.name)
def test_a_file_stays_small_says_what_it_is_for_and_asks_nobody_outside(path):
    text = path.read_text(encoding="utf-8")

    assert len(text.splitlines()) <= MOST_LINES
    if path.suffix == ".mjs":
        assert text.startswith("/** ")
    assert set(re.findall(r"https?://[^\"'`\s)]+", text)) <= {"http://www.w3.org/2000/svg"}


def test_the_modules_are_typed_by_the_contract(tmp_path: Path):
    """`tsc --checkJs` over the modules, with the types that openapi-typescript makes of openapi.json."""
    for path in FOLDER.glob("*.mjs"):
        shutil.copy(path, tmp_path)
    typed_contract(ROOT / "mobile_contract" / "v1" / "openapi.json", tmp_path / "contract.d.ts")
    rules = {
        "target": "ES2022", "module": "ESNext", "moduleResolution": "bundler", "lib": ["ES2023", "DOM", "DOM.Iterable"],
        "allowJs": True, "checkJs": True, "noEmit": True, "strict": True, "skipLibCheck": True, "types": [],
    }  # fmt: skip
    (tmp_path / "tsconfig.json").write_text(json.dumps({"compilerOptions": rules, "include": ["*.mjs"]}))

    tsc(tmp_path)
