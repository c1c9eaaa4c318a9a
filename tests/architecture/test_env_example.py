"""`.env.example` documents every setting, and nothing that is none."""

import re
from pathlib import Path

from dotenv import dotenv_values

from kit.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = (ROOT / ".env.example").read_text()
SETTINGS = {field.alias for field in Settings.model_fields.values()}
ONLY_FOR_COMPOSE = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text())) - SETTINGS


def entries():
    """Each documented name with the comment above it."""
    reason = []
    for line in EXAMPLE.splitlines():
        entry = re.match(r"#?([A-Z_]+)=(.*)", line)
        if entry:
            yield entry[1], entry[2], " ".join(reason)
        elif line.startswith("# ") and not line.startswith("# ---"):
            reason.append(line[2:])
        else:
            reason = []


def test_every_setting_is_documented_and_every_documented_name_is_a_setting():
    assert {name for name, _, _ in entries()} == SETTINGS | ONLY_FOR_COMPOSE


def test_every_entry_has_a_reason():
    for name, _, reason in entries():
        assert len(reason) > 30, name


def test_copied_as_it_is_it_changes_nothing():
    assert dotenv_values(ROOT / ".env.example") == {}


def test_defaults_shown_are_the_real_defaults():
    shown = {name: value for name, value, _ in entries()}
    for name in ("JZ_HOST", "JZ_PORT", "JZ_METRICS_PORT", "JZ_LOG_LEVEL", "JZ_API_PROCESSES", "JZ_WORKER_PROCESSES"):
        field = next(field for field in Settings.model_fields.values() if field.alias == name)
        assert shown[name] == str(field.default), name


def test_no_secret_stands_in_it():
    for name, value, _ in entries():
        if name.endswith(("_KEY", "_PASSWORD")):
            assert value == "", name
