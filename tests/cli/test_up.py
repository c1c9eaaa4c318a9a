"""`up`, `status`, `logs`, `down` and `reset` on a real private PostgreSQL and Redis; our processes are tiny stand-ins.

That the real processes run this way, too, is held by test_up_for_real.py.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cli import running
from cli.places import Places
from kit.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PROCESSES = ["postgres", "redis", "api", "worker", "relay", "beat", "vault"]
STAND_INS = {
    "serve": """
        import http.server, os
        class Answer(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200); self.end_headers()
            def log_message(self, *_): pass
        def serve() -> None:
            address = ("127.0.0.1", int(os.environ["JZ_PORT"]))
            http.server.ThreadingHTTPServer(address, Answer).serve_forever()
    """,
    "worker": """
        import os, time
        from cli.notice import tell_ready
        def worker() -> None:
            print("hello from", os.getpid(), flush=True)
            tell_ready()
            while True: time.sleep(0.1)
        relay = beat = worker
    """,
    "vault": """
        import os, time
        from cli.notice import tell_ready
        def vault() -> None:
            print("keys in", os.environ["JZ_VAULT_KEYS"], flush=True)
            tell_ready()
            while True: time.sleep(0.1)
    """,
    "migrate": """
        import os, psycopg
        def migrate() -> None:
            with psycopg.connect(os.environ["DATABASE_URL"].replace("+psycopg", "")) as connection:
                connection.execute("create table if not exists start (at timestamptz default now())")
                connection.execute("insert into start default values")
                connection.execute("create table if not exists migration (version_num text)")
                connection.execute("insert into migration select '1' where not exists (select from migration)")
                print("starts:", connection.execute("select count(*) from start").fetchone()[0])
                print("fsync:", connection.execute("show fsync").fetchone()[0])
    """,
    "backups/before_update": """
        from contextlib import nullcontext
        def backed_up(places):
            return nullcontext()
    """,
    "demo_district": """
        def is_another_district() -> bool:
            return False
        def seed_demo() -> None:
            print("seeded")
        def demo_accounts() -> None:
            print("town officer: zhen01 / a password")
    """,
}


@pytest.fixture
def checkout(tmp_path):
    """A checkout whose processes are stand-ins; whatever still runs in it afterwards is ended."""
    folder = tmp_path / "it"
    for package in ("cli", "kit"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__", "demo"))
    for name, code in STAND_INS.items():
        lines = code.splitlines()
        (folder / "cli" / f"{name}.py").write_text("\n".join(line[8:] for line in lines))
    yield folder
    jz(folder, "down")


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def surroundings(checkout, port):
    names = {field.alias for field in Settings.model_fields.values()}
    kept = {name: value for name, value in os.environ.items() if name not in names}
    return {**kept, "PYTHONPATH": str(checkout), "JZ_PORT": str(port)}


def jz(checkout, *arguments, port=1, **more):
    return subprocess.run(
        [sys.executable, "-P", "-m", "cli", *arguments],
        env={**surroundings(checkout, port), **more},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def pids(checkout):
    return {name: started.pid for name, started in running.read_state(Places(checkout)).processes.items()}


def wait_for(condition, *, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.1)


def test_detached_it_comes_back_ready_keeps_its_data_goes_away_cleanly_and_forgets_when_told(checkout, port):
    up = jz(checkout, "up", "--detach", port=port)

    assert up.returncode == 0, up.stderr
    assert f"http://127.0.0.1:{port}/exposures" in up.stdout
    assert "zhen01 / a password" in up.stdout
    status = jz(checkout, "status", port=port)
    assert status.returncode == 0
    elsewhere = jz(checkout, "status")  # a shell that never heard of the port
    assert (elsewhere.returncode, elsewhere.stdout.split()[0]) == (0, "ready")
    assert [line.split()[0] for line in status.stdout.splitlines()[1:]] == PROCESSES
    again = jz(checkout, "up", "--detach", port=port)
    assert (again.returncode, "already runs" in again.stdout) == (0, True)
    refused = jz(checkout, "up", port=port)
    assert (refused.returncode, len(refused.stderr.splitlines())) == (1, 1)
    assert "already runs here" in refused.stderr

    running_then = pids(checkout)
    assert jz(checkout, "down").stdout == "jz: stopped.\n"
    assert not any(running.identity(pid) for pid in running_then.values())
    assert jz(checkout, "down").stdout == "jz: nothing runs here.\n"
    assert jz(checkout, "status").returncode == 3

    assert jz(checkout, "up", "--detach", port=port).returncode == 0
    assert jz(checkout, "down").returncode == 0
    district = checkout / "cli" / "demo_district.py"
    district.write_text(district.read_text() + "# has changed\n")
    again = jz(checkout, "up", "--detach", port=port)
    assert (again.returncode, "zhen01 / a password" in again.stdout) == (0, True)
    said = jz(checkout, "logs", "prepare").stdout.splitlines()
    done = ["starts: 1", "fsync: on", "seeded"]
    assert said == [*done, "jz: nothing has changed since the last time.", "starts: 2", *done[1:]]

    asked = jz(checkout, "reset")
    assert asked.returncode == 1
    assert "./jz reset --yes" in asked.stderr
    assert (checkout / ".local" / "postgres").exists()
    assert jz(checkout, "reset", "--yes").returncode == 0
    assert {path.name for path in (checkout / ".local").iterdir()} <= {"log", "run", "bin"}


def test_a_death_is_mended_what_a_kill_left_is_ended_and_ctrl_c_ends_everything(checkout, port):
    assert jz(checkout, "up", "--detach", port=port).returncode == 0
    left = pids(checkout)
    os.kill(running.read_state(Places(checkout)).pid, signal.SIGKILL)
    wait_for(lambda: not running.is_running(Places(checkout)))
    assert running.identity(left["postgres"])

    command = [sys.executable, "-P", "-m", "cli", "up"]
    with subprocess.Popen(
        command, env=surroundings(checkout, port), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as up:
        wait_for(lambda: running.is_running(Places(checkout)), seconds=30)
        wait_for(lambda: running.read_state(Places(checkout)).pid == up.pid, seconds=60)
        wait_for(lambda: running.read_state(Places(checkout)).phase == "ready", seconds=60)
        first = pids(checkout)
        os.kill(first["worker"], signal.SIGKILL)
        os.kill(first["postgres"], signal.SIGKILL)
        wait_for(lambda: pids(checkout).get("worker") not in (None, first["worker"]))
        wait_for(lambda: pids(checkout).get("postgres") not in (None, first["postgres"]))
        time.sleep(1)
        last = pids(checkout)

        os.kill(up.pid, signal.SIGINT)
        said = up.communicate(timeout=60)[0]

    assert up.returncode == 0
    assert "ended what an interrupted run had left: postgres, redis, api" in said
    assert not any(running.identity(pid) for pid in left.values())
    assert "jz: worker ended with signal 9; starting it again" in said
    assert re.search(r"^worker +\| hello from", said, re.MULTILINE)
    assert said.rstrip().endswith("jz: stopped.")
    assert not any(running.identity(pid) for pid in last.values())
    assert "database system is shut down" in (checkout / ".local" / "log" / "postgres.log").read_text()


def test_a_process_that_keeps_dying_is_the_reason_that_up_gives(checkout, port):
    stand_in = checkout / "cli" / "worker.py"
    stand_in.write_text(stand_in.read_text() + "def worker(): raise SystemExit('no broker, no work')\n")

    up = jz(checkout, "up", "--detach", port=port)

    assert up.returncode == 1
    assert "keeps ending (5 times within a minute)" in up.stderr
    assert "no broker, no work" in up.stderr
    assert jz(checkout, "status").returncode == 3
    assert not (checkout / ".local" / "run" / "redis.sock").exists()


def test_a_migration_that_fails_starts_nothing_else(checkout, port):
    (checkout / "cli" / "migrate.py").write_text("def migrate(): raise SystemExit('column x exists')\n")

    up = jz(checkout, "up", "--detach", port=port)

    assert up.returncode == 1
    assert "prepare ended with status 1" in up.stderr
    assert "column x exists" in up.stderr
    assert not (checkout / ".local" / "log" / "api.log").exists()


def test_a_taken_port_is_told_before_anything_starts(checkout, port):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()

        up = jz(checkout, "up", "--detach", port=port)

    assert up.returncode == 1
    assert up.stderr.startswith(f"jz: Port {port} is taken.")
    assert not (checkout / ".local" / "postgres").exists()


def test_logs_of_what_does_not_exist_name_what_does(checkout):
    (checkout / ".local" / "log").mkdir(parents=True)
    (checkout / ".local" / "log" / "api.log").write_text("a line\n")

    assert "There are: api." in jz(checkout, "logs", "apy").stderr
    assert jz(checkout, "logs").stdout == "api      | a line\n"
    assert jz(checkout, "logs", "api").stdout == "a line\n"


def test_other_servers_replace_the_private_ones(checkout, port, cluster, tmp_path):
    database = cluster.set(drivername="postgresql").render_as_string(hide_password=False)

    up = jz(
        checkout,
        "up",
        "--detach",
        port=port,
        DATABASE_URL=database,
        REDIS_URL=os.environ["JZ_TEST_REDIS_URL"],
        STORAGE_URL=tmp_path.as_uri(),
    )

    assert up.returncode == 0, up.stderr
    assert list(pids(checkout)) == PROCESSES[2:]
    assert not (checkout / ".local" / "postgres").exists()
    state = json.loads((checkout / ".local" / "run" / "state.json").read_text())
    assert "password" not in json.dumps(state)
