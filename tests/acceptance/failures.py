"""Walks through what may go wrong with `./jz up`, on a machine that may be broken: a disposable root, as root.

    python3 -m tests.acceptance.failures [NAME ...]        (tests/acceptance/bare-root.sh up failures)

Needs a checkout in which `./jz up` has worked once; standard library only. Each walk gets a checkout of its own and
holds it to one rule: a clear sentence that says what to do, the right exit status, nothing left running, nothing in the
way of the next `up`.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tests.acceptance.ground import (
    HOME,
    PATIENCE,
    Checkout,
    free_port,
    hold,
    mounted,
    owner_password,
    query,
    secret,
    socket_folder,
)  # fmt: skip

SOMEBODY = 4242  # a user who may do nothing special, and whom no list of users knows


def somebody() -> None:
    """A user without rights, in a path with spaces and Chinese characters; then root in the same checkout."""
    it = Checkout("某人 的", owner=SOMEBODY)
    it.up()
    it.down()
    it.owner = 0
    it.refuses("belongs to")
    it.owner = SOMEBODY
    it.up()
    it.down()


def ports() -> None:
    """A port that is no number, out of range, taken, or not for everybody."""
    it = Checkout("端口", owner=SOMEBODY)
    for nonsense in ("abc", "0", "70000", "80 80", "-1"):
        it.more["JZ_PORT"] = nonsense
        it.refuses("JZ_PORT is not usable")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        it.more["JZ_PORT"] = str(taken.getsockname()[1])
        it.refuses(f"Port {it.more['JZ_PORT']} is taken")
    hold(not (it.folder / ".local" / "postgres").exists(), "a database was made")
    if int(Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text()) > 80:
        it.more["JZ_PORT"] = "80"
        it.refuses("Take one above 1023")


def two_at_once() -> None:
    """Two ups in the same moment: one runs, the other says so."""
    it = Checkout("两个")
    both = [it.start("up", "--detach") for _ in range(2)]
    said = [run.communicate(timeout=PATIENCE)[0] for run in both]
    statuses = sorted(run.returncode for run in both)
    hold(statuses in ([0, 0], [0, 1]), f"{statuses}: {said}")
    hold(statuses == [0, 0] or any("./jz status shows it" in each for each in said), str(said))
    hold(it.answers(), "nobody answers")
    it.down()


def killed() -> None:
    """The supervisor, and then everything, is killed; a pid file names a stranger."""
    it = Checkout("被杀")
    it.up()
    os.kill(it.supervisor(), signal.SIGKILL)
    it.up()
    everything = [it.supervisor(), *(it.pid(name) for name in ("api", "worker", "relay", "beat", "redis", "postgres"))]
    for pid in everything:
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
    time.sleep(2)
    hold(it.jz("status")[0] == 3, "status does not say that nothing runs")
    with subprocess.Popen(["sleep", "600"]) as stranger:
        for note in (HOME / "被杀" / ".local").rglob("postmaster.pid"):
            lines = note.read_text().splitlines()
            note.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        try:
            it.up()
            it.down()
            hold(stranger.poll() is None, "a stranger was ended")
        finally:
            stranger.kill()


def full_disk() -> None:
    """No room for anything, for a database, for a start; and room again."""
    none = Checkout("满 零")
    with mounted(none.folder / ".local", "-t", "tmpfs", "-o", "size=12k", "tmpfs"):
        none.refuses("Make room first")
    small = Checkout("满 二")
    with mounted(small.folder / ".local", "-t", "tmpfs", "-o", "size=500m", "tmpfs"):
        small.refuses("MB are free")
    it = Checkout("满 三")
    with mounted(it.folder / ".local", "-t", "tmpfs", "-o", "size=1300m", "tmpfs"):
        it.up()
        filler = it.folder / ".local" / "filler"
        with suppress(OSError), filler.open("wb") as sink:
            while sink.write(b"\0" * (1 << 20)):
                pass
        time.sleep(5)
        it.jz("down")
        it.is_quiet()
        it.refuses("MB are free")
        filler.unlink()
        it.up()
        it.down()


def read_only() -> None:
    """A checkout on a disk that is mounted to read only, before and after it was set up."""
    fresh = Checkout("只读 一", packages=False)
    with mounted(fresh.folder, "--bind", "-o", "ro", str(fresh.folder)):
        fresh.refuses("cannot be written")
    it = Checkout("只读 二")
    it.up()
    it.down()
    with mounted(it.folder, "--bind", "-o", "ro", str(it.folder)):
        it.refuses("cannot be written")
    it.up()
    it.down()


def interrupted() -> None:
    """Ctrl-C while packages are fetched, while the database is made, and while it is migrated; detached and not."""
    it = Checkout("中断", packages=False)
    it.interrupted("up", at="installing Python packages", after=2)
    it.interrupted("up", "--detach", at="making a private database")
    it.interrupted("up", at="the newest schema", after=1)
    it.interrupted("up", "--detach", at="the newest schema", after=2)
    it.up()
    it.down()


def servers_of_others() -> None:
    """DATABASE_URL, REDIS_URL and STORAGE_URL of a running installation, wrong in every way and then right."""
    theirs, it = Checkout("别人"), Checkout("借用")
    theirs.up()
    sockets = socket_folder(theirs)
    password = owner_password(theirs)
    right = {
        "DATABASE_URL": f"postgresql+psycopg://jz_owner:{password}@/borrowed?host={sockets}&port=5432",
        "REDIS_URL": f"redis+socket://{sockets}/redis.sock?virtual_host=1",
        "STORAGE_URL": (it.folder / "photos").as_uri(),
    }
    port = free_port()
    wrong = [
        ("DATABASE_URL", f"postgresql://u:p@127.0.0.1:{port}/x", "does not let us in"),
        ("DATABASE_URL", right["DATABASE_URL"].replace(password, "wrong"), "does not let us in"),
        ("DATABASE_URL", "nonsense", "is not the address of a PostgreSQL"),
        ("REDIS_URL", f"redis://127.0.0.1:{port}/0", "cannot be reached"),
        ("REDIS_URL", "redis+socket:///nowhere/redis.sock", "cannot be reached"),
        ("STORAGE_URL", "file:///proc/photos", "No photo can be stored"),
        ("STORAGE_URL", f"s3://photos?endpoint=http://127.0.0.1:{port}", "No photo can be stored"),
    ]
    for name, value, sentence in wrong:
        it.more = {**it.more, **right, name: value}
        it.refuses(sentence)
    it.more |= right
    it.refuses('database "borrowed" does not exist')
    query(theirs, "create database borrowed")
    it.refuses("another JZ_SECRET_KEY")
    hold(theirs.answers(), "the first installation was harmed")
    it.more["JZ_SECRET_KEY"] = secret(theirs)
    it.up()
    hold(not (it.folder / ".local" / "postgres").exists(), "a private database was made")
    it.down()
    hold(theirs.answers(), "the servers of others were stopped")
    theirs.down()
    without_postgis(theirs, it)


def without_postgis(theirs: Checkout, it: Checkout) -> None:
    """A server that knows no PostGIS: neither for DATABASE_URL, nor for a private database."""
    theirs.up()
    query(theirs, "create database plain")
    it.more["DATABASE_URL"] = it.more["DATABASE_URL"].replace("/borrowed", "/plain")
    controls = list(Path("/usr/share/postgresql").glob("*/extension/postgis.control"))
    try:
        for control in controls:
            control.rename(control.with_suffix(".away"))
        it.refuses("has no postgis to offer", "migrate")
    finally:
        for control in controls:
            control.with_suffix(".away").rename(control)
    theirs.down()


def another_secret() -> None:
    """The secret of a private installation is changed: refused, and taken once it is said to be on purpose."""
    it = Checkout("换密钥")
    it.up()
    it.down()
    it.more["JZ_SECRET_KEY"] = "changed-on-purpose-" * 3
    it.refuses("./jz adopt-secret")
    status, said = it.jz("adopt-secret")
    hold(status == 0, said)
    it.is_quiet()
    it.up()
    it.down()
    secrets = it.folder / ".local" / "secrets"
    kept = secrets.read_text()
    secrets.unlink()  # as when a backup was put back in part
    it.refuses("made with other secrets")
    secrets.write_text(kept)
    it.up()
    it.down()


WALKS: tuple[Callable[[], None], ...] = (
    ports, somebody, two_at_once, killed, full_disk, read_only, interrupted, servers_of_others, another_secret,
)  # fmt: skip


def main() -> int:
    """Walk all, or those named; the exit status is 1 when one broke."""
    broken = 0
    for walk in [walk for walk in WALKS if walk.__name__ in (sys.argv[1:] or [walk.__name__])]:
        began = time.monotonic()
        try:
            walk()
        except Exception:  # noqa: BLE001 - the next walk is of interest, too
            broken += 1
            print(f"== {walk.__name__}: BROKEN\n{traceback.format_exc()}", flush=True)
        else:
            print(f"== {walk.__name__}: good ({time.monotonic() - began:.0f} s)", flush=True)
        for folder in HOME.glob("*"):
            subprocess.run([str(folder / "jz"), "down"], capture_output=True, check=False, stdin=subprocess.DEVNULL)
            shutil.rmtree(folder, ignore_errors=True)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
