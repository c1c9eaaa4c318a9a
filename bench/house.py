"""A house of its own for the bench: a durable PostgreSQL on disk, Redis, nginx and the real API, all ended after it."""

import http.client
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from bench import front, null_apps
from cli import account, installation, postgres, redis
from cli.environment import is_ours
from cli.places import Places, private_folder
from cli.processes import NO_DOCSTRINGS
from cli.refusal import CannotGoOn
from kit.settings import settings

DATABASE = "jz_bench"
HOST = "127.0.0.1"
READY_S = 60
_NGINX = """
daemon off; master_process off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log crit;
events {{ worker_connections 256; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; open_file_cache max=8; etag on;
  types {{ application/atom+xml atom; }}
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{ listen {host}:{port}; root {folder}/static; }}
}}
"""


@dataclass(frozen=True)
class Server:
    """A running server: its process and where it answers."""

    pid: int
    port: int

    def url(self, path: str) -> str:
        """The address of a path on it."""
        return f"http://{HOST}:{self.port}{path}"

    def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
        """Status, headers in lower case, and body of one GET."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=10)
        try:
            connection.request("GET", path, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()


@dataclass(frozen=True)
class House:
    """The servers, and how long to measure: `repeats` runs of `seconds` each, of which the medians count."""

    cluster: postgres.Cluster
    postgres_pid: int
    postgres_log: Path
    folder: Path
    seconds: float
    repeats: int
    quick: bool

    @property
    def static(self) -> Path:
        """The folder that nginx serves."""
        return private_folder(self.folder / "static")

    @property
    def photos(self) -> Path:
        """Where the raw application writes."""
        return private_folder(self.folder / "raw-photos")

    @property
    def storage(self) -> Path:
        """Where the API stores photos."""
        return private_folder(self.folder / "storage")

    @contextmanager
    def api(self) -> Iterator[Server]:
        """The real API, one process, ready."""
        port = _free_port()
        command = [sys.executable, "-P", "-m", "cli", "serve"]
        with _running("api", command, self.folder, port, {"JZ_PORT": str(port), **NO_DOCSTRINGS}) as server:
            _wait(server, "/readyz")
            yield server

    @contextmanager
    def null(self, name: str) -> Iterator[Server]:
        """One of `bench.null_apps`, under the same server as the API."""
        port = _free_port()
        command = [
            sys.executable,
            "-P",
            "-m",
            "uvicorn",
            f"bench.null_apps:{name}",
            "--host",
            HOST,
            "--port",
            str(port),
        ]
        command += ["--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning"]
        with _running(f"null-{name}", command, self.folder, port, {null_apps.FOLDER: str(self.photos)}) as server:
            yield server

    @contextmanager
    def nginx(self) -> Iterator[Server]:
        """A static server, nginx with one worker, for the folder `static`."""
        port = _free_port()
        with self._nginx("nginx", _NGINX.format(folder=self.folder, host=HOST, port=port), port) as server:
            yield server

    @contextmanager
    def front(self, api: Server) -> Iterator[Server]:
        """The shipped nginx configuration in front of the API."""
        port = _free_port()
        text = front.configuration(
            self.folder, listen=f"{HOST}:{port}", door=f"{HOST}:{_free_port()}", api=f"{HOST}:{api.port}"
        )
        with self._nginx("front", text, port) as server:
            yield server

    @contextmanager
    def _nginx(self, name: str, text: str, port: int) -> Iterator[Server]:
        program = shutil.which("nginx") or "/usr/sbin/nginx"
        configuration = self.folder / f"{name}.conf"
        configuration.write_text(text, encoding="utf-8")
        with _running(name, [program, "-c", str(configuration)], self.folder, port, {}) as server:
            yield server

    @property
    def pgbench(self) -> Path:
        """The program beside the server that runs."""
        return self.cluster.installation.bin / "pgbench"


@contextmanager
def open_house(places: Places, *, seconds: float, repeats: int, quick: bool) -> Iterator[House]:
    """PostgreSQL and Redis of the bench's own, with this process's settings pointing at them."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="jz-bench-", dir=_disk(places))))
        run = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="jz-")))
        cluster = _cluster(folder, run)
        log = folder / "postgres.log"
        stack.enter_context(postgres.running(cluster, log))
        broker = redis.Redis(redis.find_program(places.local / "bin"), folder, run)
        stack.enter_context(redis.running(broker, folder / "redis.log"))
        cluster.ensure_database(DATABASE)
        house = House(cluster, _pid(cluster), log, folder, seconds, repeats, quick)
        stack.enter_context(_settings(house, broker.url))
        yield house


