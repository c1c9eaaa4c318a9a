"""Words after the `?`: one that the endpoint does not know is refused, or a mistyped filter would show everything."""

from collections.abc import Callable, Iterator
from typing import Any

from fastapi import Request
from fastapi.dependencies.models import Dependant
from pydantic import BaseModel

from kit.errors import Invalid

_KNOWN: dict[Callable[..., Any], frozenset[str]] = {}


class UnknownWord(Invalid):
    """A filter that this list does not have."""

    code = "query.unknown"
    message = "There is no such filter here."


async def only_known_words(request: Request) -> None:
    """Every word of the query is one that the endpoint reads. Raises UnknownWord, naming the first that is not.

    A dependency, and for an endpoint that counts every microsecond a plain function.
    """
    if request.method == "GET":
        refuse_unknown(request)


def refuse_unknown(request: Request) -> None:
    """See `only_known_words`."""
    known = _KNOWN.get(request.scope["endpoint"]) or _learn(request)
    for word in request.query_params:
        if word not in known:
            raise UnknownWord(pointer=f"?{word[:64]}", known=sorted(known))


def _learn(request: Request) -> frozenset[str]:
    words = frozenset(_words(request.scope["route"].dependant))
    _KNOWN[request.scope["endpoint"]] = words
    return words


def _words(asked: Dependant) -> Iterator[str]:
    for field in asked.query_params:
        kind: Any = field.field_info.annotation
        is_model = isinstance(kind, type) and issubclass(kind, BaseModel)  # whose fields are the words
        yield from kind.model_fields if is_model else [field.alias]
    for needed in asked.dependencies:
        yield from _words(needed)
