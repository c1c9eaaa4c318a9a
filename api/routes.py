"""Routers that are told their whole path where they are made, and whose routes are taken as they are.

FastAPI would build each route of an included router anew, at the first request: every parameter, every dependency and
every schema a second time. That is ten megabytes in a process, and one more step for each request.
"""

from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute

from api.words import only_known_words


def _by_name(route: APIRoute) -> str:
    """What a contract calls an operation."""
    return route.name


def citizens_router() -> APIRouter:
    """What phones use."""
    return APIRouter(prefix="/m/v1", generate_unique_id_function=_by_name)


def officers_router(prefix: str = "", *, tags: list[str], only_known: bool = True) -> APIRouter:
    """What officers use. A list refuses a filter that it does not have, unless it looks at that by itself."""
    return APIRouter(
        prefix=f"/o/v1{prefix}", tags=[*tags], dependencies=[Depends(only_known_words)] if only_known else [],
        generate_unique_id_function=_by_name,
    )  # fmt: skip


def open_router(prefix: str = "", *, tags: list[str]) -> APIRouter:
    """What anybody may ask."""
    return APIRouter(prefix=prefix, tags=[*tags], generate_unique_id_function=_by_name)


def add(app: FastAPI, *routers: APIRouter) -> None:
    """Add their routes; who comes first is asked first."""
    app.router.routes.extend(route for router in routers for route in router.routes)
