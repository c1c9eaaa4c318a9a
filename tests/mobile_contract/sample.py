"""A FastAPI app with the contract's routes and nothing behind them: what the generator and the gate are tried on."""

from typing import Any

from fastapi import FastAPI

from mobile_contract.v1.operations import OPERATIONS, Operation
from mobile_contract.v1.sync import Sync


def sample_app() -> FastAPI:
    """Every operation but `get_changes` is declared by the table; that one by hand, since it has parameters."""
    app = FastAPI()
    for op in OPERATIONS.values():
        if op.name != "get_changes":
            endpoint = _taking_the_body(op) if op.body and not op.multipart else _taking_nothing(op)
            app.add_api_route(op.path, endpoint, methods=[op.method.upper()], status_code=op.statuses[0])

    @app.get("/m/v1/sync", response_model=Sync)
    def changes(cursor: str | None = None, limit: int = 100) -> Any: ...

    @app.get("/desk")
    def desk() -> Any: ...

    return app


def _taking_nothing(op: Operation) -> Any:
    def endpoint() -> Any: ...

    endpoint.__annotations__["return"] = op.answer
    return endpoint


def _taking_the_body(op: Operation) -> Any:
    def endpoint(body: Any) -> Any: ...

    endpoint.__annotations__ = {"body": op.body, "return": op.answer}
    return endpoint
