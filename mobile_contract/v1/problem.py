"""How a refusal is told: RFC 9457 `application/problem+json`, with what an offline queue needs to know."""

from typing import Any

from pydantic import ConfigDict

from mobile_contract.v1.base import Outgoing


class FieldError(Outgoing):
    """One fault of the input."""

    pointer: str
    """JSON pointer into the body (`/photos/0/sha256`), or `?name` for a query parameter."""
    code: str
    message: str


class Problem(Outgoing):
    """Apps decide on `code` and `retryable` only; `title` and `detail` are for people, in their language."""

    model_config = ConfigDict(extra="allow")

    type: str
    """A link to the explanation of `code`."""
    title: str
    status: int
    detail: str
    code: str
    """One of mobile_contract/v1/problems.json. New ones may come: then go by `retryable`."""
    retryable: bool
    """True: keep it in the queue and send the same again later. False: show it to the person."""
    errors: tuple[FieldError, ...] = ()
    request_id: str
    instance: str | None = None
    retry_after_s: int | None = None
    """Seconds to wait, as in the Retry-After header."""
    current: dict[str, Any] | None = None
    """With 412: what the thing is now."""
