"""What got a 201 is routed, whatever was killed (promise 1): real worker, relay and Redis, ended with kill -9."""

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import world
from sqlalchemy import func, select, text, update

from cases.models.job import Job
from cases.models.report import Report
from kit.db import OWNER, unit_of_work

ROOT = Path(__file__).parents[2]
PATIENCE_S = 120


class Processes:
    """Real processes of an installation, on a Redis of their own."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "redis.sock"
        self.folder = folder
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        program = shutil.which("redis-server") or shutil.which("redis-check-rdb")
        assert program, "redis-tools is not installed"
        self.program = folder / "redis-server"
        self.program.symlink_to(program)

    def start(self, name: str) -> None:
        where = ["--unixsocket", str(self.socket), "--dir", str(self.folder)]
        redis = [str(self.program), "--port", "0", "--save", "", *where]
        environment = os.environ | {
            "REDIS_URL": f"redis+socket://{self.socket}?virtual_host=0",
            "JZ_WORKER_PROCESSES": "1",
        }
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                redis if name == "redis" else [sys.executable, "-m", "cli", name],
                env=environment, cwd=ROOT, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def kill(self, name: str) -> None:
        process = self.running.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, 9)
        process.wait(10)


@pytest.fixture
def processes(built: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    found = Processes(tmp_path_factory.mktemp("p"))
    yield found
    for name in list(found.running):
        found.kill(name)


def unrouted() -> int:
    with unit_of_work(OWNER) as session:
        waiting = select(func.count()).where(Report.state == "submitted")
        return session.scalar(waiting) or 0


def end_leases() -> None:
    """A lease lasts half a minute; the test does not wait for it."""
    with unit_of_work(OWNER) as session:
        session.execute(update(Job).where(Job.done_at.is_(None)).values(lease_until=None))


def wait_until_routed() -> None:
    until = time.monotonic() + PATIENCE_S
    while unrouted():
        assert time.monotonic() < until, f"{unrouted()} reports are not routed"
        time.sleep(0.2)


def test_killed_worker_relay_and_redis_lose_nothing(client, processes):
    def send(count):
        for number in range(count):
            answer = client.post("/m/v1/reports", json=world.report((117.305 + number * 0.002, 31.12)))
            assert answer.status_code == 201

    send(10)  # nobody is there yet: neither Redis nor a worker
    for name in ("redis", "relay", "worker"):
        processes.start(name)
    send(10)
    for name in ("worker", "redis", "relay"):
        processes.kill(name)
    send(10)
    end_leases()
    for name in ("redis", "relay", "worker"):
        processes.start(name)
    wait_until_routed()

    with unit_of_work(OWNER) as session:
        assert session.scalar(select(func.count()).where(Job.failed_at.is_not(None))) == 0
        counts = "select count(*), count(distinct report_id), count(distinct case_id)"
        rows, reports, cases = session.execute(text(f"{counts} from intake.report_case where opened")).one()
        assert rows == reports == cases
