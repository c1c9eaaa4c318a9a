"""The feed from inside the protocol says what the feed before the framework says, and answers nothing it should not."""

import asyncio
import socket
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from api.public.formats.atom import PATH
from api.public.quick_feed import QuickFeed
from api.public.raw_feed import RawFeed, Ready
from tests.serving import serving

PLAIN = f"GET {PATH} HTTP/1.1\r\nHost: t\r\n\r\n".encode()


class Wire:
    """A connection that sends bytes as they are, and reads one answer at a time."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.file = self.socket.makefile("rb")

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def read(self, *, has_body: bool = True) -> tuple[int, dict[str, str], bytes]:
        status = int(self.file.readline().split()[1])
        headers = {}
        while line := self.file.readline().strip():
            name, _, value = line.decode().partition(": ")
            headers[name.lower()] = value
        body = b""
        if has_body and status != 304:
            body = self.file.read(int(headers["content-length"]))
        return status, headers, body

    def ask(self, request: bytes, *, has_body: bool = True) -> tuple[int, dict[str, str], bytes]:
        self.send(request)
        return self.read(has_body=has_body)

    def is_closed(self) -> bool:
        return self.file.read(1) == b""


async def _inner(scope, receive, send):
    """What stands behind the feed here: it takes a moment, and says what it was asked."""
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    await asyncio.sleep(0.1)
    said = f"inner {scope['method']} {scope['path']}".encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(said))]})
    await send({"type": "http.response.body", "body": said})


@pytest.fixture
def feed(database_url: str) -> RawFeed:
    return RawFeed(_inner)


@pytest.fixture
def wire(feed: RawFeed) -> Iterator[Wire]:
    with serving(feed, http=QuickFeed, loop="uvloop", proxy_headers=False) as port:
        opened = Wire(port)
        yield opened
        opened.file.close()
        opened.socket.close()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What was answered inside the protocol."""
    told: list[bytes] = []
    chosen = QuickFeed._chosen

    def listening(self: QuickFeed) -> bytes | None:
        answer = chosen(self)
        if answer is not None:
            told.append(answer)
        return answer

    monkeypatch.setattr(QuickFeed, "_chosen", listening)
    return told


def _same(one: tuple[int, dict[str, str], bytes], other: tuple[int, dict[str, str], bytes]) -> bool:
    dateless = [{name: value for name, value in headers.items() if name != "date"} for _, headers, _ in (one, other)]
    return one[0] == other[0] and dateless[0] == dateless[1] and one[2] == other[2] and "date" in one[1]


def _spelled(method: str, target: str, *headers: str) -> bytes:
    return "\r\n".join([f"{method} {target} HTTP/1.1", "Host: t", *headers, "", ""]).encode()


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "headers", [(), ("If-None-Match: *",), ('If-None-Match: "other"',), ("Connection: keep-alive",)]
)
def test_it_says_what_the_feed_before_the_framework_says(wire, quick, method, headers):
    has_body = method == "GET"
    ready = wire.ask(_spelled(method, PATH, *headers), has_body=has_body)
    assert len(quick) == 1
    slow = wire.ask(_spelled(method, f"{PATH}?slow", *headers), has_body=has_body)
    assert len(quick) == 1
    assert _same(ready, slow)
    assert ready[0] == (304 if headers == ("If-None-Match: *",) else 200)


def test_a_reader_that_knows_the_document_is_told_so(wire, quick):
    tag = wire.ask(PLAIN)[1]["etag"]
    for sent in (tag, f"W/{tag}", f'"older", {tag}'):
        status, headers, _ = wire.ask(_spelled("GET", PATH, f"If-None-Match: {sent}"))
        assert (status, headers["etag"]) == (304, tag)
    assert len(quick) == 4


@pytest.mark.parametrize(
    "request_",
    [
        _spelled("GET", f"{PATH}?page=2"),
        _spelled("GET", PATH.replace("atom", "%61tom")),
        _spelled("GET", f"http://t{PATH}"),
        _spelled("GET", PATH, "Content-Length: 3") + b"abc",
        _spelled("GET", PATH, "Transfer-Encoding: chunked") + b"3\r\nabc\r\n0\r\n\r\n",
        _spelled("GET", PATH, "Upgrade: h2c", "Connection: keep-alive"),
        _spelled("POST", PATH, "Content-Length: 0"),
        _spelled("GET", PATH + "/"),
    ],
)
def test_what_is_out_of_the_ordinary_takes_the_servers_own_way(wire, quick, request_):
    assert wire.ask(request_)[0] == 200
    assert not quick
    assert wire.ask(PLAIN)[0] == 200  # and the connection is as good as before
    assert len(quick) == 1


@pytest.mark.parametrize(
    "request_",
    [PLAIN.replace(b"1.1", b"1.0"), _spelled("GET", PATH, "Connection: close"), PLAIN.replace(b"GET", b"GET\x00")],
)
def test_a_connection_that_is_to_end_ends(wire, quick, request_):
    wire.send(request_)
    assert wire.read()[0] in {200, 400}
    assert wire.is_closed()
    assert not quick


def test_answers_come_in_the_order_of_the_requests(wire):
    wire.send(
        PLAIN + _spelled("POST", "/slow", "Content-Length: 2") + b"ab" + PLAIN + _spelled("GET", "/other") + PLAIN
    )
    bodies = [wire.read()[2] for _ in range(5)]
    assert bodies[1] == b"inner POST /slow"
    assert bodies[3] == b"inner GET /other"
    assert bodies[0] == bodies[2] == bodies[4]
    assert bodies[0].startswith(b"<?xml")


def test_requests_in_pieces_are_put_together(wire, quick):
    for at in range(0, len(PLAIN), 7):
        wire.send(PLAIN[at : at + 7])
        time.sleep(0.005)
    assert wire.read()[0] == 200
    assert len(quick) == 1


def test_a_reader_that_asks_and_does_not_read_fills_no_memory(wire, feed, quick):
    """An answer may be a thousand times its request: once the line is full, what is asked waits as on any path."""
    many, body = 200, b"x" * 500_000
    _keep(feed, replace(feed.ready, body=body, full=[(b"content-length", b"%d" % len(body))]))
    wire.send(PLAIN * many)
    assert [len(wire.read()[2]) for _ in range(many)] == [len(body)] * many
    assert 0 < len(quick) < many


def _keep(feed: RawFeed, ready: Ready | None) -> None:
    """Let this be the document, and nobody make another."""
    feed._keeper.get_loop().call_soon_threadsafe(feed._keeper.cancel)
    feed.ready = ready


def test_without_a_document_it_says_so(wire, feed, quick):
    _keep(feed, None)
    status, headers, _ = wire.ask(PLAIN)
    assert (status, headers["retry-after"]) == (503, "5")
    assert not quick


def test_what_is_answered_is_counted(wire, feed):
    wire.ask(PLAIN)
    wire.ask(_spelled("GET", PATH, "If-None-Match: *"))
    wire.ask(_spelled("GET", f"{PATH}?slow"))
    assert feed.answered == {200: 2, 304: 1}
