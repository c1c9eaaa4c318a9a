"""Processor time and its neighbours from /proc (Linux): on a shared machine the wall clock alone proves nothing."""

import os
from pathlib import Path

_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def used_s(pid: int) -> float:
    """Seconds of processor time that a process and all it has started have used, those that have ended included.

    Resolution: one clock tick, usually 10 ms.
    """
    parents = {int(entry.name): _stat(int(entry.name)) for entry in Path("/proc").iterdir() if entry.name.isdigit()}
    family = _family(pid, {child: int(fields[1]) for child, fields in parents.items() if fields})
    ended = _stat(pid)
    own = sum(int(fields[11]) + int(fields[12]) for member in family if (fields := parents.get(member)))
    return (own + (int(ended[13]) + int(ended[14]) if ended else 0)) * _TICK_S


def exact_us(pid: int) -> float:
    """Microseconds on a processor of a process with one thread, such as one backend of PostgreSQL."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1000


def resident_mb(pid: int) -> tuple[float, float]:
    """Megabytes of memory that a process holds now, and the most that it ever held."""
    rows = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    now, most = (int(rows[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))
    return now, most


def read_mb(pid: int) -> float:
    """Megabytes that a process has read since it began, from files and connections that it reads like files."""
    rows = dict(line.split(": ") for line in Path(f"/proc/{pid}/io").read_text().splitlines())
    return int(rows["rchar"]) / 1e6


def _stat(pid: int) -> list[str]:
    """The fields after the program's name, which may itself hold blanks and brackets; empty when it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _family(pid: int, parents: dict[int, int]) -> set[int]:
    family = {pid}
    while found := {child for child, parent in parents.items() if parent in family} - family:
        family |= found
    return family
