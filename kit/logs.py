"""Logs: one JSON line for each event, of listed keys only. No address, body, code, phone or file name gets in."""

import logging
import logging.config
from collections.abc import MutableMapping
from typing import Any

import structlog

ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "request_id", "method", "route", "status", "ms", "step", "job", "attempts",
        "error", "where", "process", "count", "sends",
    }
)  # fmt: skip


def configure(level: str) -> None:
    """Set up logging for this process."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _only_listed,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        cache_logger_on_first_use=True,
    )


class OnlyWhere(logging.Handler):
    """What libraries log, as one line of ours: which of them, from which of its lines, and where it failed.

    Never their words: they quote what people sent, a row that was refused, a whole statement with its values.
    """

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line."""
        failure = record.exc_info[1] if record.exc_info else None
        structlog.get_logger().log(
            record.levelno, "library", process=record.name, where=where(failure) if failure else "",
            step=f"{record.module}:{record.lineno}",
        )  # fmt: skip


def begin(level: str) -> None:
    """Set up logging for a process that runs by itself, that of libraries as well: nothing else is written."""
    logging.config.dictConfig(of_a_server(level))


def of_a_server(level: str) -> dict[str, Any]:
    """For logging.config.dictConfig, as uvicorn calls it in each process that it starts."""
    return {
        "version": 1, "disable_existing_loggers": False,
        "handlers": {"ours": {"()": f"{__name__}.begun", "lowest": level}},
        "root": {"handlers": ["ours"], "level": "WARNING"},
    }  # fmt: skip


def begun(lowest: str) -> OnlyWhere:
    """Set up logging for this process, that of libraries as well."""
    configure(lowest)
    logging.captureWarnings(True)
    logging.lastResort = OnlyWhere()  # loggers that pass nothing on, and have nobody to write for them
    return OnlyWhere()


def _only_listed(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: value for key, value in event.items() if key in ALLOWED}


def where(failure: BaseException) -> str:
    """Type and our own line of a failure, without its message: messages may quote what people wrote."""
    frames = failure.__traceback__
    last = ""
    while frames is not None:
        name = frames.tb_frame.f_globals.get("__name__", "")
        if not name.startswith(("sqlalchemy", "psycopg", "starlette", "fastapi", "celery", "pydantic")):
            last = f"{name}:{frames.tb_lineno}"
        frames = frames.tb_next
    return f"{type(failure).__name__} at {last}"
