"""What the API tells a scraper: counts by route, and nothing of anybody."""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from starlette.testclient import TestClient

from api import metrics
from api.app import create_app
from api.public.formats.atom import PATH
from api.public.raw_feed import RawFeed
from cli.places import Places
from kit import metrics as kit_metrics
from kit.settings import settings
from web import app as pages

CODE = "7H3K-9Q2M-4XWD-0ABC"


@pytest.fixture
def told() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def client(database_url: str, told: CollectorRegistry) -> Iterator[TestClient]:
    app = create_app()
    pages.install(app)
    feed = RawFeed(app)
    metrics.install(app, feed, told)
    with TestClient(feed, raise_server_exceptions=False) as opened:
        yield opened


def _lines(told: CollectorRegistry, name: str) -> list[str]:
    return [line for line in generate_latest(told).decode().splitlines() if line.startswith(name)]


def test_requests_are_counted_by_route_as_the_code_writes_it(client, told):
    client.get("/open/exposures/nobody-1")
    client.get("/open/exposures/nobody-2")
    client.post("/m/v1/reports", json={})
    client.post("/m/v1/tracking", json={"tracking_code": CODE})
    client.get("/healthz")
    assert set(_lines(told, "jz_http_requests_total")) == {
        'jz_http_requests_total{method="GET",route="/open/exposures/{public_id}",status="404"} 2.0',
        'jz_http_requests_total{method="POST",route="/m/v1/reports",status="422"} 1.0',
        'jz_http_requests_total{method="POST",route="/m/v1/tracking",status="422"} 1.0',
        'jz_http_requests_total{method="GET",route="/healthz",status="200"} 1.0',
    }


def test_what_people_type_never_becomes_a_label(client, told):
    for path in (f"/q/{CODE}", f"/{CODE}", f"/open/exposures/{CODE}", f"/m/v1/{CODE}?name=%E7%8E%8B"):
        client.get(path, headers={"User-Agent": "Wang"})
    client.request(CODE, "/healthz")
    text = generate_latest(told).decode()
    assert CODE not in text
    assert "E7" not in text
    assert "Wang" not in text
    assert 'route="other"' in text
    assert 'method="other"' in text
    labels = set(re.findall(r'(\w+)="', text))
    assert labels <= {"method", "route", "status", "path", "pool", "le"}


def test_the_feed_the_queue_of_intake_and_the_pools_are_told(client, told):
    client.get(PATH)
    client.get(PATH, headers={"If-None-Match": "*"})
    assert _lines(told, "jz_feed_requests_total") == [
        f'jz_feed_requests_total{{path="{PATH}",status="200"}} 1.0',
        f'jz_feed_requests_total{{path="{PATH}",status="304"}} 1.0',
    ]
    assert _lines(told, "jz_intake_waiting") == ["jz_intake_waiting 0.0"]
    assert len(_lines(told, "jz_database_connections{")) == 2


def test_a_second_process_of_the_api_has_the_port_ten_above(monkeypatch):
    first = _free_ports()
    monkeypatch.setenv("JZ_METRICS_PORT", str(first))
    monkeypatch.setenv("JZ_API_PROCESSES", "2")
    settings.cache_clear()
    try:
        ports = [kit_metrics.serve(kit_metrics.registry(), kit_metrics.API) for _ in range(3)]
    finally:
        settings.cache_clear()
    assert ports == [first, first + 10, None]


@pytest.mark.parametrize("process", ["serve", "relay", "worker"])
def test_each_process_answers_scrapes_on_its_own_port(database_url, monkeypatch, process):
    first = _free_ports()
    port = first + ("serve", "worker", "relay").index(process)
    monkeypatch.setenv("JZ_METRICS_PORT", str(first))
    monkeypatch.setenv("JZ_PORT", str(_free_ports()))
    monkeypatch.setenv("DATABASE_URL", database_url)
    running = subprocess.Popen([sys.executable, "-P", "-m", "cli", process], cwd=Places().root)
    try:
        text = _scraped(running, port)
    finally:
        running.terminate()
        running.wait(60)
    assert "process_resident_memory_bytes" in text
    if process == "relay":
        assert "jz_jobs_due" in text
        assert "jz_database_answers 1.0" in text


def _scraped(running: "subprocess.Popen[bytes]", port: int) -> str:
    while running.poll() is None:
        try:
            with build_opener(ProxyHandler({})).open(f"http://127.0.0.1:{port}/metrics", timeout=20) as answer:
                return answer.read().decode()
        except (URLError, ConnectionError):
            time.sleep(0.1)
    pytest.fail("it ended")


def _free_ports() -> int:
    """A port that is free, like the three after it and the one ten above."""
    while True:
        with socket.socket() as wire:
            wire.bind(("127.0.0.1", 0))
            port = int(wire.getsockname()[1])
        if port < 60_000 and all(_is_free(port + more) for more in (0, 1, 2, 3, 10)):
            return port


def _is_free(port: int) -> bool:
    with socket.socket() as wire:
        return wire.connect_ex(("127.0.0.1", port)) != 0
