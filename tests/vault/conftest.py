"""A vault with keys of its own, on the spare database, and envelopes in it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from kit.db import VAULT, unit_of_work
from kit.settings import settings
from kit.wire import NobodyAnswers, ask
from people.models import SealedIdentity
from people.vault import HPKE_X25519, SealingKey, seal
from tests.make import NOW
from vault import rotation
from vault.keyring import Keyring

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def keyring(committing, tmp_path, monkeypatch) -> Keyring:
    """One key, which the settings name and the database knows."""
    made = Keyring(tmp_path / "keys")
    made.folder.mkdir(mode=0o700)
    monkeypatch.setenv("JZ_VAULT_PUBLIC_KEY", made.add(1).hex())
    settings.cache_clear()
    with unit_of_work(VAULT) as session:
        rotation.register(session, made, now=NOW)
    yield made
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def put(committing, keyring) -> Callable[[int], list[UUID]]:
    """Seal so many identities to the newest key."""

    def _put(count: int) -> list[UUID]:
        with committing() as session:
            key = rotation.current(session)
            ids = [uuid4() for _ in range(count)]
            session.add_all(sealed(key, each) for each in ids)
        return ids

    return _put


def sealed(key: SealingKey, report_id: UUID) -> SealedIdentity:
    return SealedIdentity(
        report_id=report_id, key_id=key.id, alg=HPKE_X25519, envelope=seal(key, report_id, identity(report_id)),
        created_on=NOW.date(),
    )  # fmt: skip


def identity(report_id: UUID) -> dict[str, str]:
    return {"name": "王某", "phone": f"138{report_id.int % 10**8:08}"}


@pytest.fixture
def start(committing, keyring, tmp_path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Start the real vault on these keys; whatever still runs afterwards is ended."""
    started = []

    def _start() -> subprocess.Popen[bytes]:
        socket = settings().vault_socket
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "cli", "vault"],
            env={**os.environ, "PYTHONPATH": str(ROOT), "JZ_VAULT_KEYS": str(keyring.folder)},
            cwd=tmp_path,
        )
        started.append(process)
        deadline = time.monotonic() + 30
        while not answers(socket):
            assert process.poll() is None, "it ended"
            assert time.monotonic() < deadline
            time.sleep(0.05)
        return process

    yield _start
    for process in started:
        process.kill()
        process.wait()


def answers(socket: str) -> bool:
    try:
        return bool(ask(socket, {"ask": "alive"}, timeout_s=1)["keys"])
    except NobodyAnswers:
        return False
