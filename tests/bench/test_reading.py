"""What wrk, pgbench and PostgreSQL's log say is read rightly, and a failed request is no figure."""

import os
import subprocess
import sys

import pytest

from bench import cpu, load
from bench.paths.queue import count_statements
from cli.refusal import CannotGoOn

WRK = """Running 2s test @ http://127.0.0.1:8000/
  1 threads and 8 connections
BENCH {"requests": 500, "seconds": 2.0, "failed": %d, "p50_ms": 1.5, "p95_ms": 3.25, "p99_ms": 9.0}
"""
PGBENCH = """pgbench (15.8)
number of transactions actually processed: 1234
number of failed transactions: %d (0.000%%)
latency average = 6.5 ms
tps = 617.25 (without initial connection time)
"""
LOG = """2026-11-24 02:00:00.000 UTC [1] LOG:  statement: BEGIN
2026-11-24 02:00:00.000 UTC [1] LOG:  execute <unnamed>: select set_config($1, $2, true)
2026-11-24 02:00:00.000 UTC [1] DETAIL:  parameters: $1 = 'role'
2026-11-24 02:00:00.000 UTC [1] LOG:  execute _pg3_0: SELECT handling.task.id
\tFROM handling.task
2026-11-24 02:00:00.000 UTC [1] LOG:  statement: COMMIT
2026-11-24 02:00:00.000 UTC [2] LOG:  checkpoint starting: time
"""


def test_rate_and_latencies_are_read_from_the_line_of_our_script():
    seen = load.read_wrk(WRK % 0, "http://x")

    assert (seen.rate, seen.requests, seen.p95_ms) == (250.0, 500, 3.25)


@pytest.mark.parametrize("said", [WRK % 3, "unable to connect", WRK.replace('"requests": 500', '"requests": 0') % 0])
def test_a_failed_request_or_none_at_all_is_no_figure(said):
    with pytest.raises(CannotGoOn):
        load.read_wrk(said, "http://x")


def test_the_rate_of_pgbench_is_that_without_connecting():
    assert load.read_pgbench(PGBENCH % 0) == 617.25


@pytest.mark.parametrize("said", [PGBENCH % 2, "pgbench: error: connection failed"])
def test_a_failed_transaction_is_no_figure(said):
    with pytest.raises(CannotGoOn):
        load.read_pgbench(said)


def test_only_statements_count_and_not_the_ends_of_transactions():
    assert count_statements(LOG) == 2


def test_what_a_process_and_its_children_use_is_counted_after_the_children_have_ended():
    work = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'sum(range(6_000_000))']); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", work], stdin=subprocess.PIPE) as child:
        try:
            while cpu.used_s(child.pid) < 0.05:
                assert child.poll() is None
        finally:
            child.stdin.close()


def test_memory_and_exact_time_of_this_very_process_are_read():
    now, most = cpu.resident_mb(os.getpid())
    assert 1 < now <= most
    assert cpu.exact_us(os.getpid()) > 0


def test_what_a_process_has_read_is_counted(tmp_path):
    before = cpu.read_mb(os.getpid())
    (tmp_path / "file").write_bytes(bytes(3_000_000))
    (tmp_path / "file").read_bytes()
    assert 3.0 <= cpu.read_mb(os.getpid()) - before < 3.5
