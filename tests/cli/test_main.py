"""A reason to stop is one sentence and status 1 for every command, never a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kit.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
NOBODY = "127.0.0.1:1"
AWAY = {
    "DATABASE_URL": f"postgresql://u:hidden@{NOBODY}/x", "REDIS_URL": f"redis://{NOBODY}", "STORAGE_URL": "file:///nowhere",
    "JZ_SECRET_KEY": "k" * 40, "JZ_VAULT_PUBLIC_KEY": "0" * 64, "JZ_PORT": "1",
}  # fmt: skip


def jz(*arguments, **said):
    """Run a command where only `said` is said, and give its last words; they must be its only ones on stderr."""
    ours = {field.alias for field in Settings.model_fields.values()}
    plain = {name: value for name, value in os.environ.items() if name not in ours}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "cli", *arguments],
        env={**plain, "PYTHONPATH": str(ROOT), **said}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr


@pytest.mark.parametrize("command", ["demo-accounts", "seed-demo", "migrate", "serve"])
def test_a_bad_setting_is_named_and_not_repeated(command):
    told = jz(command, **{**AWAY, "JZ_SECRET_KEY": "hidden"})

    assert told.startswith("jz: JZ_SECRET_KEY is not usable")
    assert "hidden" not in told


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (["demo-accounts"], "jz: The database does not answer. ./jz status shows what runs here, ./jz up starts it.\n"),
        (
            ["alive", "relay"],
            "jz: The database does not answer. ./jz status shows what runs here, ./jz up starts it.\n",
        ),
        (["alive", "worker"], "jz: worker does not do its work.\n"),
        (["ready"], f"jz: The API at {NOBODY} is not ready.\n"),
    ],
)
def test_what_is_away_is_told(command, sentence):
    assert jz(*command, **AWAY) == sentence


def test_a_port_that_is_no_number_is_told_when_asked_for_readiness():
    assert jz("ready", **{**AWAY, "JZ_PORT": "eighty"}).startswith("jz: JZ_PORT is not usable")
