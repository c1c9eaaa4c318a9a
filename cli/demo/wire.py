"""A small HTTP client of the standard library: JSON and one file at a time, connections kept, patience when asked."""

from __future__ import annotations

import http.client
import json
import threading
from dataclasses import dataclass, field
from typing import Any, Final, Self
from urllib.parse import urlsplit
from uuid import uuid4

from cli.refusal import CannotGoOn
from kit import clock

TIMEOUT_S: Final = 30.0
TRIES: Final = 6
LONGEST_WAIT_S: Final = 10.0
OK: Final = range(200, 300)
BUSY: Final = {429, 503}


class Refused(Exception):
    """An answer that is no success; `status` and `code` are the problem's."""

    def __init__(self, method: str, path: str, status: int, problem: dict[str, Any]) -> None:
        self.status, self.code, self.problem = status, str(problem.get("code", "")), problem
        detail = {k: v for k, v in problem.items() if k in {"detail", "errors", "missing", "rule", "state", "guards"}}
        super().__init__(f"{method} {path}: {status} {self.code} {json.dumps(detail, ensure_ascii=False)[:400]}")


@dataclass
class Wire:
    """The way to one server. Every thread has a connection of its own; all are closed when the block ends."""

    url: str
    _kept: threading.local = field(default_factory=threading.local, repr=False)
    _all: list[http.client.HTTPConnection] = field(default_factory=list, repr=False)

    def __enter__(self) -> Self:
        """Nothing is connected yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close what was connected."""
        for connection in self._all:
            connection.close()

    def get(self, path: str, *, token: str = "") -> Any:
        """The JSON of a page. Raises Refused."""
        return self._ask("GET", path, None, _headers(token))

    def post(self, path: str, body: object, *, token: str = "", seen: int | None = None) -> Any:
        """Send JSON; `seen` is the version that an act is based on. Raises Refused."""
        headers = _headers(token) | {"Content-Type": "application/json"}
        if seen is not None:
            headers["If-Match"] = f'"{seen}"'
        return self._ask("POST", path, json.dumps(body, ensure_ascii=False).encode(), headers)

    def upload(self, path: str, fields: dict[str, str], photo: bytes, *, token: str = "") -> Any:
        """Send a JPEG as the last part of a form. Raises Refused."""
        edge = uuid4().hex
        parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()]
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="photo.jpg"\r\n'
        body = "".join([*parts, head, "Content-Type: image/jpeg\r\n\r\n"]).encode() + photo
        headers = _headers(token) | {"Content-Type": f"multipart/form-data; boundary={edge}"}
        return self._ask("POST", path, body + f"\r\n--{edge}--\r\n".encode(), headers)

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Any:
        """Ask until there is an answer: what is busy or away is asked again.

        Repeating is safe: a phone's message carries its own id, and an officer's act the version it is based on.
        """
        for last in (False,) * (TRIES - 1) + (True,):
            try:
                status, content, wait_s = self._once(method, path, body, headers)
            except (OSError, http.client.HTTPException) as failure:
                self._connection().close()  # it connects anew when it is asked next
                if last:
                    raise CannotGoOn(f"{self.url} does not answer ({failure}). ./jz up starts it.") from failure
                clock.sleep(0.5)
                continue
            if status in BUSY and not last:
                clock.sleep(min(wait_s, LONGEST_WAIT_S))
                continue
            told = json.loads(content) if content else {}
            if status in OK:
                return told
            raise Refused(method, path, status, told)
        raise AssertionError("the last try answers or raises")

    def _once(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, bytes, float]:
        connection = self._connection()
        connection.request(method, path, body, headers)
        with connection.getresponse() as answer:
            return answer.status, answer.read(), float(answer.headers.get("Retry-After") or 1)

    def _connection(self) -> http.client.HTTPConnection:
        kept: http.client.HTTPConnection | None = getattr(self._kept, "connection", None)
        if kept is None:
            place = urlsplit(self.url)
            kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
            kept = kind(place.netloc, timeout=TIMEOUT_S)
            self._kept.connection = kept
            self._all.append(kept)
        return kept


def _headers(token: str) -> dict[str, str]:
    headers = {"Accept": "application/json", "Accept-Language": "zh-CN"}
    return headers | {"Authorization": f"Bearer {token}"} if token else headers
