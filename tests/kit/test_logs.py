"""X48: logs hold listed keys alone, whoever writes them, and no word of anybody (security.md 3.1.5)."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DataError

from kit.db import OWNER, unit_of_work
from kit.logs import ALLOWED

ROOT = Path(__file__).resolve().parents[2]
SECRET = "卡纳丽 13912345678 AB2C9-K7MNP"
OURS = """
import structlog
structlog.get_logger().error(
    "unexpected", route="/m/v1/reports", ms=3, text=SECRET, phone=SECRET, address=SECRET, path=SECRET, ip="10.1.2.3",
    exc_info=ValueError(SECRET), code=SECRET, file=SECRET, lon=117.3, session=SECRET,
)
"""
LIBRARIES = """
import asyncio, logging, warnings
try:
    raise ValueError(SECRET)
except ValueError:
    logging.getLogger("uvicorn.error").exception("Exception in ASGI application %s", SECRET)
    logging.getLogger("sqlalchemy.engine").error(SECRET)
    logging.getLogger("asyncio").error("Task failed: %r", SECRET, exc_info=True, stack_info=True)
    logging.getLogger("multipart").warning(SECRET)
    logging.getLogger("never.seen.before").critical({"text": SECRET})
"""


def written(script):
    """What a process writes down that logs as a server's does."""
    begin = f"import logging.config\nfrom kit import logs\nSECRET = {SECRET!r}\n"
    begin += "logging.config.dictConfig(logs.of_a_server('info'))\n"
    done = subprocess.run(
        [sys.executable, "-c", begin + script], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout + done.stderr


def test_of_our_own_lines_only_listed_keys_get_out():
    said = written(OURS)
    line = json.loads(said)
    assert line.keys() <= ALLOWED
    assert (line["event"], line["route"], line["ms"]) == ("unexpected", "/m/v1/reports", 3)
    assert not any(part in said for part in (*SECRET.split(), "10.1.2.3", "117.3"))


def test_what_libraries_say_is_told_without_their_words():
    """A traceback quotes the row that was refused, and a server's log of it outlives the row."""
    said = written(LIBRARIES)
    lines = [json.loads(line) for line in said.splitlines()]
    assert [line["process"] for line in lines] == [
        "uvicorn.error", "sqlalchemy.engine", "asyncio", "multipart", "never.seen.before"
    ]  # fmt: skip
    assert all(line.keys() <= ALLOWED for line in lines)
    assert lines[0]["where"].startswith("ValueError at ")
    assert not any(part in said for part in SECRET.split())


def test_an_error_of_the_database_quotes_no_value(database_url):
    with pytest.raises(DataError) as failed, unit_of_work(OWNER) as session:
        session.execute(text("select 1 / 0 where :said = :said"), {"said": SECRET})
    assert SECRET not in str(failed.value)
    assert SECRET not in repr(failed.value)
