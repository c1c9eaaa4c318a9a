"""The virtual environment follows the locks, and pip's configuration of the machine is honoured."""

import re
import subprocess
import sys
from pathlib import Path

from cli import provision

LISTING = """\
:env:.default-timeout='180'
:env:.find-links='/no/such/folder {here}'
global.cert='/etc/ssl/certs/ca-certificates.crt'
global.extra-index-url='\\nfile:///no/such/index\\nfile://{here}'
global.find-links='/elsewhere'
global.index-url='https://global.example/simple'
install.index-url='https://install.example/simple'
"""


def test_the_environment_wins_over_install_and_install_over_global():
    settings = provision.parse_pip_settings(LISTING.format(here="/here"))

    assert settings["find-links"] == "/no/such/folder /here"
    assert settings["index-url"] == "https://install.example/simple"
    assert settings["cert"] == "/etc/ssl/certs/ca-certificates.crt"


def test_uv_is_told_what_pip_knows_and_not_of_places_that_do_not_exist(tmp_path):
    pip = provision.parse_pip_settings(LISTING.format(here=tmp_path))

    uv = provision.uv_settings(pip, {})

    assert uv["UV_DEFAULT_INDEX"] == "https://install.example/simple"
    assert uv["UV_FIND_LINKS"] == str(tmp_path)
    assert uv["SSL_CERT_FILE"] == "/etc/ssl/certs/ca-certificates.crt"
    assert uv["UV_HTTP_TIMEOUT"] == "180"
    assert "/no/such/index" not in uv["UV_INDEX"]
    assert "UV_OFFLINE" not in uv


def test_what_is_said_to_uv_itself_stays():
    uv = provision.uv_settings({"index-url": "https://pip.example/simple"}, {"UV_DEFAULT_INDEX": "https://uv.example"})

    assert "UV_DEFAULT_INDEX" not in uv


def test_without_any_configuration_uv_keeps_its_own_defaults():
    assert set(provision.uv_settings({}, {})) == {"UV_INDEX_STRATEGY", "UV_LINK_MODE", "UV_PYTHON_DOWNLOADS"}


def test_an_environment_made_for_tests_also_serves_for_running(tmp_path):
    for lock in provision.LOCKS.values():
        (tmp_path / lock).write_text(lock)

    assert set(provision.stamp("run", tmp_path)) < set(provision.stamp("test", tmp_path))


def test_a_changed_lock_changes_the_stamp(tmp_path):
    for lock in provision.LOCKS.values():
        (tmp_path / lock).write_text(lock)
    before = provision.stamp("run", tmp_path)

    (tmp_path / "requirements.lock").write_text("another")

    assert provision.stamp("run", tmp_path) != before


def test_no_lock_names_a_registry():
    for lock in Path(provision.ROOT).glob("requirements*.lock"):
        assert "://" not in lock.read_text(), lock.name
        assert "--hash=sha256:" in lock.read_text(), lock.name


def test_too_little_room_is_told_before_anything_is_fetched(tmp_path):
    program = tmp_path / "cli" / "provision.py"
    program.parent.mkdir()
    room = re.sub(r"ROOM = \{.*\}", 'ROOM = {"run": 1 << 60, "test": 1 << 60}', Path(provision.__file__).read_text())
    program.write_text(room)
    for lock in provision.LOCKS.values():
        (tmp_path / lock).write_text("")

    done = subprocess.run([sys.executable, "-I", program, "run"], capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert re.fullmatch(r"jz: Only \d+ MB are free at .*; Python packages need \d+ MB. Make room first.\n", done.stderr)
    assert not (tmp_path / ".venv").exists()
