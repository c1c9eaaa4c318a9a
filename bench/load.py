"""The programs that make load: wrk for HTTP, pgbench for SQL. Each runs for a bounded time and is read by its words."""

import json
import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL

from bench import cpu
from cli.refusal import CannotGoOn

SCRIPTS = Path(__file__).parent / "wrk"
GRACE_S = 30


@dataclass(frozen=True)
class Http:
    """What wrk saw: answered requests and latencies."""

    rate: float
    requests: int
    p50_ms: float
    p95_ms: float
    p99_ms: float


def wrk(
    url: str,
    script: str,
    *,
    connections: int,
    seconds: float,
    arguments: Sequence[str] = (),
    headers: Sequence[str] = (),
) -> Http:
    """Load a URL with one of our scripts, which gets a fresh seed first. Raises CannotGoOn when a request fails."""
    command = [_program("wrk"), "-t1", f"-c{connections}", f"-d{seconds:g}s", "--timeout", "20s"]
    command += [part for header in headers for part in ("-H", header)]
    command += ["-s", str(SCRIPTS / f"{script}.lua"), url, "--", str(secrets.randbelow(2**31)), *arguments]
    said = _said(command, seconds, {**os.environ, "BENCH_WRK": str(SCRIPTS)})
    return read_wrk(said, url)


def read_wrk(said: str, url: str) -> Http:
    """What `done.lua` wrote. Raises CannotGoOn when there was no answer or a failed one."""
    line = next((line for line in said.splitlines() if line.startswith("BENCH ")), None)
    if line is None:
        raise CannotGoOn(f"wrk said nothing of use about {url}: {said.strip()[-300:]}")
    found = json.loads(line.removeprefix("BENCH "))
    if found["failed"] or not found["requests"]:
        raise CannotGoOn(f"{url}: {found['failed']} of {found['requests']} requests failed; the API's log says why.")
    rate = found["requests"] / found["seconds"]
    return Http(rate, found["requests"], found["p50_ms"], found["p95_ms"], found["p99_ms"])


def pgbench(program: Path, script: Path, url: URL, *, clients: int, seconds: float, options: str) -> float:
    """Transactions per second of a prepared script; `options` are settings of its sessions."""
    query = {name: str(value) for name, value in url.query.items()}
    environment = {**os.environ, "PGPASSWORD": str(url.password), "PGOPTIONS": options}
    where = ["-h", query["host"], "-p", query["port"], "-U", str(url.username), str(url.database)]
    command = [str(program), "-n", "-M", "prepared", "-c", str(clients), "-T", str(max(round(seconds), 1))]
    return read_pgbench(_said([*command, "-f", str(script), *where], seconds, environment))


def read_pgbench(said: str) -> float:
    """The rate without the time to connect. Raises CannotGoOn when a transaction failed."""
    rate = re.search(r"^tps = ([0-9.]+)", said, re.MULTILINE)
    failed = re.search(r"^number of failed transactions: (\d+)", said, re.MULTILINE)
    if rate is None or (failed and int(failed[1])):
        raise CannotGoOn(f"pgbench failed: {said.strip()[-300:]}")
    return float(rate[1])


@dataclass(frozen=True)
class Cost:
    """Processor time by which `pid` has grown, in microseconds, while a block ran: see `spent`."""

    pid: int
    before_s: float

    @property
    def us(self) -> float:
        """Microseconds since the measuring began."""
        return (cpu.used_s(self.pid) - self.before_s) * 1e6


def spent(pid: int) -> Cost:
    """Begin to measure what a process and its children use."""
    return Cost(pid, cpu.used_s(pid))


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise CannotGoOn(f"{name} is not installed here. ./jz bench installs it where it may.")
    return found


def _said(command: Sequence[str], seconds: float, environment: Mapping[str, str]) -> str:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=seconds + GRACE_S, env=dict(environment)
        )
    except subprocess.TimeoutExpired as late:
        raise CannotGoOn(f"{Path(command[0]).name} did not end in time.") from late
    if done.returncode:
        raise CannotGoOn(f"{Path(command[0]).name} failed: {(done.stderr or done.stdout).strip()[-300:]}")
    return done.stdout
