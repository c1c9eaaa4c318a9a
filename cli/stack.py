"""What `./jz up` starts, in which order, and how each part shows that it is ready."""

import os
import re
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from cli.answers import answers
from cli.child import Service
from cli.environment import DATABASE, Installation
from cli.notice import Notice
from cli.places import Places
from cli.postgres import Cluster, stop_leftover
from cli.processes import PREPARE, PROCESSES, VAULT_KEYS, VAULTS, Process
from cli.redis import Redis
from cli.supervisor import Stage, Step


def stages(
    places: Places, found: Installation, say: Callable[[str], None], *, beside: Callable[[], None]
) -> list[Stage]:
    """The stages of a whole installation: the private servers it needs, then our processes by their table.

    `beside` is called when the database is ready for anybody, as the last stage begins.
    """
    theirs = {name: value for name, value in os.environ.items() if name not in VAULTS}
    environment = {**theirs, **found.settings, "PYTHONPATH": str(places.root), "PYTHONUNBUFFERED": "1"}
    servers: list[Service | Step] = []
    after: list[Step] = []
    if found.postgres:
        cluster = found.postgres
        servers += [Step("cluster", lambda: _make(cluster, say)), _postgres(cluster)]
        after.append(Step("database", lambda: cluster.ensure_database(DATABASE)))
    if found.redis:
        found.redis.folder.mkdir(parents=True, exist_ok=True)
        servers.append(_redis(found.redis))

    def ours(process: Process) -> Service:
        given = {name: found.vault[name] for name in process.secrets if name in found.vault}
        if not process.as_owner:
            given["DATABASE_URL"] = without_owner(environment["DATABASE_URL"])
        return _process(places, process, {**environment, **given})

    before = _backups(places)
    running = [process for process in PROCESSES if process.needed or VAULT_KEYS in found.vault]
    return [
        servers,
        after,
        [_telling(say, "the newest schema and the demo district ..."), ours(PREPARE)],
        [
            Step("", lambda: _tell_of_new_backups(places, before, say)),
            _telling(say, f"starting {', '.join(process.name for process in running)} ..."),
            Step("", beside),
            *(ours(process) for process in running),
        ],
    ]


def without_owner(url: str) -> str:
    """The address of the database without whose it is: each process signs in under a login of its own (kit/db.py)."""
    return re.sub(r"//[^/@]*@", "//", url, count=1)


def _telling(say: Callable[[str], None], text: str) -> Step:
    return Step("", lambda: say(text))


def _backups(places: Places) -> set[Path]:
    return set(places.backups.glob("*")) if places.backups.is_dir() else set()


def _tell_of_new_backups(places: Places, before: set[Path], say: Callable[[str], None]) -> None:
    for folder in sorted(_backups(places) - before):
        say(f"the data was of an older release. As that left it, it is backed up in {folder}.")


def _make(cluster: Cluster, say: Callable[[str], None]) -> None:
    if not cluster.exists:
        say("making a private database in .local ...")
        cluster.create()
    elif stop_leftover(cluster.data):
        say("ended a database that an interrupted run had left.")
    cluster.prepare_sockets()


def _postgres(cluster: Cluster) -> Service:
    return Service(
        name="postgres",
        command=tuple(cluster.command()),
        is_ready=cluster.is_ready,
        ready_seconds=120,  # after a crash it first reads its journal
        stop_signal=signal.SIGINT,  # ends its clients' sessions and writes everything down
        stop_seconds=60,
    )


def _redis(redis: Redis) -> Service:
    return Service(name="redis", command=tuple(redis.command()), is_ready=redis.is_ready, ready_seconds=20)


def _process(places: Places, process: Process, environment: Mapping[str, str]) -> Service:
    """One of our own processes. The API is asked whether it is ready; the others have no address and say it."""
    command = (sys.executable, "-P", "-m", "cli", *process.command.split())
    if process.ends:
        return Service(process.name, command, environment, places.root, ready_seconds=300, ends=True)
    notice = None if process.name == "api" else Notice(places.sockets / f"{process.name}.ready")
    return Service(
        name=process.name,
        command=command,
        environment={**environment, **process.environment, **(notice.environment if notice else {})},
        folder=places.root,
        is_ready=notice.has_come if notice else lambda: answers(environment),
        ready_seconds=120,
        stop_seconds=process.stop_seconds,
        retries_start=True,
        needed=process.needed,
    )
