"""Asking a Redis whether it answers: on its socket, with a password, and what is no answer."""

import os
import socket
import threading

import pytest

from kit.ping import NoAnswer, ping

OK = b"+OK\r\n"
PONG = b"+PONG\r\n"


class Server(threading.Thread):
    """Takes one caller, gives prepared answers, and keeps what it heard."""

    def __init__(self, *answers: bytes) -> None:
        super().__init__()
        self.door = socket.create_server(("127.0.0.1", 0))
        self.answers, self.heard = answers, b""
        self.address = f"127.0.0.1:{self.door.getsockname()[1]}"

    def run(self) -> None:
        wire, _ = self.door.accept()
        with wire, self.door:
            for answer in self.answers:
                self.heard += wire.recv(4096)
                wire.sendall(answer)


def _asked(user: str, *answers: bytes) -> bytes:
    server = Server(*answers)
    server.start()
    try:
        ping(f"redis://{user}{server.address}/0", timeout_s=5)
    finally:
        server.join(10)
    return server.heard


def test_the_real_one_answers():
    ping(os.environ["JZ_TEST_REDIS_URL"], timeout_s=5)


def test_it_signs_in_as_the_address_says():
    assert _asked("", PONG) == b"*1\r\n$4\r\nPING\r\n"
    assert _asked(":p%40ss@", OK, PONG) == b"*2\r\n$4\r\nAUTH\r\n$4\r\np@ss\r\n*1\r\n$4\r\nPING\r\n"
    assert _asked("jz:a%0D%0Ab@", OK, PONG).startswith(b"*3\r\n$4\r\nAUTH\r\n$2\r\njz\r\n$4\r\na\r\nb\r\n")


@pytest.mark.parametrize("answer", [b"-NOAUTH Authentication required.\r\n", b"HTTP/1.1 400\r\n", b"x" * 600, b""])
def test_anything_else_is_no_answer(answer):
    with pytest.raises(NoAnswer):
        _asked("", answer)


def test_a_wrong_password_is_no_answer():
    with pytest.raises(NoAnswer):
        _asked(":wrong@", b"-WRONGPASS\r\n")


@pytest.mark.parametrize("url", ["redis+socket:///nowhere/redis.sock?virtual_host=0", "redis://127.0.0.1:1/0"])
def test_nobody_there_is_no_answer(url):
    with pytest.raises(OSError, match=r"."):
        ping(url, timeout_s=1)
