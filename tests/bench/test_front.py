"""The shipped nginx configuration, run in front of the real application: what it keeps, hides, limits and says."""

import http.client
import json
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
import uvicorn

from api.public.formats.atom import PATH
from api.public.quick_feed import QuickFeed
from api.public.raw_feed import RawFeed
from bench import front
from cases.intake import guessing
from cli import serve
from kit.buckets import Bucket
from kit.settings import settings

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"

JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Door:
    """The two doors of an nginx: where it would speak TLS, and where it would not."""

    port: int
    plain_port: int

    def ask(
        self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes | None = None, port: int = 0
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=60)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            told = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, told, answer.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, {name.replace("_", "-"): value for name, value in headers.items()})


@pytest.fixture
def application(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[RawFeed]:
    monkeypatch.setenv("JZ_TRUSTED_PROXIES", "127.0.0.1")
    settings.cache_clear()
    made = serve.application()
    assert isinstance(made, RawFeed)
    yield made
    settings.cache_clear()


@pytest.fixture
def door(application: RawFeed, tmp_path: Path) -> Iterator[Door]:
    """A client of the nginx in front of a running API."""
    inside = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(application, http=QuickFeed, log_level="error", access_log=False, proxy_headers=False)
    server = uvicorn.Server(config)
    hand = threading.Thread(target=server.run, kwargs={"sockets": [inside]})
    hand.start()
    opened = Door(_free_port(), _free_port())
    doors = [f"127.0.0.1:{port}" for port in (opened.port, opened.plain_port, inside.getsockname()[1])]
    file = tmp_path / "nginx.conf"
    file.write_text(front.configuration(tmp_path, listen=doors[0], door=doors[1], api=doors[2]))
    nginx = subprocess.Popen([NGINX, "-c", file], stderr=subprocess.DEVNULL)
    while not server.started or not _listens(opened.port):
        assert nginx.poll() is None
        time.sleep(0.05)
    yield opened
    nginx.terminate()
    nginx.wait(20)
    server.should_exit = True
    hand.join(20)
    inside.close()


def _free_port() -> int:
    with socket.socket() as wire:
        wire.bind(("127.0.0.1", 0))
        return int(wire.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as wire:
        return wire.connect_ex(("127.0.0.1", port)) == 0


def test_nginx_reads_the_file_with_its_certificates(tmp_path):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-subj", "/CN=t", "-days", "1",
         "-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    text = front.SHIPPED.read_text().replace("/etc/ssl/jingzhong", str(tmp_path))
    text = text.replace("/var/cache/nginx/jingzhong", f"{tmp_path}/cache").replace("/var/log/nginx", str(tmp_path))
    around = f"pid {tmp_path}/pid; error_log {tmp_path}/log; events {{}} http {{ {text} }}"
    (tmp_path / "nginx.conf").write_text(around)
    done = subprocess.run([NGINX, "-t", "-c", tmp_path / "nginx.conf"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_feed_is_kept_and_what_a_reader_knows_is_not_sent_again(door, application):
    first = door.get(PATH)
    asked = sum(application.answered.values())
    known = door.get(PATH, If_None_Match=first.headers["etag"])
    assert (known.status, known.body) == (304, b"")
    assert door.get(PATH, Cookie="a=b", Authorization="Bearer x").body == first.body
    assert first.headers["cache-control"].startswith("public")
    assert sum(application.answered.values()) <= asked + 1  # one more if two seconds have passed


def test_a_withdrawal_is_in_force_within_seconds_and_nothing_stale_is_told(door, application):
    old = door.get(PATH)
    application._keeper.get_loop().call_soon_threadsafe(application._keeper.cancel)
    application.ready = None  # as when the database has been away for a minute
    deadline = time.monotonic() + 30
    while (answer := door.get(PATH)).status == 200:
        assert answer.body == old.body
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert answer.status == 503


@pytest.mark.parametrize("path", ["/app/", "/app/sw.js", "/app/manifest.webmanifest", "/static/0/jingzhong.css"])
def test_the_citizens_app_comes_compressed_with_its_policy(door, path):
    packed = door.get(path, Accept_Encoding="gzip")

    assert (packed.status, packed.headers["content-encoding"]) == (200, "gzip")
    assert packed.headers.get("content-security-policy") == door.get(path).headers.get("content-security-policy")


def test_a_compressed_feed_says_that_it_varies_and_is_known_by_its_weak_tag(door):
    packed = door.get(PATH, Accept_Encoding="gzip")
    assert "accept-encoding" in packed.headers["vary"].lower()
    again = door.get(PATH, If_None_Match=packed.headers["etag"], Accept_Encoding="gzip")
    assert again.status == 304


def test_an_address_that_a_client_claims_is_not_believed(door, monkeypatch):
    monkeypatch.setattr(guessing, "GUESSES", Bucket(f"test-{uuid4()}", burst=1, per_hour=1))
    statuses = [
        door.ask("POST", "/m/v1/tracking", {**JSON, "X-Forwarded-For": claimed}, b'{"tracking_code": "0000"}').status
        for claimed in ("203.0.113.7", "127.0.0.1, 198.51.100.8")
    ]
    assert statuses[0] != 429
    assert statuses[1] == 429


@pytest.mark.parametrize(("path", "size", "status"), [
    ("/m/v1/reports", 300_000, 413),
    ("/m/v1/photos", 300_000, 422),
    ("/m/v1/photos", 22_100_000, 413),
])  # fmt: skip
def test_a_body_has_the_size_its_path_allows_and_a_refusal_is_a_problem(door, path, size, status):
    kind = "multipart/form-data; boundary=b"
    answer = door.ask("POST", path, {"Content-Type": kind}, b"-" * size)
    assert answer.status == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert json.loads(answer.body)["status"] == status


def test_plain_http_is_sent_to_the_encrypted_door_and_readiness_is_nobodys_business(door):
    plain = door.ask("GET", "/exposures", {"Host": "h"}, port=door.plain_port)
    assert (plain.status, plain.headers["location"]) == (301, "https://h/exposures")
    assert door.get("/readyz").status == 404
    assert door.get("/healthz").status == 200
