"""`serve`: the one place that mounts the raw feed, the API and the pages into one process."""

import uvicorn
from starlette.types import ASGIApp

from api.app import create_app
from api.public.quick_feed import QuickFeed
from api.public.raw_feed import RawFeed
from kit import logs
from kit.settings import settings
from web import app as pages


def application() -> ASGIApp:
    """The whole HTTP side of one process."""
    app = create_app()
    pages.install(app)
    return RawFeed(app)


def serve() -> None:
    """Answer phones, officers, media and browsers."""
    given = settings()
    logs.configure(given.log_level)
    uvicorn.run(
        "cli.serve:application",
        factory=True,
        host=given.host,
        port=given.port,
        workers=given.api_processes,
        loop="uvloop",
        http=QuickFeed,
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=10,
    )
