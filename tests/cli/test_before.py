"""What is wrong before the start is one sentence that says what to do."""

import socket
from types import SimpleNamespace

import pytest

from cli import before
from cli.places import Places
from cli.refusal import CannotGoOn

GOOD = {
    "DATABASE_URL": "postgresql+psycopg://owner:secret@/jingzhong?host=/run",
    "REDIS_URL": "redis://localhost/0",
    "STORAGE_URL": "file:///tmp/x",
    "JZ_SECRET_KEY": "k" * 64,
    "JZ_VAULT_PUBLIC_KEY": "0" * 64,
}


def test_good_settings_are_taken_and_foreign_names_ignored():
    assert before.check_settings({**GOOD, "JZ_PORT": "8123", "HOME": "/root"}).port == 8123


@pytest.mark.parametrize(
    ("name", "value"),
    [("JZ_PORT", "eighty"), ("JZ_PORT", "70000"), ("JZ_SECRET_KEY", "short"), ("JZ_VAULT_PUBLIC_KEY", "zz")],
)
def test_a_bad_setting_is_named(name, value):
    with pytest.raises(CannotGoOn, match=f"{name} is not usable.*.env.example"):
        before.check_settings({**GOOD, name: value})


def test_a_secret_is_not_repeated_in_the_sentence():
    with pytest.raises(CannotGoOn) as refused:
        before.check_settings({**GOOD, "JZ_SECRET_KEY": "my short secret"})

    assert "my short secret" not in str(refused.value)


def test_a_taken_port_is_told_with_a_free_one():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(CannotGoOn, match=rf"Port {port} is taken.*JZ_PORT=\d+ ./jz up"):
            before.check_port("127.0.0.1", port)

    before.check_port("127.0.0.1", port)


def test_an_address_of_another_machine_is_told():
    with pytest.raises(CannotGoOn, match="not an address of this machine"):
        before.check_port("192.0.2.1", 8000)


def test_a_full_disk_is_told_in_megabytes(tmp_path, monkeypatch):
    places = Places(tmp_path)
    places.make()
    monkeypatch.setattr(before.shutil, "disk_usage", lambda _path: SimpleNamespace(free=500 << 20))

    before.check_room(places, is_new=False)
    with pytest.raises(CannotGoOn, match=r"Only 500 MB are free.*1024 MB are needed"):
        before.check_room(places, is_new=True)
