"""A real server in a thread of the tests, on a free port of loopback."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

ENDS_S = 30


@contextmanager
def serving(application: Any, **options: Any) -> Iterator[int]:
    """The port on which an application is served until the block ends; `options` are uvicorn's."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        server = uvicorn.Server(uvicorn.Config(application, **{"log_level": "error", "access_log": False, **options}))
        hand = threading.Thread(target=server.run, kwargs={"sockets": [door]})
        hand.start()
        while not server.started:
            assert hand.is_alive(), "the server did not start"
            time.sleep(0.02)
        try:
            yield door.getsockname()[1]
        finally:
            server.should_exit = True
            hand.join(ENDS_S)
