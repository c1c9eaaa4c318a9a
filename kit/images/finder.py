"""The sandbox's process that looks for what to mask: see kit/images/child.py.

Its models need some 400 MB, so it ends when no photo has come for a while (kit/images/sandbox.py).
"""

import json
import sys
from typing import Any, BinaryIO

from kit.images.child import Trade, serve
from kit.images.finding import find, prepare

MEMORY_BYTES = 3 * 1024**3  # of addresses, most of them the libraries' own


def work(_job: dict[str, Any], photo: BinaryIO) -> bytes:
    """What is found in one clean copy."""
    return json.dumps(find(photo)).encode()


if __name__ == "__main__":
    serve(Trade(prepare, work, MEMORY_BYTES), *sys.argv[1:])