@contextmanager
def _settings(house: House, broker: str) -> Iterator[None]:
    """This process and what it starts see the bench's own installation, and no setting of a real one."""
    before = dict(os.environ)
    for name in [name for name in os.environ if is_ours(name)]:
        del os.environ[name]
    os.environ |= {
        "DATABASE_URL": house.cluster.url(DATABASE),
        "REDIS_URL": broker,
        "STORAGE_URL": house.storage.as_uri(),
        "JZ_SCRATCH": str(private_folder(house.folder / "scratch")),
        "JZ_SECRET_KEY": secrets.token_hex(32),
        "JZ_VAULT_PUBLIC_KEY": X25519PrivateKey.generate().public_key().public_bytes_raw().hex(),
        "PYTHONPATH": str(Places().root),
    }
    settings.cache_clear()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        settings.cache_clear()


def _disk(places: Places) -> Path:
    """A real disk, for fsync is part of the figure. Where root runs this, PostgreSQL may have to be another user."""
    return Path("/var/tmp") if os.getuid() == 0 else private_folder(places.local / "bench")  # noqa: S108 - private in it


def _cluster(folder: Path, run: Path) -> postgres.Cluster:
    """A durable cluster like that of `./jz up`, with the same settings."""
    elsewhere = Path("/var/tmp") / f"jingzhong-bench-{secrets.token_hex(4)}"  # noqa: S108 - the name is not to be guessed
    who, data = account.for_data(folder / "data", elsewhere)
    if who.owner:
        folder.chmod(0o711)
        run.chmod(0o711)
        data, run = folder / "postgres" / "data", run / "postgres"
    return postgres.Cluster(installation.find(), data, run, secrets.token_hex(16), who)


def _pid(cluster: postgres.Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().splitlines()[0])


@contextmanager
def _running(name: str, command: Sequence[str], folder: Path, port: int, more: dict[str, str]) -> Iterator[Server]:
    """A server of ours while the block lasts, once it takes connections."""
    log = folder / f"{name}.log"
    with log.open("ab") as sink:
        process = subprocess.Popen(
            command, stdout=sink, stderr=sink, stdin=subprocess.DEVNULL, start_new_session=True,
            env={**os.environ, **more},
        )  # fmt: skip
    try:
        _listening(process, name, port, log)
        yield Server(process.pid, port)
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _listening(process: "subprocess.Popen[bytes]", name: str, port: int, log: Path) -> None:
    deadline = time.monotonic() + READY_S
    while True:
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError as refused:
            if process.poll() is not None or time.monotonic() > deadline:
                said = log.read_text(errors="replace").strip()[-500:]
                raise CannotGoOn(f"{name} did not start: {said or 'no reason given'}") from refused
            time.sleep(0.05)
        else:
            return


def _wait(server: Server, path: str) -> None:
    deadline = time.monotonic() + READY_S
    while server.get(path)[0] != http.client.OK:
        if time.monotonic() > deadline:
            raise CannotGoOn(f"The API is not ready: {server.get(path)[2].decode(errors='replace')}")
        time.sleep(0.2)


def _free_port() -> int:
    with socket.socket() as wire:
        wire.bind((HOST, 0))
        return int(wire.getsockname()[1])
