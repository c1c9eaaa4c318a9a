"""How every document of GeoReport v2 is served: in two forms, with HEAD, for one jurisdiction."""

from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Query

from api.routes import open_router
from kit.errors import NotFound
from kit.settings import settings

F = TypeVar("F", bound=Callable[..., Any])
Form = Literal["xml", "json"]


class NoSuchJurisdiction(NotFound):
    """A report for another place must not end here."""

    code = "jurisdiction.unknown"
    message = "This is the endpoint of another jurisdiction."


def georeport_router() -> APIRouter:
    """What stands under /open311."""
    return open_router("/open311", tags=["open311"])


def served(router: APIRouter, path: str, *, name: str) -> Callable[[F], F]:
    """Answer GET, and HEAD, at a path that ends in `.{form}`."""

    def serve(read: F) -> F:
        router.add_api_route(path, read, methods=["GET"], name=name)
        router.add_api_route(path, read, methods=["HEAD"], name=f"{name}_head", include_in_schema=False)
        return read

    return serve


def jurisdiction() -> str:
    """Ours: the domain of this installation, without www."""
    return (urlsplit(settings().base_url).hostname or "").removeprefix("www.")


def must_be_ours(said: str | None) -> None:
    """A jurisdiction may be left out, since there is one; another is refused. Raises NoSuchJurisdiction."""
    if said and said.strip().lower().removeprefix("www.") != jurisdiction():
        raise NoSuchJurisdiction


async def _asked(jurisdiction_id: Annotated[str | None, Query()] = None) -> None:
    must_be_ours(jurisdiction_id)


OurJurisdiction = Annotated[None, Depends(_asked)]
