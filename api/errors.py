"""Refusals become HTTP here, in one table: family → status. The body is RFC 9457 with `code` and `retryable`."""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import ValidationError
from sqlalchemy.exc import DataError, IntegrityError
from starlette.exceptions import HTTPException

from api import georeport
from api.problems import TITLES
from kit import errors, logs
from kit.errors import Refusal
from mobile_contract.errors import PROBLEMS
from mobile_contract.v1.faults import field_errors, problem_code
from mobile_contract.v1.problem import FieldError, Problem

MEDIA_TYPE = "application/problem+json"
STATUSES: dict[type[Refusal], int] = {
    errors.Invalid: 422,
    errors.Unidentified: 401,
    errors.NotAllowed: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.Expired: 410,
    errors.Stale: 412,
    errors.TooLarge: 413,
    errors.Unsupported: 415,
    errors.Unconditional: 428,
    errors.TooMany: 429,
    errors.Unavailable: 503,
}
RETRY_AFTER_S = 5
# What the store says of a file is, to a phone, said of its photo.
TOLD_AS = {"content.checksum": "photo.checksum", "content.too_large": "photo.too_large"}

log = structlog.get_logger()


class ImpossibleValue(errors.Invalid):
    """A value that no column can hold, and no rule before the database has refused: NUL, or a number beyond all ids."""

    code = "value.impossible"
    message = "A value is beyond what can be kept."


def install(app: FastAPI) -> None:
    """Teach an app to tell refusals."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _misread)
    app.add_exception_handler(ValidationError, _misread)
    app.add_exception_handler(HTTPException, _unrouted)
    app.add_exception_handler(IntegrityError, _raced)
    app.add_exception_handler(DataError, _impossible)
    app.add_exception_handler(Exception, _failed)


async def told(request: Request, failure: Exception) -> Response:
    """The answer for whatever an endpoint raised, where no framework stands around it."""
    tell = _misread if isinstance(failure, ValidationError) else _refused
    return await tell(request, failure)


def problem(request: Request, refusal: Refusal, *, faults: Sequence[FieldError] = ()) -> Response:
    """The answer for a refusal, in the language that the client asks for."""
    code = TOLD_AS.get(refusal.code, refusal.code)
    listed = PROBLEMS.get(code)
    status = listed.status if listed else _status(refusal)
    title = title_of(request, code) or refusal.message
    if refusal.pointer and not faults:
        faults = [FieldError(pointer=refusal.pointer, code=code, message=title)]
    extra = dict(refusal.extra)
    retryable = listed.retryable if listed else refusal.retryable
    if retryable:
        extra.setdefault("retry_after_s", RETRY_AFTER_S)
    body = Problem(
        type=f"/problems/{code}", title=title, status=status, detail=refusal.message, code=code, retryable=retryable,
        errors=tuple(faults), request_id=getattr(request.state, "request_id", ""), **extra,
    )  # fmt: skip
    headers = {"Cache-Control": "no-store"}
    if "retry_after_s" in extra:
        headers["Retry-After"] = str(extra["retry_after_s"])
    told = body.model_dump(mode="json", exclude_none=True)
    if georeport.speaks_at(request.url.path):
        return georeport.refused(request.url.path, told, headers)
    return JSONResponse(told, status, headers, MEDIA_TYPE)


def title_of(request: Request, code: str) -> str | None:
    """What people read of a code, in their language."""
    words = PROBLEMS.get(code) or TITLES.get(code)
    if words is None:
        return None
    return words.en if wants_english(request) else words.zh


def wants_english(request: Request) -> bool:
    """Whether the client prefers English; Chinese is the product's first language."""
    return request.headers.get("accept-language", "").lower().startswith("en")


def _status(refusal: Refusal) -> int:
    return next(status for family, status in STATUSES.items() if isinstance(refusal, family))


async def _refused(request: Request, refusal: Exception) -> Response:
    return problem(request, refusal) if isinstance(refusal, Refusal) else await _failed(request, refusal)


async def _misread(request: Request, failure: Exception) -> Response:
    rows: Sequence[Mapping[str, Any]] = failure.errors()  # type: ignore[attr-defined]
    refusal = errors.Invalid()
    refusal.code = problem_code(rows)
    return problem(request, refusal, faults=field_errors(rows, locale="en" if wants_english(request) else "zh-CN"))


async def _unrouted(request: Request, failure: Exception) -> Response:
    status = getattr(failure, "status_code", 500)
    refusal: Refusal = errors.NotFound() if status == 404 else errors.Invalid()  # noqa: PLR2004 - HTTP's own number
    codes = {404: "path.unknown", 405: "method.not_allowed", 413: "body.too_large", 415: "media.unsupported"}
    refusal.code = codes.get(status, "body.invalid")
    return problem(request, refusal)


async def _raced(request: Request, _failure: Exception) -> Response:
    """Two acts met, and the database let only one through: whoever was second looks again."""
    return problem(request, errors.Conflict("Somebody else did this at the same moment; look again."))


async def _impossible(request: Request, _failure: Exception) -> Response:
    return problem(request, ImpossibleValue())


async def _failed(request: Request, failure: Exception) -> Response:
    log.error("unexpected", where=logs.where(failure), request_id=getattr(request.state, "request_id", ""))
    refusal = errors.Unavailable("Something went wrong here; keep it and try again.")
    refusal.code = "internal"
    return problem(request, refusal)
