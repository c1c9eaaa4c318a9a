"""The sandbox's process that decodes photos nobody trusts: see kit/images/child.py."""

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

from kit.images.burning import burn
from kit.images.child import Trade, serve
from kit.images.fingerprint import read_likeness
from kit.images.rendering import prepare, read_capture, render

MEMORY_BYTES = 1024**3


def work(job: dict[str, Any], photo: BinaryIO) -> bytes:
    """One job on one photo, as the near side asks for it."""
    return _JOBS[job["do"]](job, photo)


def _framed(copies: list[bytes]) -> bytes:
    return b"".join(len(copy).to_bytes(4, "big") + copy for copy in copies)


_JOBS: Mapping[str, Callable[[dict[str, Any], BinaryIO], bytes]] = {
    "clean": lambda job, photo: _framed(render(photo, job["sizes"])),
    "mask": lambda job, photo: _framed(burn(photo, job["boxes"], job["sizes"])),
    "capture": lambda _job, photo: json.dumps(read_capture(photo)).encode(),
    "likeness": lambda _job, photo: json.dumps(read_likeness(photo)).encode(),
}

if __name__ == "__main__":
    serve(Trade(prepare, work, MEMORY_BYTES), *sys.argv[1:])
