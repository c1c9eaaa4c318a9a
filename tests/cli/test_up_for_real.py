"""The real processes under the real supervisor: `up` in a checkout of its own, until `/readyz` answers."""

import json
import os
import signal
import time
import urllib.request
from pathlib import Path

import pytest

from cli import running
from cli.keys import OWNER_PASSWORD, secrets_of
from tests.installation import Installation


@pytest.fixture
def it(tmp_path):
    """A checkout of its own, with nothing in `.local/`."""
    made = Installation(tmp_path / "it")
    yield made
    made.down()


def get(it, path):
    with urllib.request.urlopen(it.url + path, timeout=10) as answer:  # noqa: S310 - it is our own address
        return answer.status, answer.read()


def test_up_runs_the_whole_system_with_the_demo_district(it):
    said = it.up()

    assert get(it, "/readyz")[0] == 200
    assert len(json.loads(get(it, "/m/v1/towns")[1])["items"]) >= 10
    accounts = it.jz("demo-accounts").stdout.strip()
    assert accounts
    assert accounts in said
    for name in ("relay", "beat", "worker", "vault"):
        assert it.jz("alive", name).returncode == 0, name

    # The private key and the owner's password are in the environment of no process, the vault's password and folder in
    # the vault's alone.
    folder = it.places.local / "vault"
    private, password = ((folder / name).read_text() for name in ("private.key", "password"))
    owner = secrets_of(it.places)[OWNER_PASSWORD]
    processes = running.read_state(it.places).processes
    for name, started in processes.items():
        given = Path(f"/proc/{started.pid}/environ").read_bytes()
        assert private.encode() not in given
        assert (password.encode() in given) is (name == "vault")
        assert (b"JZ_VAULT_KEYS" in given) is (name == "vault")
        assert owner.encode() not in given, name

    # Reports come in and everything is ready without the vault; it is started again.
    os.kill(processes["vault"].pid, signal.SIGKILL)
    assert get(it, "/readyz")[0] == 200
    deadline = time.monotonic() + 30
    while it.jz("alive", "vault").returncode != 0:
        assert time.monotonic() < deadline
    rotated = it.jz("rotate-vault-key")
    assert rotated.returncode == 0, rotated.stderr
    assert sorted(path.name for path in folder.iterdir()) == ["password", "private-2.key", "private.key"]

    os.kill(processes["redis"].pid, signal.SIGKILL)
    deadline = time.monotonic() + 30
    while it.jz("status").returncode != 0:
        assert time.monotonic() < deadline
    assert it.jz("down").stdout == "jz: stopped.\n"
    for started in processes.values():
        assert not running.identity(started.pid)
