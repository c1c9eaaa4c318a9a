"""One question and one answer in JSON, over a unix socket that only this user may open.

The caller sends a line and reads a line. Whatever is longer than `LONGEST`, late or not JSON is dropped in silence.
"""

import contextlib
import json
import os
import socket
import socketserver
from collections.abc import Callable
from pathlib import Path
from typing import Any

LONGEST = 1 << 16
PATIENCE_S = 10.0
AT_ONCE = 8
Message = dict[str, Any]


class NobodyAnswers(Exception):
    """Nothing listens there, or it did not answer in time, or not in JSON."""


def ask(path: str, question: Message, *, timeout_s: float = PATIENCE_S) -> Message:
    """The answer to a question. Raises NobodyAnswers; then it is unknown whether the question was heard."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as wire:
            wire.settimeout(timeout_s)
            wire.connect(path)
            wire.sendall(json.dumps(question).encode() + b"\n")
            with wire.makefile("rb") as answer:
                found = json.loads(answer.readline(LONGEST))
    except (OSError, ValueError) as failure:
        raise NobodyAnswers(f"{type(failure).__name__} at {path}") from failure
    if not isinstance(found, dict):
        raise NobodyAnswers(f"no answer in words at {path}")
    return found


class Ear(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """Answers questions at a path, a few at once, until it is shut down."""

    daemon_threads = True
    block_on_close = True
    request_queue_size = AT_ONCE

    def __init__(self, path: Path, answer: Callable[[Message], Message]) -> None:
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
        if isinstance(question, dict):
            self.wfile.write(json.dumps(self.server.answer(question)).encode() + b"\n")
