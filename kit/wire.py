"""One question and one answer in JSON, over a unix socket that only this user may open; after it, perhaps pieces.

The caller sends a line and reads a line. Where the answer says so, it may then send pieces of bytes, and gets one back
for each. Whatever is longer than `LONGEST`, late or not JSON is dropped in silence.
"""

import contextlib
import json
import os
import socket
import socketserver
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self, cast

LONGEST = 1 << 17
PATIENCE_S = 10.0
SLOWEST_S = 60.0  # between two pieces: whoever reads in the end may have a slow line
AT_ONCE = 8
_LENGTH_BYTES = 4
Message = dict[str, Any]
Piece = bytes


class NobodyAnswers(Exception):
    """Nothing listens there, or it did not answer in time, or not in JSON."""


@dataclass(frozen=True)
class Answer:
    """What is answered; with `pieces`, the caller may go on, and each piece it sends is answered by what that makes.

    Where `pieces` raises, the line is cut.
    """

    message: Message
    pieces: Callable[[Piece], Piece] | None = None


class Line:
    """A line to whoever listens, with the answer to one question; close it, or use it in a `with`."""

    def __init__(self, path: str, question: Message, *, timeout_s: float = PATIENCE_S) -> None:
        """Raises NobodyAnswers; then it is unknown whether the question was heard."""
        self._wire = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._path = path
        try:
            self._wire.settimeout(timeout_s)
            self._wire.connect(path)
            self._wire.sendall(json.dumps(question).encode() + b"\n")
            self._incoming = self._wire.makefile("rb")
            found = json.loads(self._incoming.readline(LONGEST))
        except (OSError, ValueError) as failure:
            self._wire.close()
            raise NobodyAnswers(f"{type(failure).__name__} at {path}") from failure
        if not isinstance(found, dict):
            self.close()
            raise NobodyAnswers(f"no answer in words at {path}")
        self.answer: Message = found

    def exchange(self, piece: Piece) -> Piece:
        """What is given back for a piece. Raises NobodyAnswers, also where the other side does not want this piece."""
        try:
            _write(self._wire, piece)
            return _read(self._incoming)
        except OSError as failure:
            raise NobodyAnswers(f"{type(failure).__name__} at {self._path}") from failure

    def close(self) -> None:
        """Hang up."""
        self._incoming.close()
        self._wire.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def ask(path: str, question: Message, *, timeout_s: float = PATIENCE_S) -> Message:
    """The answer to a question. Raises NobodyAnswers; then it is unknown whether the question was heard."""
    with Line(path, question, timeout_s=timeout_s) as line:
        return line.answer


class Ear(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """Answers questions at a path, a few at once, until it is shut down."""

    daemon_threads = True
    block_on_close = True
    request_queue_size = AT_ONCE

    def __init__(self, path: Path, answer: Callable[[Message], Answer]) -> None:
        """Listen at `path`; what an earlier run left there is replaced. Raises OSError."""
        self.answer = answer
        self._path = path
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
        before = os.umask(0o177)
        try:
            super().__init__(str(path), _Conversation)
        finally:
            os.umask(before)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that goes away, or says what nobody understands, is no reason to write anything down."""

    def server_close(self) -> None:
        """Stop listening, and take the socket away."""
        super().server_close()
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()


class _Conversation(socketserver.StreamRequestHandler):
    timeout = PATIENCE_S
    server: Ear

    def handle(self) -> None:
        question = json.loads(self.rfile.readline(LONGEST))
        if not isinstance(question, dict):
            return
        answer = self.server.answer(question)
        self.wfile.write(json.dumps(answer.message).encode() + b"\n")
        if answer.pieces is None:
            return
        self.connection.settimeout(SLOWEST_S)
        while True:
            _write(self.connection, answer.pieces(_read(cast("BinaryIO", self.rfile))))


def _write(wire: socket.socket, piece: Piece) -> None:
    wire.sendall(len(piece).to_bytes(_LENGTH_BYTES, "big") + piece)


def _read(incoming: BinaryIO) -> Piece:
    """The next piece. Raises ConnectionError where the line was cut or too much is announced."""
    length = int.from_bytes(_exactly(incoming, _LENGTH_BYTES), "big")
    if length > LONGEST:
        raise ConnectionAbortedError("too long")
    return _exactly(incoming, length)


def _exactly(incoming: BinaryIO, length: int) -> bytes:
    found = incoming.read(length)
    if len(found) != length:
        raise ConnectionResetError("cut")
    return found
