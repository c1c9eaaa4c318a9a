"""The public record over HTTP, from the whole application as `serve` mounts it."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.testclient import TestClient

from kit.settings import settings
from tests import published


@pytest.fixture(scope="module")
def client(database_url: str) -> Iterator[TestClient]:
    from cli.serve import application  # noqa: PLC0415 - settings exist only now

    with TestClient(application(), raise_server_exceptions=False) as opened:
        yield opened


publish = pytest.fixture(published.publishing)


@pytest.fixture
def withdrawn(publish: published.Publish) -> str:
    """The tombstone of an exposure that was withdrawn."""
    return publish(**published.gone())


@pytest.fixture
def served(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a real server, which knows that this is its address."""
    from cli.serve import application  # noqa: PLC0415 - settings exist only now

    door = socket.create_server(("127.0.0.1", 0))
    base = f"http://127.0.0.1:{door.getsockname()[1]}"
    monkeypatch.setattr(settings(), "public_url", base)
    server = uvicorn.Server(uvicorn.Config(application(), log_level="error", access_log=False, proxy_headers=False))
    hand = threading.Thread(target=server.run, kwargs={"sockets": [door]})
    hand.start()
    while not server.started:
        time.sleep(0.02)
    yield base
    server.should_exit = True
    hand.join(20)
    door.close()
