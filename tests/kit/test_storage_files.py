"""What the folder store must stand: links planted in it, full and read-only disks, and dying in the middle."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kit.storage import BadKey, Missing, StorageUnavailable, open_store
from kit.storage.contract import FREE_SHARE_AT_LEAST

ROOT = Path(__file__).parents[2]
OWN_MOUNTS = (["unshare", "--mount"], ["unshare", "--user", "--map-root-user", "--mount"])


def run_python(script: str, *args: str, before: tuple[str, ...] = ()) -> str:
    """Run a script that may use kit, in a process of its own; what it printed."""
    done = subprocess.run(
        [*before, sys.executable, "-c", script, *args],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def on_a_mount(folder: Path, mount: str, script: str) -> str:
    """Run a script after `mount`, in a mount namespace of its own, so that nothing is left behind."""
    for own in OWN_MOUNTS:
        if subprocess.run([*own, "sh", "-c", mount, "sh", folder], capture_output=True, check=False).returncode == 0:
            before = (*own, "sh", "-c", f'{mount} && folder=$1 && shift && exec "$@" "$folder"', "sh", str(folder))
            return run_python(script, before=before)
    pytest.skip("this machine lets nobody mount, not even in a namespace of one's own")


PUT_AND_TELL = """
import os, sys
from pathlib import Path
from kit.storage import StorageUnavailable, open_store
store = open_store(f"file://{sys.argv[1]}")
try:
    store.put("folder/key", [b"x" * 8192] * 30, limit_bytes=10**6)
    print("stored")
except StorageUnavailable as away:
    print(away.code, away.retryable, away.extra["reason"])
left = [str(p.relative_to(sys.argv[1])) for p in Path(sys.argv[1]).rglob("*") if p.is_file() and p.name != "present"]
print(left, store.healthy(), list(store.list_keys()))
"""


def test_a_full_disk_is_unavailable_and_leaves_nothing(tmp_path):
    said = on_a_mount(tmp_path, 'mount -t tmpfs -o size=128k,nr_inodes=50 none "$1"', PUT_AND_TELL)
    assert said.splitlines() == ["storage.unavailable True No space left on device", "[] True []"]


def test_a_disk_with_hardly_any_space_takes_nothing_more(tmp_path):
    fill = 'mount -t tmpfs -o size=1m,nr_inodes=50 none "$1" && head -c 1020000 /dev/zero > "$1/present"'
    said = on_a_mount(tmp_path, fill, PUT_AND_TELL)
    assert said.splitlines() == ["storage.unavailable True low_space", "[] False ['present']"]


def test_a_disk_without_free_inodes_takes_nothing_more(tmp_path):
    said = on_a_mount(tmp_path, 'mount -t tmpfs -o size=1m,nr_inodes=2 none "$1"', PUT_AND_TELL)
    assert said.splitlines()[0].startswith("storage.unavailable True")


def test_a_read_only_disk_is_unavailable_and_its_files_are_still_read(tmp_path):
    read = PUT_AND_TELL + 'print(store.open("present").read())'
    (tmp_path / "present").write_bytes(b"still here")
    said = on_a_mount(tmp_path, 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1"', read)
    assert said.splitlines() == [
        "storage.unavailable True Read-only file system",
        "[] False ['present']",
        "b'still here'",
    ]


def test_a_file_that_the_system_will_not_let_grow_is_unavailable(tmp_path):
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))"
    said = run_python(limit + PUT_AND_TELL, str(tmp_path))
    assert said.splitlines() == ["storage.unavailable True File too large", "[] True []"]


@pytest.mark.parametrize("present", [b"same", b"other"])
def test_a_link_planted_in_the_folder_leads_nowhere(tmp_path, present):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_bytes(present)
    root = tmp_path / "store"
    store = open_store(f"file://{root}")
    store.put("first", [b"."], limit_bytes=1)
    (root / "linked").symlink_to(outside)
    (root / "file-link").symlink_to(outside / "secret")
    (root / "dangling").symlink_to(outside / "new")
    for key in ("linked/secret", "linked/new", "file-link", "dangling"):
        for ask in (store.open, store.size, store.exists, store.delete):
            with pytest.raises(BadKey):
                ask(key)
        with pytest.raises(BadKey):
            store.put(key, [b"same"], limit_bytes=10)
    assert (outside / "secret").read_bytes() == present
    assert [each.name for each in outside.iterdir()] == ["secret"]


def test_the_store_itself_may_stand_behind_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    store = open_store(f"file://{tmp_path}/link")
    store.put("a/b", [b"abc"], limit_bytes=3)
    assert (tmp_path / "real/a/b").read_bytes() == b"abc"
    assert list(store.list_keys("a/")) == ["a/b"]


def test_a_folder_or_a_pipe_under_a_key_is_no_file(tmp_path):
    store = open_store(f"file://{tmp_path}")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for key in ("folder", "pipe"):
        assert not store.exists(key)
    with pytest.raises(Missing):
        store.open("folder")
    with pytest.raises((Missing, StorageUnavailable)):
        store.put("folder", [b"x"], limit_bytes=1)


def test_a_folder_where_a_file_should_be_above_is_unavailable(tmp_path):
    store = open_store(f"file://{tmp_path}")
    store.put("file", [b"x"], limit_bytes=1)
    with pytest.raises(StorageUnavailable):
        store.put("file/below", [b"x"], limit_bytes=1)


DIE_IN_THE_MIDDLE = """
import sys, time
from kit.storage import open_store
with open_store(f"file://{sys.argv[1]}").begin("victim", limit_bytes=10**6) as part:
    part.write(b"x" * 500_000)
    print("half", flush=True)
    time.sleep(60)
