"""Asking the API whether it is ready; `ready` does so for health checks and scripts."""

import http.client
import os
from collections.abc import Mapping

from cli.refusal import CannotGoOn

EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - an address to recognise, not to listen on


def ready() -> None:
    """Exit with 0 when the API of this machine answers that all it needs is there, with 1 when it does not."""
    host, port = address(os.environ)
    if not answers(os.environ):
        raise CannotGoOn(f"The API at {host}:{port} is not ready.")


def answers(settings: Mapping[str, str]) -> bool:
    """Whether the API says that it, the database, the broker and the storage are ready."""
    host, port = address(settings)
    connection = http.client.HTTPConnection("127.0.0.1" if host in EVERYWHERE else host, port, timeout=3)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def address(settings: Mapping[str, str]) -> tuple[str, int]:
    """Host and port on which the API listens. Raises CannotGoOn for a port that is no number."""
    try:
        return settings.get("JZ_HOST") or "127.0.0.1", int(settings.get("JZ_PORT") or 8000)
    except ValueError as failure:
        raise CannotGoOn("JZ_PORT is not usable: it is no number. .env.example says what it may be.") from failure
