"""Posting JSON to a robot's address: over TLS, only to hosts that the settings name, following no redirect."""

import http.client
import json
import ssl
from typing import Any
from urllib.parse import SplitResult, urlsplit

from kit.errors import Invalid, Unavailable
from kit.settings import settings

TIMEOUT_S = 10.0
LONGEST_ANSWER = 64 * 1024
LONGEST_URL = 1000
OK = 200


class NotAllowedHost(Invalid):
    """The address is not one of a robot that this installation may speak to."""

    code = "webhook.host_not_allowed"
    message = "The address must be https and its host one that the installation allows."
    pointer = "/url"


class PostNotTaken(Unavailable):
    """The robot is away or did not take the message; it may later."""

    code = "webhook.not_taken"


def check(url: str) -> SplitResult:
    """The parts of an address that may be posted to. Raises NotAllowedHost for every other (SSRF)."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as broken:
        raise NotAllowedHost from broken
    plain = url.isascii() and url.isprintable() and " " not in url and "\\" not in url and len(url) <= LONGEST_URL
    named = f"{parts.hostname}:{port}" if port not in {None, 443} else parts.hostname
    allowed = {host.strip().lower() for host in settings().bot_hosts.split(",") if host.strip()}
    if not plain or parts.scheme != "https" or "@" in parts.netloc or named not in allowed:
        raise NotAllowedHost
    return parts


def post(url: str, body: dict[str, Any]) -> dict[str, Any]:
    """Post a JSON body; gives the JSON object of the answer. Raises NotAllowedHost, PostNotTaken."""
    parts = check(url)
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    connection = http.client.HTTPSConnection(
        parts.hostname or "", parts.port or 443, timeout=TIMEOUT_S, context=ssl.create_default_context()
    )
    try:
        content = json.dumps(body, ensure_ascii=False).encode()
        connection.request("POST", target, content, {"Content-Type": "application/json; charset=utf-8"})
        answer = connection.getresponse()
        said = answer.read(LONGEST_ANSWER)
        if answer.status != OK:
            raise PostNotTaken(f"status {answer.status}")
        found = json.loads(said)
    except (OSError, http.client.HTTPException, ValueError) as failure:
        raise PostNotTaken(type(failure).__name__) from failure
    finally:
        connection.close()
    if not isinstance(found, dict):
        raise PostNotTaken("no JSON object")
    return found
