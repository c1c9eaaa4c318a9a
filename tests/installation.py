"""A whole installation as `./jz up` runs it, in a checkout of its own: started, looked at, asked, ended."""

import compileall
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from cli import running
from cli.environment import DATABASE, installation
from cli.keys import secrets_of
from cli.places import Places
from cli.postgres import Cluster
from kit.settings import Settings
from kit.storage import Store
from kit.storage.files import FileStore

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("api", "cases", "cli", "geo", "kit", "migrations", "mobile_contract", "people", "vault", "web", "workers")
PATIENCE_S = 300


class Installation:
    """The processes of one checkout, on a port, sockets and folders of its own."""

    def __init__(self, folder: Path) -> None:
        _compile()
        for package in PACKAGES:
            shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("node_modules"))
        self.places = Places(folder)
        self.port = free_port()

    def jz(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """One command, to its end; `more` is said to it as settings."""
        names = {field.alias for field in Settings.model_fields.values()}
        kept = {name: value for name, value in os.environ.items() if name not in names}
        told = {"PYTHONPATH": str(self.places.root), "JZ_PORT": str(self.port), **more}
        return subprocess.run(
            [sys.executable, "-P", "-m", "cli", *arguments], env={**kept, **told}, cwd=self.places.root,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE_S, check=False,
        )  # fmt: skip

    def up(self) -> str:
        """Start it, or start it again after its supervisor was killed; what it said."""
        done = self.jz("up", "--detach")
        assert done.returncode == 0, done.stdout + done.stderr + self.last_words()
        return done.stdout

    def down(self) -> None:
        """Stop it, whatever runs."""
        self.jz("down")

    def post(self, path: str, body: Any, kind: str = "application/json") -> Any:
        """The JSON that it answers to something that was sent. Raises HTTPError."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        asked = urllib.request.Request(self.url + path, content, {"Content-Type": kind}, method="POST")  # noqa: S310
        with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310 - it is our own address
            return json.loads(answer.read())

    def last_words(self) -> str:
        """The end of every log, for whoever reads a failed test."""
        logs = sorted(self.places.log.glob("*.log"))
        return "".join(f"\n== {log.name}\n{log.read_text(errors='replace')[-1500:]}" for log in logs)

    def pid(self, name: str) -> int | None:
        """The process of that name, while it lives; "supervisor" is the one that looks after all."""
        state = running.read_state(self.places)
        if state is None:
            return None
        if name == "supervisor":
            return state.pid if running.is_running(self.places) else None
        found = state.processes.get(name)
        return found.pid if found and running.identity(found.pid) == found.identity else None

    def secret(self) -> str:
        """The secret that everything of it is derived from."""
        return secrets_of(self.places)["JZ_SECRET_KEY"]

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def redis(self) -> Path:
        """The socket of its Redis."""
        return self.places.sockets / "redis.sock"

    @property
    def cluster(self) -> Cluster:
        """Its PostgreSQL."""
        found = installation(self.places, {}).postgres
        assert found is not None
        return found

    @property
    def store(self) -> Store:
        """Its files."""
        return FileStore(self.places.storage)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A look at its database as of one moment, by its owner. Nothing that is done in it stays."""
        engine = create_engine(self.cluster.url(DATABASE), isolation_level="REPEATABLE READ")
        try:
            with Session(engine) as session:
                yield session
                session.rollback()
        finally:
            engine.dispose()


@cache
def _compile() -> None:
    """What every process of every checkout would have to compile, as the image does it (Dockerfile).

    They start together, so that each would do it for itself.
    """
    for package in PACKAGES:
        compileall.compile_dir(ROOT / package, quiet=2, optimize=[0, 2])


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(condition, seconds: float) -> bool:
    """Whether it came true before patience ended."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.5)
    return True
