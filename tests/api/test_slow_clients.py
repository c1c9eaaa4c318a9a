"""T15, G16: whoever drips is cut off by the server itself, over real sockets; whoever is only slow is served."""

import socket
import threading
import time

import pytest
import uvicorn

from api.public.quick_feed import QuickFeed
from api.slow_clients import MOST_HEAD

BIG = 32 * 1024 * 1024


class Hasty(QuickFeed):
    """The same with less patience, so that a test need not have more."""

    HEAD_S = 0.6
    BODY_S = 0.6
    RATE = 64 * 1024
    READ_S = 0.6
    LOOK_S = 0.1


async def application(scope, receive, send):
    """Reads all, and says how much; `/big` says more than any buffer holds."""
    if scope["type"] == "lifespan":
        while (await receive())["type"] != "lifespan.shutdown":
            await send({"type": "lifespan.startup.complete"})
        await send({"type": "lifespan.shutdown.complete"})
        return
    taken, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        taken, more = taken + len(message.get("body", b"")), message.get("more_body", False)
    body = b"x" * BIG if scope["path"] == "/big" else str(taken).encode()
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture(scope="module")
def server():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(
        application, host="127.0.0.1", port=port, http=Hasty, log_level="error", access_log=False, timeout_keep_alive=1
    )
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run)
    thread.start()
    while not running.started:
        time.sleep(0.01)
    yield running, port
    running.should_exit = True
    thread.join(timeout=20)
    assert not thread.is_alive()


@pytest.fixture
def connect(server):
    opened = []

    def _connect(*, buffer=None):
        one = socket.socket()
        if buffer:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        one.settimeout(10)
        one.connect(("127.0.0.1", server[1]))
        opened.append(one)
        return one

    yield _connect
    for one in opened:
        one.close()


def drip(connection, piece, *, every=0.05, limit_s=5):
    """Send a piece again and again; gives how long that was borne."""
    began = time.monotonic()
    while time.monotonic() - began < limit_s:
        try:
            connection.sendall(piece)
        except OSError:
            break
        time.sleep(every)
    return time.monotonic() - began


def all_of(connection):
    said = b""
    try:
        while piece := connection.recv(65536):
            said += piece
    except ConnectionResetError:
        pass
    return said


def is_refused(said, status, code):
    head, _, body = said.partition(b"\r\n\r\n")
    return head.startswith(b"HTTP/1.1 " + status) and b"application/problem+json" in head and code in body


def test_who_connects_and_says_nothing_is_let_go(connect):
    connection, began = connect(), time.monotonic()
    assert is_refused(all_of(connection), b"408", b"request.too_slow")
    assert 0.4 < time.monotonic() - began < 3


@pytest.mark.parametrize("begun", [b"", b"GET /plain HTTP/1.1\r\nHost: x\r\n", b"POST /plain HTTP/1.1\r\n"])
def test_a_head_that_drips_is_cut(connect, begun):
    connection = connect()
    connection.sendall(begun or b"GET /")
    assert drip(connection, b"X-A: b\r\n" if begun else b"a") < 3


@pytest.mark.parametrize("length", [b"Content-Length: 1000", b"Transfer-Encoding: chunked"])
def test_a_body_that_drips_is_cut_although_it_never_rests(connect, server, length):
    """A time limit for each read, as nginx has it, never ends this."""
    connection = connect()
    connection.sendall(b"POST /plain HTTP/1.1\r\nHost: x\r\n" + length + b"\r\n\r\n")
    limit = 0.6 + 256 * 1024 / Hasty.RATE if b"chunked" in length else 0.6
    assert drip(connection, b"1\r\nx\r\n" if b"chunked" in length else b"x", limit_s=10) < limit + 2
    assert not server[0].server_state.tasks  # nor does anything wait for it within


def test_a_body_is_given_the_time_that_its_size_needs(connect):
    """A photo over a bad network: slower than the limit of a short body, and taken."""
    connection = connect()
    connection.sendall(b"POST /plain HTTP/1.1\r\nHost: x\r\nContent-Length: 131072\r\n\r\n")
    for _ in range(16):
        connection.sendall(b"x" * 8192)
        time.sleep(0.08)
    assert b"131072" in connection.recv(65536)


def test_a_reader_that_does_not_read_is_let_go(connect, server):
    connection = connect(buffer=4096)
    connection.sendall(b"GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
    time.sleep(2.5)
    assert len(all_of(connection)) < BIG
    assert not server[0].server_state.connections


def test_a_head_without_end_is_refused(connect):
    connection = connect()
    connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
    line = b"X-Much: " + b"a" * 1000 + b"\r\n"
    sent = 0
    try:
        while sent < 4 * MOST_HEAD:
            connection.sendall(line)
            sent += len(line)
    except OSError:
        pass
    said = all_of(connection)
    assert not said or is_refused(said, b"431", b"head.too_large")
    assert sent < 4 * MOST_HEAD or said


def test_one_after_the_other_on_one_connection_is_no_dripping(connect):
    """Each request has its own time, and a connection that rests between them for less than its keep-alive stays."""
    connection = connect()
    for _ in range(4):
        connection.sendall(b"GET /plain HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"200 OK" in connection.recv(65536)
        time.sleep(0.4)


def test_many_who_drip_keep_nobody_waiting(connect):
    """G16, small: a good client is answered at once beside a hundred who drip."""
    for _ in range(100):
        connect().sendall(b"POST /plain HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nx")
    good, began = connect(), time.monotonic()
    good.sendall(b"GET /plain HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b"200 OK" in good.recv(65536)
    assert time.monotonic() - began < 2
