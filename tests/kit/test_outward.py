"""Calling a stranger's address, over real TLS: what is sent, every way to misuse it, and how long it may take (T19)."""

import socket
import threading
import time
from contextlib import contextmanager

import pytest

from kit import outward
from kit.errors import Misconfigured
from kit.settings import settings
from tests.receivers import HOST, LOOPBACK

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
BODY = b'{"type":"webhook.test"}'


@pytest.fixture
def named(monkeypatch, authority, database_url):
    """The settings, with networks that are named."""

    def _named(networks="127.0.0.0/8", *, trusting=True):
        monkeypatch.setenv("JZ_WEBHOOK_NETWORKS", networks)
        if trusting:
            monkeypatch.setenv("SSL_CERT_FILE", authority.bundle)
        settings.cache_clear()

    _named()
    yield _named
    monkeypatch.undo()
    settings.cache_clear()


@contextmanager
def answering(context, say):
    """A server that reads a request and lets `say` answer on its connection; gives its port and what it was told."""
    told = []
    over = threading.Event()

    def serve():
        while not over.is_set():
            try:
                raw, _ = door.accept()
            except OSError:
                return
            try:
                with raw, context.wrap_socket(raw, server_side=True) as line:
                    told.append(whole(line))
                    say(line, over)
            except OSError:
                continue

    with socket.create_server((LOOPBACK, 0)) as door:
        hand = threading.Thread(target=serve)
        hand.start()
        try:
            yield door.getsockname()[1], told
        finally:
            over.set()
            door.shutdown(socket.SHUT_RDWR)
            hand.join()


def whole(line):
    said = b""
    while not said.endswith(BODY):
        piece = line.recv(4096)
        if not piece:
            break
        said += piece
    return said.decode()


def post(port, *, host=HOST, resolve=lambda _host, _port: [LOOPBACK], path="/hook?newsroom=1"):
    return outward.post(f"https://{host}:{port}{path}", BODY, {"Webhook-Id": "msg_1"}, resolve=resolve)


def test_a_body_goes_there_whole_with_its_headers_and_the_answer_comes_back(named, authority):
    with answering(authority.serving(), lambda line, _: line.sendall(OK)) as (port, told):
        assert post(port) == outward.Answer(200, "ok")
    head, body = told[0].split("\r\n\r\n")
    assert head.split("\r\n") == [
        "POST /hook?newsroom=1 HTTP/1.1", f"Host: {HOST}:{port}", "Webhook-Id: msg_1", f"Content-Length: {len(BODY)}",
        "Connection: close",
    ]  # fmt: skip
    assert body.encode() == BODY


def test_a_name_is_resolved_once_and_called_at_that_very_address(named, authority):
    """A name that answers the check with one address and the call with another reaches nothing (DNS rebinding)."""
    asked = []

    def rebinding(host, port):
        asked.append((host, port))
        return [LOOPBACK] if len(asked) == 1 else ["127.0.0.99"]

    with answering(authority.serving("newsroom.example"), lambda line, _: line.sendall(OK)) as (port, told):
        assert post(port, host="newsroom.example", resolve=rebinding).status == 200
    assert asked == [("newsroom.example", port)]
    assert len(told) == 1


@pytest.mark.parametrize("hidden", ["10.0.0.1", "::1", "100.100.100.200", "169.254.169.254", "::ffff:127.0.0.1"])
def test_a_name_with_one_address_that_is_not_of_the_internet_is_not_called_at_any(named, authority, hidden):
    with answering(authority.serving(), lambda line, _: line.sendall(OK)) as (port, told):
        for order in ([LOOPBACK, hidden], [hidden, LOOPBACK]):
            with pytest.raises(outward.NotReached, match="address_not_allowed"):
                post(port, resolve=lambda *_, order=order: order)
    assert told == []


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.1", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "169.254.169.254", "172.16.0.1",
        "192.0.0.8", "192.168.1.1", "192.88.99.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::",
        "::1", "::127.0.0.1", "::ffff:8.8.8.8", "::ffff:127.0.0.1", "::ffff:0:8.8.8.8", "64:ff9b::7f00:1",
        "64:ff9b:1::1", "2001::1", "2001:db8::1", "2002:7f00:1::1", "fc00::1", "fd00::1", "fe80::1", "fe80::1%eth0",
        "2606:4700::1%eth0", "fec0::1", "ff02::1", "ff0e::1", "8.8.8", "0x7f.1", "",
    ],
)  # fmt: skip
def test_an_address_that_leads_inside_is_never_called(named, address):
    named("")
    assert not outward.may_be_called(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "114.114.114.114", "2606:4700:4700::1111", "2400:3200::1"])
def test_an_address_of_the_internet_is(named, address):
    named("")
    assert outward.may_be_called(address)
    assert not outward.may_be_called(address, 22)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.cn/", "ftp://example.cn/", "//example.cn/", "example.cn", "", "https://", "https:///x",
        "https://example.cn:80/", "https://example.cn:6379/", "https://example.cn:0x1bb/", "https://example.cn:99999/",
        "https://user@example.cn/", "https://user:word@example.cn/", "https://example.cn@evil.example/",
        "https://example.cn/#there", "https://example.cn/ x", "https://example.cn/\r\nHost: evil", "https://a\\b.cn/",
        "https://新闻.cn/", "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/",
        "https://[::1]/", "https://[::ffff:8.8.8.8]/", "https://[::1", "https://169.254.169.254/latest/meta-data",
        "https://10.0.0.1:8443/", f"https://example.cn/{'x' * 1000}",
    ],
)  # fmt: skip
def test_an_address_that_could_not_be_a_newsrooms_is_refused_before_anybody_is_asked(named, url):
    named("")
    with pytest.raises(outward.BadAddress) as refused:
        outward.post(url, BODY, {}, resolve=lambda *_: pytest.fail("it was looked up"))
    assert refused.value.pointer == "/url"


