"""The real processes under the real supervisor: `up` in a checkout of its own, until `/readyz` answers."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from cli import running
from cli.keys import OWNER_PASSWORD, secrets_of
from cli.places import Places
from kit.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("api", "cases", "cli", "geo", "kit", "migrations", "mobile_contract", "people", "vault", "web", "workers")


@pytest.fixture
def checkout(tmp_path):
    """A checkout of its own, with nothing in `.local/`."""
    for package in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__", "node_modules")
        shutil.copytree(ROOT / package, tmp_path / "it" / package, ignore=ignored)
    yield tmp_path / "it"
    jz(tmp_path / "it", "down")


def jz(checkout, *arguments, port=1):
    names = {field.alias for field in Settings.model_fields.values()}
    kept = {name: value for name, value in os.environ.items() if name not in names}
    return subprocess.run(
        [sys.executable, "-P", "-m", "cli", *arguments],
        env={**kept, "PYTHONPATH": str(checkout), "JZ_PORT": str(port)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def get(port, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return answer.status, answer.read()


def test_up_runs_the_whole_system_with_the_demo_district(checkout):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    up = jz(checkout, "up", "--detach", port=port)

    assert up.returncode == 0, up.stderr
    assert get(port, "/readyz")[0] == 200
    assert len(json.loads(get(port, "/m/v1/towns")[1])["items"]) >= 10
    accounts = jz(checkout, "demo-accounts").stdout.strip()
    assert accounts
    assert accounts in up.stdout
    for name in ("relay", "beat", "worker", "vault"):
        assert jz(checkout, "alive", name).returncode == 0, name

    # The private key and the owner's password are in the environment of no process, the vault's password and folder in
    # the vault's alone.
    folder = checkout / ".local" / "vault"
    private, password = ((folder / name).read_text() for name in ("private.key", "password"))
    owner = secrets_of(Places(checkout))[OWNER_PASSWORD]
    processes = running.read_state(Places(checkout)).processes
    for name, started in processes.items():
        given = Path(f"/proc/{started.pid}/environ").read_bytes()
        assert private.encode() not in given
        assert (password.encode() in given) is (name == "vault")
        assert (b"JZ_VAULT_KEYS" in given) is (name == "vault")
        assert owner.encode() not in given, name

    # Reports come in and everything is ready without the vault; it is started again.
    os.kill(processes["vault"].pid, signal.SIGKILL)
    assert get(port, "/readyz")[0] == 200
    deadline = time.monotonic() + 30
    while jz(checkout, "alive", "vault").returncode != 0:
        assert time.monotonic() < deadline
    rotated = jz(checkout, "rotate-vault-key")
    assert rotated.returncode == 0, rotated.stderr
    assert sorted(path.name for path in folder.iterdir()) == ["password", "private-2.key", "private.key"]

    os.kill(processes["redis"].pid, signal.SIGKILL)
    deadline = time.monotonic() + 30
    while jz(checkout, "status", port=port).returncode != 0:
        assert time.monotonic() < deadline
    assert jz(checkout, "down").stdout == "jz: stopped.\n"
    for started in processes.values():
        assert not running.identity(started.pid)
