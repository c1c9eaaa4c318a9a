"""X48: whatever process a library speaks in, none of its words get out (security.md 3.1.5)."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cli.notice import Notice
from kit.logs import ALLOWED
from vault.keyring import Keyring

ROOT = Path(__file__).resolve().parents[2]
SECRET = "卡纳丽 13912345678"
BELATED_S = 60
# What libraries do in a process that is really running: they log, warn, and log where nobody has set anything up.
PROCESS = """
import logging, os, threading, warnings
from celery.signals import worker_process_init
from cli.{module} import {name}

def speak(who, **_):
    try:
        raise ValueError({secret!r})
    except ValueError:
        logging.getLogger("celery.task").exception("Task failed: %s", {secret!r})
    warnings.warn({secret!r})
    alone = logging.getLogger("passes.nothing.on")
    alone.propagate = False
    alone.error({secret!r})
    logging.getLogger(who).critical({secret!r})

def when_asked():
    os.read(0, 1)
    speak("a.library")

def in_a_child(**_):
    speak("in.a.child")

worker_process_init.connect(in_a_child)
threading.Thread(target=when_asked, daemon=True).start()
{name}()
"""
SAID = {"celery.task", "py.warnings", "passes.nothing.on"}


@pytest.mark.parametrize(
    ("module", "name", "ends_with"),
    [
        ("worker", "worker", {"a.library", "in.a.child"}), ("worker", "relay", {"a.library"}),
        ("worker", "beat", {"a.library"}), ("vault", "vault", {"a.library"}),
    ],
)  # fmt: skip
def test_what_a_library_says_in_a_process_is_told_without_its_words(committing, tmp_path, module, name, ends_with):
    keyring = Keyring(tmp_path / "keys")
    keyring.folder.mkdir(mode=0o700)
    keyring.add(1)
    notice, log = Notice(tmp_path / "notice"), tmp_path / "log"
    more = {"PYTHONPATH": str(ROOT), "JZ_VAULT_KEYS": str(keyring.folder), "JZ_WORKER_PROCESSES": "1"}
    script = PROCESS.format(module=module, name=name, secret=SECRET)
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-P", "-c", script], env={**os.environ, **more, **notice.environment}, cwd=tmp_path,
            stdin=subprocess.PIPE, stdout=out, stderr=out,
        )  # fmt: skip
    try:
        _until(notice.has_come, process)
        process.stdin.write(b"now\n")
        process.stdin.close()
        _until(lambda: ends_with <= {line.get("process") for line in _lines(log)}, process)
    finally:
        process.terminate()
        assert process.wait(timeout=BELATED_S) == 0
    lines = _lines(log)
    assert {line.get("process") for line in lines} >= SAID
    assert all(line.keys() <= ALLOWED for line in lines)
    assert not any(part in log.read_text() for part in SECRET.split())


def _lines(log):
    """Everything that was logged; Celery's banner and its farewell are printed."""
    return [
        json.loads(line) for line in log.read_text().splitlines(keepends=True) if line[0] == "{" and line[-1] == "\n"
    ]


def _until(so, process):
    deadline = time.monotonic() + BELATED_S
    while not so():
        assert process.poll() is None, "it ended"
        assert time.monotonic() < deadline
        time.sleep(0.05)