"""


def test_a_process_killed_in_the_middle_leaves_no_file_and_its_part_is_swept(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", DIE_IN_THE_MIDDLE, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE
    ) as dying:
        assert dying.stdout is not None
        assert dying.stdout.readline() == b"half\n"
        dying.send_signal(signal.SIGKILL)
    store = open_store(f"file://{tmp_path}")
    assert not store.exists("victim")
    assert list(store.list_keys()) == []
    assert len(list(tmp_path.rglob("*.part"))) == 1
    written_at = datetime.fromtimestamp(time.time(), UTC)
    assert store.sweep(written_at - timedelta(hours=1)) == 0
    assert store.sweep(written_at + timedelta(seconds=1)) == 1
    assert list(tmp_path.rglob("*.part")) == []
    assert store.put("victim", [b"whole"], limit_bytes=10).fresh


def test_a_part_swept_too_early_is_unavailable_and_never_half_a_file(tmp_path):
    store = open_store(f"file://{tmp_path}")
    with store.begin("slow", limit_bytes=10) as part:
        part.write(b"abc")
        assert store.sweep(datetime.fromtimestamp(time.time(), UTC) + timedelta(seconds=1)) == 1
        with pytest.raises(StorageUnavailable):
            part.finish()
    assert not store.exists("slow")


def test_the_file_is_synced_before_it_has_its_name_and_the_folder_after(tmp_path, monkeypatch):
    done: list[str] = []
    for name in ("fsync", "link"):
        real = getattr(os, name)

        def watched(*args, _real=real, _name=name, **more):
            what = "folder" if _name == "fsync" and Path(f"/proc/self/fd/{args[0]}").resolve().is_dir() else "file"
            done.append(f"{_name} {what}")
            return _real(*args, **more)

        monkeypatch.setattr(os, name, watched)
    store = open_store(f"file://{tmp_path}")
    store.put("a", [b"abc"], limit_bytes=3)
    done.clear()
    store.put("b", [b"abc"], limit_bytes=3)
    assert done == ["fsync file", "link file", "fsync folder"]
    done.clear()
    store.put("b", [b"abc"], limit_bytes=3)
    assert done == ["fsync file", "link file", "fsync file", "fsync folder"]  # the first one may have died early


@pytest.mark.parametrize("at_most", [1, 3, 7, 1000])
def test_a_disk_that_takes_only_a_part_gets_the_rest_too(tmp_path, monkeypatch, at_most):
    real = os.writev
    monkeypatch.setattr(os, "writev", lambda fd, views: real(fd, [b"".join(views)[:at_most]]))
    store = open_store(f"file://{tmp_path}")
    with store.begin("a", limit_bytes=100) as part:
        part.write(b"abc", b"", b"defgh", b"i")
        part.write(b"jk")
        part.finish()
    assert (tmp_path / "a").read_bytes() == b"abcdefghijk"


def test_the_free_share_is_that_of_its_disk(tmp_path):
    store = open_store(f"file://{tmp_path}/not/there/yet")
    share = store.free_share()
    assert share is not None
    assert FREE_SHARE_AT_LEAST < share <= 1


def test_only_our_user_may_read_it(tmp_path):
    store = open_store(f"file://{tmp_path}/store")
    store.put("a/b", [b"abc"], limit_bytes=3)
    modes = {p.name: p.stat().st_mode & 0o777 for p in (tmp_path / "store").rglob("*")}
    assert modes == {".parts": 0o700, "a": 0o700, "b": 0o600}
    assert (tmp_path / "store").stat().st_mode & 0o777 == 0o700
