"""Real servers on the loopback address that take what the house sends out: one for mail, one for a group's robot."""

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from kit.settings import settings

HOST, LOOPBACK = "localhost", "127.0.0.1"
USER, PASSWORD = "notices", "geheim/+ &"


@dataclass
class Authority:
    """A certificate authority of one test run, and a certificate for `localhost` that it has issued."""

    folder: Path
    authority: trustme.CA = field(default_factory=trustme.CA)

    @property
    def bundle(self) -> str:
        """The file to trust."""
        path = self.folder / "authority.pem"
        self.authority.cert_pem.write_to_path(str(path))
        return str(path)

    def serving(self, name: str = HOST) -> ssl.SSLContext:
        """A server's side of TLS with a certificate for `name`."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.authority.issue_cert(name).configure_cert(context)
        return context


class Postbox:
    """Takes mails, unless told what to answer; `answers` is said to one mail after the other, then 250."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.to: list[str] = []
        self.secured: list[bool] = []
        self.answers: list[str] = []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's names
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Each receiver; an address at `gone` is not known here."""
        if address.endswith("@gone.example"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Each mail."""
        if self.answers:
            return self.answers.pop(0)
        self.mails.append(message_from_bytes(envelope.content or b"", policy=policy.default))  # type: ignore[arg-type]
        self.to += envelope.rcpt_tos
        self.secured.append(session.ssl is not None)
        return "250 OK"


def _knows(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, said: Any) -> AuthResult:
    return AuthResult(success=(said.login.decode(), said.password.decode()) == (USER, PASSWORD), handled=False)


def _free_port() -> int:
    """The controller calls at its port to see that it listens, so the port must be known before."""
    with socket.create_server((LOOPBACK, 0)) as door:
        return int(door.getsockname()[1])


@contextmanager
def mail_server(*, tls: ssl.SSLContext | None = None, at_once: bool = False, sign_in: bool = False) -> Iterator[Any]:
    """A mail server on a free port: plain, with STARTTLS (`tls`), or TLS `at_once`. Gives its postbox and its port."""
    box = Postbox()
    signs: dict[str, Any] = (
        {"authenticator": _knows, "auth_required": True, "auth_require_tls": not at_once} if sign_in else {}
    )
    secure = {"ssl_context": tls} if at_once else {"tls_context": tls, "require_starttls": tls is not None}
    server = Controller(box, hostname=LOOPBACK, port=_free_port(), **secure, **signs)  # type: ignore[arg-type]
    server.start()
    try:
        yield box, server.port
    finally:
        server.stop()


@dataclass
class Robot:
    """A robot's address: what it was told, and how it answers; `answers` one after the other, then `errcode` 0."""

    posts: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    answers: list[tuple[int, bytes, dict[str, str]]] = field(default_factory=list)
    hold_s: float = 0.0
    port: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Its address, with the token that such addresses carry."""
        return f"https://{HOST}:{self.port}/robot/send?access_token=secret-token"

    @property
    def texts(self) -> list[str]:
        """What it was told to say."""
        return [body["text"]["content"] for _, body in self.posts]


def _handler(robot: Robot) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = self.rfile.read(int(self.headers["Content-Length"]))
            robot.posts.append((self.path, json.loads(said)))
            robot.over.wait(robot.hold_s)
            status, body, headers = robot.answers.pop(0) if robot.answers else (200, b'{"errcode":0}', {})
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            robot.posts.append((self.path, {}))
            self.send_error(405)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    return Handler


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: Any) -> None:
        """A client that went away, or did not trust us, is what some tests are about."""


@contextmanager
def _served(handler: type[BaseHTTPRequestHandler], tls: ssl.SSLContext | None) -> Iterator[int]:
    """The free port on which requests are handled while the block lasts."""
    server = _Server((LOOPBACK, 0), handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def robot_server(tls: ssl.SSLContext | None) -> Iterator[Robot]:
    """A robot on a free port."""
    robot = Robot()
    with _served(_handler(robot), tls) as robot.port:
        try:
            yield robot
        finally:
            robot.over.set()


@contextmanager
def reachable(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Any, Any]]:
    """A mail server and a robot that this installation speaks to while the block lasts."""
    authority = Authority(folder)
    with mail_server() as (box, port), robot_server(authority.serving()) as robot:
        monkeypatch.setenv("JZ_SMTP_URL", f"smtp://{HOST}:{port}")
        monkeypatch.setenv("JZ_MAIL_FROM", "notices@example.gov.cn")
        monkeypatch.setenv("JZ_BOT_HOSTS", f"{HOST}:{robot.port}")
        monkeypatch.setenv("SSL_CERT_FILE", authority.bundle)
        settings.cache_clear()
        yield box, robot
    monkeypatch.undo()
    settings.cache_clear()


@dataclass(frozen=True)
class Letter:
    """What a newsroom was sent: the bytes, and the headers with their names in small letters."""

    headers: dict[str, str]
    body: bytes

    @property
    def said(self) -> dict[str, Any]:
        """The body as JSON."""
        told: dict[str, Any] = json.loads(self.body)
        return told


@dataclass
class Newsroom:
    """A newsroom's address: what it was sent, and how it answers; `answers` one after the other, then 204."""

    letters: list[Letter] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    retry_after: str = ""  # said beside each refusal
    hold_s: float = 0.0
    port: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Its address."""
        return f"https://{HOST}:{self.port}/hook"

    @property
    def kinds(self) -> list[str]:
        """What it was told of, in the order of arrival, without the tests."""
        return [each.said["type"] for each in self.letters if each.said["type"] != "webhook.test"]


def _desk(newsroom: Newsroom) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            newsroom.letters.append(Letter({name.lower(): value for name, value in self.headers.items()}, body))
            newsroom.over.wait(newsroom.hold_s)
            status = newsroom.answers.pop(0) if newsroom.answers else 204
            self.send_response(status)
            if status >= 400 and newsroom.retry_after:
                self.send_header("Retry-After", newsroom.retry_after)
            said = b"" if status == 204 else b"no room today"
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    return Handler


@contextmanager
def newsroom_server(tls: ssl.SSLContext) -> Iterator[Newsroom]:
    """A newsroom on a free port."""
    newsroom = Newsroom()
    with _served(_desk(newsroom), tls) as newsroom.port:
        try:
            yield newsroom
        finally:
            newsroom.over.set()


@contextmanager
def newsrooms(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Newsroom, Newsroom]]:
    """Two newsrooms on this machine, whose network is named while the block lasts."""
    authority = Authority(folder)
    with newsroom_server(authority.serving()) as one, newsroom_server(authority.serving()) as other:
        monkeypatch.setenv("JZ_WEBHOOK_NETWORKS", "127.0.0.0/8,::1/128")
        monkeypatch.setenv("SSL_CERT_FILE", authority.bundle)
        settings.cache_clear()
        yield one, other
    monkeypatch.undo()
    settings.cache_clear()
