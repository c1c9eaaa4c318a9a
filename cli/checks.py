"""`./jz test`: the checks of the house, then all tests on a private PostgreSQL and Redis that end with the run."""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from cli import account, installation, postgres
from cli.places import Places, private_folder
from cli.redis import Redis, find_program, running
from cli.refusal import CannotGoOn

MEMORY_DISK = Path("/dev/shm")  # noqa: S108 - a private folder is made in it
ROOM = 3 << 30
# Each worker keeps to its part of the order, so that what a file or folder makes for its tests is made once, and takes
# from the other's end when its own is done.
WHOLE_RUN = ("-n", "2", "--dist", "worksteal", "-p", "tests.order")
SETTINGS_OF_REAL_INSTALLATIONS = {"DATABASE_URL", "REDIS_URL", "STORAGE_URL", "JZ_PUBLIC_URL", "JZ_PORT"}
# Tests start some hundred processes, and each would compile all of its modules anew.
SLOW = {"PYTHONDONTWRITEBYTECODE"}


def test(
    context: typer.Context,
) -> None:
    """All checks and tests; with ARGS only pytest with them."""
    places = Places()
    places.make()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers below are stopped, too
    checks = [] if context.args else list(static_checks(places.root))
    failed = [name for name, command in checks if not _passes(name, command, places.root)]
    with servers_for_tests(places) as environment:
        status = run_pytest(context.args or [*WHOLE_RUN], environment, places.root, failed)
    raise SystemExit(status or (1 if failed else 0))


test.context_settings = {"allow_extra_args": True, "ignore_unknown_options": True}  # type: ignore[attr-defined]


def static_checks(root: Path) -> Iterator[tuple[str, list[str]]]:
    """Name and command of each check that needs no server. shellcheck runs where it is installed."""
    python = sys.executable
    yield "ruff check", [python, "-m", "ruff", "check", "."]
    yield "ruff format", [python, "-m", "ruff", "format", "--check", "."]
    yield "mypy --strict", [python, "-m", "mypy"]
    yield "import-linter", [str(Path(python).with_name("lint-imports")), "--no-cache"]
    if shutil.which("shellcheck"):
        scripts = [root / "jz", root / ".ci" / "run", *sorted(root.glob("tests/acceptance/*.sh"))]
        yield "shellcheck", ["shellcheck", *(str(script) for script in scripts if script.exists())]


def _passes(name: str, command: list[str], root: Path) -> bool:
    """Run one check; print its name, time and, when it fails, all it said."""
    started = time.monotonic()
    environment = _clean_environment()
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=root, env=environment)
    took = f"{time.monotonic() - started:.0f} s"
    if done.returncode == 0:
        print(f"{name}: good ({took})", flush=True)
        return True
    print(f"{name}: FAILED ({took})\n{done.stdout}{done.stderr}", flush=True)
    return False


def _clean_environment() -> dict[str, str]:
    """The environment without addresses of a real installation: a test must not reach one by accident."""
    return {name: value for name, value in os.environ.items() if name not in SETTINGS_OF_REAL_INSTALLATIONS | SLOW}


@contextmanager
def servers_for_tests(places: Places) -> Iterator[dict[str, str]]:
    """The environment for tests, with servers that live while the block does, in memory if there is room."""
    roomy = MEMORY_DISK.is_dir() and shutil.disk_usage(MEMORY_DISK).free > ROOM
    home = MEMORY_DISK if roomy and os.access(MEMORY_DISK, os.W_OK) else _folder_on_disk(places)
    with (
        tempfile.TemporaryDirectory(prefix="jz-test-", dir=home) as folder,
        tempfile.TemporaryDirectory(prefix="jz-") as run,
    ):
        cluster = _test_cluster(Path(folder), Path(run))
        redis = Redis(find_program(places.local / "bin"), Path(folder), Path(run))
        log = places.log / "test-postgres.log"
        log.unlink(missing_ok=True)
        with postgres.running(cluster, log), running(redis, places.log / "test-redis.log"):
            yield {
                **_clean_environment(),
                "JZ_TEST_DATABASE_URL": cluster.url("postgres"),
                "JZ_TEST_REDIS_URL": redis.url,
            }


def _folder_on_disk(places: Places) -> Path:
    """Where root runs this, PostgreSQL may have to be another user, who cannot enter every checkout."""
    return Path(tempfile.gettempdir()) if os.getuid() == 0 else private_folder(places.local / "test")


def _test_cluster(folder: Path, run: Path) -> postgres.Cluster:
    """A cluster that need not survive a power cut. Where PostgreSQL must be another user, it may pass both folders."""
    elsewhere = Path(tempfile.gettempdir()) / f"jingzhong-test-{secrets.token_hex(4)}"
    who, data = account.for_data(folder / "data", elsewhere)
    if who.owner:
        folder.chmod(0o711)
        data = folder / "postgres" / "data"
        run.chmod(0o711)
        run = run / "postgres"
    return postgres.Cluster(installation.find(), data, run, secrets.token_hex(16), who, postgres.FOR_TESTS)


def run_pytest(arguments: list[str], environment: dict[str, str], root: Path, failed: list[str]) -> int:
    """Run pytest and pass on what it says, its closing line last, after the names of checks that failed before."""
    colour = ["--color=yes"] if sys.stdout.isatty() else []
    command = [sys.executable, "-m", "pytest", *colour, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, cwd=root, bufsize=0) as run:
        if run.stdout is None:
            raise CannotGoOn("pytest's output could not be read.")
        last = b""
        while piece := run.stdout.read(1 << 16):
            whole, newline, rest = (last + piece).rstrip(b"\n").rpartition(b"\n")
            _say(whole + newline)
            last = rest + (b"\n" if (last + piece).endswith(b"\n") else b"")
        if failed:
            _say(f"FAILED before the tests: {', '.join(failed)}\n".encode())
        _say(last)
    return run.returncode


def _say(text: bytes) -> None:
    sys.stdout.buffer.write(text)
    sys.stdout.buffer.flush()
