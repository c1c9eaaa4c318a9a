"""What is wrong before the start is one sentence that says what to do."""

import os
import socket
import threading
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


class Redis(threading.Thread):
    """A server that answers each line group of a connection with one given line."""

    def __init__(self, answer):
        super().__init__(daemon=True)
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port, self.answer = self.listening.getsockname()[1], answer

    def run(self):
        with self.listening, self.listening.accept()[0] as wire:
            wire.recv(1024)
            wire.sendall(self.answer)


def test_a_broker_that_is_away_turns_away_or_is_no_address_is_told():
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        with pytest.raises(CannotGoOn, match=r"cannot be reached: .*refused.*REDIS_URL"):
            before.check_broker(f"redis://127.0.0.1:{nobody.getsockname()[1]}/0")
    stranger = Redis(b"-WRONGPASS invalid username-password pair\r\n")
    stranger.start()
    with pytest.raises(CannotGoOn, match="turns us away") as told:
        before.check_broker(f"redis://:hidden@127.0.0.1:{stranger.port}/0")
    assert "hidden" not in str(told.value)
    stranger.join()
    for nonsense in ("amqp://localhost", "localhost:6379"):
        with pytest.raises(CannotGoOn, match="is not an address of a Redis"):
            before.check_broker(nonsense)


def test_a_broker_that_answers_is_taken():
    before.check_broker(os.environ["JZ_TEST_REDIS_URL"])


def test_a_store_that_takes_nothing_is_told(tmp_path):
    def given(address):
        return before.check_settings({**GOOD, "STORAGE_URL": address})

    before.check_store(given((tmp_path / "new").as_uri()))
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotGoOn, match=r"No photo can be stored at file://.*/file/x \(STORAGE_URL\)"):
        before.check_store(given((tmp_path / "file" / "x").as_uri()))
    with pytest.raises(CannotGoOn, match=r"No photo can be stored at file:///proc/photos"):
        before.check_store(given("file:///proc/photos"))
    with pytest.raises(CannotGoOn, match="neither file:///folder nor s3://bucket/prefix"):
        before.check_store(given("/srv/photos"))
    with pytest.raises(CannotGoOn, match=r"No photo can be stored at s3://photos/x"):
        before.check_store(given("s3://photos/x?endpoint=http://127.0.0.1:1"))
