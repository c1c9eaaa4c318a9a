"""The least that FastAPI, and ASGI without a framework, can do with the same requests: what our own code is held to."""

import asyncio
import hashlib
import os
import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from fastapi import FastAPI
from pydantic import BaseModel
from starlette.types import Receive, Scope, Send

CREATED = 201
FOLDER = "BENCH_PHOTOS"


class Position(BaseModel):
    """A place."""

    lon: float
    lat: float
    crs: str
    accuracy_m: float
    method: str


class NullReport(BaseModel):
    """A report as it comes in, checked for its types only."""

    id: UUID
    category: str
    text: str
    position: Position
    observed_at: datetime
    notice_version: str
    client: str


class NullReceipt(BaseModel):
    """Hardly an answer."""

    id: UUID
    reference: str


post = FastAPI(openapi_url=None)


@post.post("/m/v1/reports", status_code=CREATED)
async def null_post(report: NullReport) -> NullReceipt:
    """Take a report and forget it."""
    return NullReceipt(id=report.id, reference=report.category)


async def photo(scope: Scope, receive: Receive, send: Send) -> None:
    """Hash a stream into a file and make it durable under its name, with no framework, form or database."""
    if scope["type"] == "http":
        await _taken(receive, send, _as_it_is)


async def sealed_photo(scope: Scope, receive: Receive, send: Send) -> None:
    """The same, and nothing of it is written in clear (ADR 0020)."""
    if scope["type"] == "http":
        cipher = AESGCM(secrets.token_bytes(32))
        await _taken(receive, send, lambda body: cipher.encrypt(secrets.token_bytes(12), body, None))


def _as_it_is(body: bytes) -> bytes:
    return body


async def _taken(receive: Receive, send: Send, written: Callable[[bytes], bytes]) -> None:
    digest, more = hashlib.sha256(), True
    path = Path(os.environ[FOLDER]) / secrets.token_hex(16)
    with path.open("wb", buffering=0) as sink:
        while more:
            message = await receive()
            digest.update(message.get("body", b""))
            sink.write(written(message.get("body", b"")))
            more = message.get("more_body", False)
        await asyncio.to_thread(_sync, sink.fileno(), path.parent)
    await send({"type": "http.response.start", "status": CREATED, "headers": [(b"content-length", b"64")]})
    await send({"type": "http.response.body", "body": digest.hexdigest().encode()})


def _sync(file: int, folder: Path) -> None:
    """A file that is synced may still lose its name to a power cut, unless its folder is synced, too."""
    os.fsync(file)
    above = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(above)
    finally:
        os.close(above)
