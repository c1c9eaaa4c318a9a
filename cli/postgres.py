"""A private PostgreSQL with PostGIS: found on the machine, made in a folder of ours, reached by a unix socket only."""

import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg

from cli.account import AS_I_AM, Account
from cli.installation import Installation
from cli.places import private_folder
from cli.refusal import CannotGoOn

OWNER = "jz_owner"
PORT = 5432  # only a part of the socket's name: nothing listens on a network
TURNED_AWAY = "password authentication failed"  # a cluster of ours speaks English: see initdb's locale
DURABLE: Mapping[str, str] = {"shared_buffers": "256MB", "max_connections": "100", "max_wal_size": "1GB"}
FOR_TESTS: Mapping[str, str] = {
    **DURABLE,
    "max_connections": "200",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


@dataclass(frozen=True)
class Cluster:
    """One cluster: `data` holds its files, `sockets` the socket, `password` is the owner's."""

    installation: Installation
    data: Path
    sockets: Path
    password: str
    account: Account = AS_I_AM
    configuration: Mapping[str, str] = field(default_factory=lambda: DURABLE)

    @property
    def exists(self) -> bool:
        """Whether the cluster has been made; one that was interrupted while being made does not count."""
        return (self.data / "PG_VERSION").exists()

    def create(self) -> None:
        """Make the cluster: UTF-8, passwords (scram-sha-256) even on its socket, one superuser. Takes seconds.

        It is made beside its place and moved there when whole, so that an interrupted attempt leaves nothing half done.
        Raises CannotGoOn with the reason, such as a full disk.
        """
        self._own(self.data.parent)
        unfinished = self.data.with_name(f"{self.data.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        pwfile = self.data.with_name(f"{self.data.name}.{secrets.token_hex(4)}")
        try:
            with open(os.open(pwfile, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as sink:  # noqa: PTH123
                sink.write(self.password)
            self._own(pwfile)
            self._initialise(unfinished, pwfile)
        finally:
            pwfile.unlink(missing_ok=True)
        unfinished.rename(self.data)

    def _initialise(self, data: Path, pwfile: Path) -> None:
        initdb = [*self.account.prefix, str(self.installation.bin / "initdb")]
        command = [*initdb, "-D", str(data), "-U", OWNER, "--pwfile", str(pwfile)]
        flags = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"]
        if self.configuration.get("fsync") == "off":
            flags.append("--no-sync")
        done = subprocess.run(
            [*command, *flags], capture_output=True, text=True, check=False, cwd="/", start_new_session=True
        )
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            shutil.rmtree(data, ignore_errors=True)
            raise CannotGoOn(f"The database could not be made in {data.parent}: {reason}.")

    def _own(self, path: Path) -> None:
        """Hand a file or folder to the account that PostgreSQL runs under."""
        if not path.exists():
            private_folder(path)
        if self.account.owner:
            shutil.chown(path, self.account.owner, self.account.owner)

    def command(self) -> list[str]:
        """The command that runs the server in the foreground; settings stand here, so a change needs no new data."""
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": f'"{self.sockets}"',
            "unix_socket_permissions": "0700",
            "port": str(PORT),
            "timezone": "UTC",
            "log_timezone": "UTC",
            **self.configuration,
        }
        flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [*self.account.prefix, str(self.installation.bin / "postgres"), "-D", str(self.data), *flags]

    def prepare_sockets(self) -> None:
        """Make the folder for the socket, and see to it that the server may write there."""
        self._own(self.sockets)

    def url(self, database: str) -> str:
        """The owner's address of a database, in SQLAlchemy's words."""
        where = urlencode({"host": str(self.sockets), "port": PORT})
        return f"postgresql+psycopg://{OWNER}:{quote(self.password, safe='')}@/{quote(database)}?{where}"

    def connect(self, database: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
        """A connection of the owner that commits by itself. Raises psycopg.OperationalError when nothing answers."""
        return psycopg.connect(
            host=str(self.sockets),
            port=PORT,
            user=OWNER,
            password=self.password,
            dbname=database,
            connect_timeout=5,
            autocommit=True,
        )

    def is_ready(self) -> bool:
        """Whether the server answers a question now. Raises CannotGoOn when it never will, to this password."""
        try:
            with self.connect() as connection:
                return connection.execute("select 1").fetchone() == (1,)
        except psycopg.OperationalError as failure:
            if TURNED_AWAY in str(failure):
                raise CannotGoOn(
                    f"The database in {self.data} was made with other secrets than those in .local/secrets. "
                    "Put back the secrets that belong to it (they are in the backup), or start anew: ./jz reset"
                ) from failure
            return False

    def ensure_database(self, name: str) -> None:
        """Make a database if there is none of that name. The server must be up."""
        with self.connect() as connection:
            if connection.execute("select 1 from pg_database where datname = %s", (name,)).fetchone() is None:
                connection.execute(f"create database \"{name}\" template template0 encoding 'UTF8'")


def stop_leftover(data: Path, *, seconds: float = 30) -> bool:
    """Stop a server that still runs on `data` after its supervisor was killed; False when there is none.

    The pid file names the process; that it really is this server is read from its command line, since pids are reused.
    """
    try:
        pid = int((data / "postmaster.pid").read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return False
    if not _serves(pid, data):
        _forget_stranger(pid, data)
        return False
    os.kill(pid, signal.SIGINT)
    deadline = time.monotonic() + seconds
    while _serves(pid, data) and time.monotonic() < deadline:
        time.sleep(0.05)
    return True


def _forget_stranger(pid: int, data: Path) -> None:
    """Remove a pid file whose number has become another process's since a crash: PostgreSQL would refuse to start.

    It stays if any process still stands in the data folder, as each one of a PostgreSQL does.
    """
    if Path(f"/proc/{pid}").exists() and not any(_stands_in(data, path) for path in Path("/proc").glob("[0-9]*/cwd")):
        (data / "postmaster.pid").unlink()


def _stands_in(data: Path, process: Path) -> bool:
    try:
        return process.samefile(data)
    except OSError:  # it has ended, or is of a user who could not enter the folder
        return False


def _serves(pid: int, data: Path) -> bool:
    try:
        return os.fsencode(data) in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False


@contextmanager
def running(cluster: Cluster, log: Path, *, seconds: float = 60) -> Iterator[Cluster]:
    """The cluster, made if need be, running while the block lasts. Raises CannotGoOn when it does not start."""
    if not cluster.exists:
        cluster.create()
    cluster.prepare_sockets()
    with log.open("ab") as sink:
        server = subprocess.Popen(
            cluster.command(), stdout=sink, stderr=sink, stdin=subprocess.DEVNULL, start_new_session=True, cwd="/"
        )
    try:
        deadline = time.monotonic() + seconds
        while not cluster.is_ready():
            if server.poll() is not None or time.monotonic() > deadline:
                raise CannotGoOn(f"PostgreSQL did not start; {log} says why.")
            time.sleep(0.05)
        yield cluster
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
