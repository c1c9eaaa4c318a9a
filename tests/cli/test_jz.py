"""The shell door: help without any set-up, and one clear sentence where it cannot go on."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cli.app import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
TOOLS = [
    "sh",
    "cat",
    "dirname",
    "readlink",
    "mkdir",
    "flock",
    "id",
    "tr",
    "sed",
    "awk",
    "df",
    "grep",
    "tail",
    "sort",
    "tee",
    "env",
    "echo",
    "printf",
]


@pytest.fixture
def checkout(tmp_path):
    """A clone in which nothing was ever installed."""
    folder = tmp_path / "with space 警钟"
    (folder / "cli").mkdir(parents=True)
    shutil.copy(ROOT / "jz", folder)
    shutil.copy(ROOT / "cli" / "provision.py", folder / "cli")
    return folder


@pytest.fixture
def bare(tmp_path):
    """A PATH with the plainest tools only: no Python, no apt-get, no sudo."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in TOOLS:
        (folder / name).symlink_to(shutil.which(name))
    return folder


def jz(checkout, *arguments, path=None):
    # An address of a server in the environment would be one thing less to install.
    plain = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    environment = {**plain, "PATH": str(path or os.environ["PATH"])}
    return subprocess.run(
        ["/bin/sh", str(checkout / "jz"), *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def fake(folder, name, script):
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


@pytest.mark.parametrize("arguments", [[], ["help"], ["--help"], ["up", "--help"]])
def test_help_needs_no_set_up_and_makes_nothing(checkout, bare, arguments):
    said = jz(checkout, *arguments, path=bare)

    assert said.returncode == 0
    assert "./jz" in said.stdout
    assert not (checkout / ".local").exists()


def test_every_command_in_the_short_help_exists(checkout):
    lines = [line.split() for line in jz(checkout, "help").stdout.splitlines() if line.startswith("  ")]
    named = {line[0] for line in lines}

    assert {"up", "down", "test"} <= named <= set(COMMANDS)


@pytest.mark.parametrize("command", ["down", "status", "logs", "reset"])
def test_looking_after_what_was_never_set_up_installs_nothing(checkout, command):
    said = jz(checkout, command)

    assert (said.returncode, said.stderr) == (1, "jz: Nothing is set up here yet. Run ./jz up first.\n")
    assert not (checkout / ".local").exists()


def test_a_system_without_apt_is_told_what_to_install(checkout, bare):
    said = jz(checkout, "up", path=bare)

    assert said.returncode == 1
    assert said.stderr.startswith("jz: This system has no apt-get. Install this by other means")
    assert "python3" in said.stderr
    assert "Redis 6 or newer" in said.stderr
    assert len(said.stderr.splitlines()) == 1


def test_an_old_python_does_not_count(checkout, bare):
    fake(bare, "python3", "exit 1")

    said = jz(checkout, "up", path=bare)

    assert said.returncode == 1
    assert "python3" in said.stderr


@pytest.mark.skipif(os.getuid() != 0, reason="only root can look like somebody else")
@pytest.mark.parametrize(
    ("sudo", "sentence"),
    [
        (None, "You are not root and there is no sudo."),
        ("exit 1", "sudo wants a password and nobody is there to type it."),
    ],
)
def test_somebody_who_may_not_install_is_told_what_to_ask_for(checkout, bare, sudo, sentence):
    (bare / "id").unlink()
    fake(bare, "id", "echo 1000")
    fake(bare, "apt-get", "echo must not be called >&2; exit 1")
    if sudo:
        fake(bare, "sudo", sudo)

    said = jz(checkout, "up", path=bare)

    assert said.returncode == 1
    assert said.stderr.startswith(f"jz: {sentence} Install this by other means")
    assert "must not be called" not in said.stderr


def test_a_full_disk_is_told_before_anything_is_fetched(checkout, bare):
    (bare / "df").unlink()
    fake(bare, "df", "printf 'head\\n/dev/x 1 1 204800 99%% /\\n'")
    (bare / "id").unlink()
    fake(bare, "id", "echo 0")
    fake(bare, "apt-get", "echo must not be called >&2; exit 1")

    said = jz(checkout, "up", path=bare)

    assert said.returncode == 1
    assert "Only 200 MB are free" in said.stderr
    assert "must not be called" not in said.stderr


def test_a_failed_installation_shows_the_end_of_its_log(checkout, bare):
    (bare / "id").unlink()
    fake(bare, "id", "echo 0")
    fake(bare, "apt-get", "case $* in *install*) echo E: no such thing; exit 100;; esac")
    fake(bare, "apt-cache", "[ $1 = pkgnames ] && printf 'postgresql-9-postgis-3\\npostgresql-16-postgis-3\\n'; exit 0")
    fake(bare, "dpkg-query", "echo 'installed postgresql'")

    said = jz(checkout, "up", path=bare)

    assert said.returncode == 1
    assert "E: no such thing" in said.stderr
    assert "The system packages could not be installed." in said.stderr
    assert "postgresql-9-" not in said.stdout


def test_it_finds_itself_through_a_link_and_from_any_folder(checkout, tmp_path):
    (tmp_path / "link").symlink_to(checkout / "jz")

    said = subprocess.run(
        [str(tmp_path / "link"), "status"], cwd="/", capture_output=True, text=True, check=False, timeout=30
    )

    assert "Nothing is set up here yet" in said.stderr


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
def test_a_checkout_that_somebody_else_has_set_up_is_left_to_them(checkout):
    (checkout / ".local").mkdir()
    os.chown(checkout / ".local", 12345, 12345)

    said = jz(checkout, "up")

    assert said.returncode == 1
    assert said.stderr.endswith("belongs to another user, who has run this before. Run it as that user.\n")
    assert len(said.stderr.splitlines()) == 1


def test_a_folder_that_cannot_be_written_is_one_sentence(checkout):
    (checkout / ".local" / "install.lock").mkdir(
        parents=True
    )  # what stands in the way here; a disk to read only does, too

    said = jz(checkout, "up")

    assert said.returncode == 1
    assert "/.local cannot be written. Check its owner" in said.stderr
    assert len(said.stderr.splitlines()) == 1


def test_an_installation_that_was_interrupted_is_mended_first(checkout, bare):
    (bare / "id").unlink()
    fake(bare, "id", "echo 0")
    fake(bare, "dpkg", f"echo dpkg $* >>{bare}/calls")
    fake(bare, "apt-get", f"echo apt-get $* >>{bare}/calls; case $* in *install*) exit 100;; esac")
    fake(bare, "apt-cache", "[ $1 = pkgnames ] && echo postgresql-16-postgis-3; exit 0")
    fake(bare, "dpkg-query", "echo 'installed postgresql'")

    jz(checkout, "up", path=bare)

    calls = (bare / "calls").read_text().splitlines()
    assert calls.index("dpkg --configure -a") < next(n for n, call in enumerate(calls) if " install " in call)


def test_ctrl_c_while_packages_are_installed_is_one_sentence_and_does_not_count_as_done(checkout):
    for lock in ("requirements.lock", "requirements-tools.lock"):
        (checkout / lock).write_text("")
    listening = ["env", "--default-signal=INT"]  # a test that runs in the background inherits deafness
    program = [*listening, sys.executable, "-I", str(checkout / "cli" / "provision.py"), "run"]

    with subprocess.Popen(
        program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as run:
        assert run.stdout.readline() == "jz: installing Python packages from requirements.lock ...\n"
        os.killpg(run.pid, signal.SIGINT)
        said = run.communicate(timeout=30)[1]

    assert (run.returncode, said) == (130, "jz: interrupted. Run it again to go on.\n")
    assert not (checkout / ".venv" / "jingzhong-stamp").exists()
    again = subprocess.run(program, capture_output=True, text=True, check=False, timeout=120)
    assert "No module named pip" not in (checkout / ".local" / "log" / "install.log").read_text()
    assert again.returncode == 0, again.stderr
    assert (checkout / ".venv" / "jingzhong-stamp").exists()
