"""GET /healthz and /readyz: alive; and whether the parts answer."""

from collections.abc import Callable

from fastapi import Request
from fastapi.responses import JSONResponse
from sqlalchemy import text

from api.dependencies import OFFICERS
from api.rights import anybody
from api.routes import open_router
from kit.db import unit_of_work
from kit.ping import ping
from kit.settings import settings
from kit.storage import store

router = open_router(tags=["health"])
TIMEOUT_S = 2.0


@router.get("/healthz", name="alive")
@anybody
def alive() -> dict[str, str]:
    """This process answers."""
    return {"status": "ok"}


@router.get("/readyz", name="ready")
@anybody
def ready(request: Request) -> JSONResponse:
    """Whether database, broker and storage answer; 503 names the parts that do not.

    Intake does not need the broker: a report is taken while it is away.
    """
    parts = {name: _answers(ask) for name, ask in _PARTS.items()}
    parts["rules"] = _answers(lambda: request.app.state.rules.current)
    good = all(parts.values())
    return JSONResponse({"status": "ready" if good else "not ready", "parts": parts}, 200 if good else 503)


def _database() -> None:
    with unit_of_work(OFFICERS, role="jz_public") as session:
        session.execute(text("select 1 from record.exposure limit 1"))


def _broker() -> None:
    ping(settings().redis_url, timeout_s=TIMEOUT_S)


def _storage() -> None:
    if not store().healthy():
        raise OSError


def _answers(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except Exception:  # noqa: BLE001 - whatever a part says instead of an answer, it is not ready
        return False
    return True


_PARTS = {"database": _database, "broker": _broker, "storage": _storage}