@pytest.mark.parametrize("url", ["https://example.cn", "https://EXAMPLE.cn:8443/a?b=c", "https://114.114.114.114/x"])
def test_one_that_could_be_is_taken(named, url):
    named("")
    assert outward.check(url).scheme == "https"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(named, authority, status):
    with answering(authority.serving(), lambda line, _: line.sendall(OK)) as (inside, reached):
        moved = f"HTTP/1.1 {status} Moved\r\nLocation: https://{HOST}:{inside}/\r\nContent-Length: 0\r\n\r\n".encode()
        with answering(authority.serving(), lambda line, _: line.sendall(moved)) as (port, told):
            assert post(port).status == status
    assert (len(told), reached) == (1, [])


def test_no_proxy_of_the_environment_is_asked(named, authority, monkeypatch):
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with answering(authority.serving(), lambda line, _: line.sendall(OK)) as (port, _):
        assert post(port).status == 200


def test_nothing_is_said_to_the_certificate_of_another_host(named, authority):
    with (
        answering(authority.serving("other.example"), lambda line, _: line.sendall(OK)) as (port, told),
        pytest.raises(outward.NotReached, match="certificate"),
    ):
        post(port)
    assert told == []


def test_nothing_is_said_to_a_certificate_that_nobody_vouches_for(named, authority, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    with (
        answering(authority.serving(), lambda line, _: line.sendall(OK)) as (port, told),
        pytest.raises(outward.NotReached, match="certificate"),
    ):
        post(port)
    assert told == []


def drip(line, over):
    """A head that never comes to its end, a byte at a time."""
    line.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not over.wait(0.05):
        line.sendall(b"x")


def late_body(line, over):
    line.sendall(b"HTTP/1.1 202 Accepted\r\n\r\n")
    while not over.wait(0.05):
        line.sendall(b"x")


def test_an_answer_that_drips_ends_with_the_time_for_all_of_it(named, authority, monkeypatch):
    monkeypatch.setattr(outward, "WHOLE_S", 0.6)
    with answering(authority.serving(), drip) as (port, _):
        began = time.monotonic()
        with pytest.raises(outward.NotReached, match="timeout"):
            post(port)
        assert time.monotonic() - began < 5


def test_the_status_counts_also_where_the_body_does_not_end(named, authority, monkeypatch):
    monkeypatch.setattr(outward, "WHOLE_S", 0.6)
    with answering(authority.serving(), late_body) as (port, _):
        assert post(port).status == 202


def test_of_a_huge_answer_only_the_beginning_is_read(named, authority):
    sent = []

    def huge(line, over):
        line.sendall(b"HTTP/1.1 200 OK\r\n\r\n\x00\x1b[31m")
        while not over.is_set() and sum(sent) < 40_000_000:
            line.sendall(b"x" * 65_536)
            sent.append(65_536)

    with answering(authority.serving(), huge) as (port, _):
        answer = post(port)
    assert (answer.status, len(answer.said)) == (200, outward.KEPT_ANSWER)
    assert answer.said.isprintable()
    assert sum(sent) < 40_000_000


def test_a_head_without_an_end_is_no_answer(named, authority):
    def heads(line, over):
        line.sendall(b"HTTP/1.1 200 OK\r\n")
        while not over.is_set():
            line.sendall(b"X-A: " + b"y" * 1000 + b"\r\n")

    with answering(authority.serving(), heads) as (port, _), pytest.raises(outward.NotReached, match="LineTooLong"):
        post(port)


@pytest.mark.parametrize("said", [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 x\r\n\r\n", b"\x00" * 100])
def test_what_does_not_speak_http_is_no_answer(named, authority, said):
    serving = answering(authority.serving(), lambda line, _: line.sendall(said))
    with serving as (port, _), pytest.raises(outward.NotReached):
        post(port)


def test_a_server_that_never_says_hello_is_waited_for_only_so_long(named, monkeypatch, silent):
    monkeypatch.setattr(outward, "WHOLE_S", 0.4)
    with pytest.raises(outward.NotReached, match="timeout"):
        post(silent)


def test_a_resolver_that_never_answers_is_waited_for_only_so_long(named, monkeypatch):
    monkeypatch.setattr(outward, "WHOLE_S", 0.3)
    over = threading.Event()
    with pytest.raises(outward.NotReached, match="timeout"):
        post(443, resolve=lambda *_: [LOOPBACK] if over.wait(20) else [])
    over.set()


def test_a_name_that_nobody_knows_and_a_port_that_nobody_serves_are_told(named):
    def unknown(*_):
        raise socket.gaierror

    with pytest.raises(outward.NotReached, match="name_unknown"):
        post(8443, resolve=unknown)
    with socket.create_server((LOOPBACK, 0)) as door:
        free = door.getsockname()[1]
    with pytest.raises(outward.NotReached, match="ConnectionRefusedError"):
        post(free)


def test_the_second_address_is_called_where_the_first_is_away(named, authority):
    with answering(authority.serving(), lambda line, _: line.sendall(OK)) as (port, _):
        assert post(port, resolve=lambda *_: ["127.0.0.77", LOOPBACK]).status == 200


def test_networks_are_named_in_a_demo_alone(named, monkeypatch):
    assert outward.may_be_called(LOOPBACK, 12345)
    assert not outward.may_be_called("10.0.0.1")
    monkeypatch.setenv("JZ_DEMO", "0")
    settings.cache_clear()
    with pytest.raises(Misconfigured, match="JZ_WEBHOOK_NETWORKS"):
        settings()
