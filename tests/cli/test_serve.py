"""Whose word about addresses is believed (JZ_TRUSTED_PROXIES)."""

import os
import platform
import subprocess
import sys

import pytest
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from cli.places import Places
from cli.serve import _behind
from kit.settings import Settings

NEEDED = {
    "DATABASE_URL": "postgresql://d/d", "REDIS_URL": "redis://r", "STORAGE_URL": "file:///s",
    "JZ_SECRET_KEY": "k" * 32, "JZ_VAULT_PUBLIC_KEY": "0" * 64,
}  # fmt: skip


async def _who(scope, receive, send):
    """Say who connects."""
    await PlainTextResponse(Request(scope).client.host)(scope, receive, send)


def _seen(trusted, connecting, *claimed):
    proxies = Settings(**NEEDED, JZ_TRUSTED_PROXIES=trusted).proxies
    client = TestClient(_behind(_who, proxies), client=(connecting, 4000))
    return client.get("/", headers=[("X-Forwarded-For", address) for address in claimed]).text


@pytest.mark.parametrize(("trusted", "connecting", "claimed", "seen"), [
    ("", "10.0.0.9", ("203.0.113.7",), "10.0.0.9"),
    ("10.0.0.1", "10.0.0.9", ("203.0.113.7",), "10.0.0.9"),
    ("10.0.0.9", "10.0.0.9", ("203.0.113.7",), "203.0.113.7"),
    (" 10.0.0.0/24 , ::1", "10.0.0.9", ("203.0.113.7",), "203.0.113.7"),
    ("10.0.0.9", "10.0.0.9", (), "10.0.0.9"),
    # what the last proxy that we trust has seen counts, not what a client wrote before it
    ("10.0.0.0/24", "10.0.0.9", ("198.51.100.1, 203.0.113.7, 10.0.0.2",), "203.0.113.7"),
    ("10.0.0.9", "10.0.0.9", ("198.51.100.1", "203.0.113.7"), "203.0.113.7"),
    ("10.0.0.9", "10.0.0.9", ("203.0.113.7:5555",), "203.0.113.7"),
])  # fmt: skip
def test_only_a_trusted_proxy_says_who_connects(trusted, connecting, claimed, seen):
    assert _seen(trusted, connecting, *claimed) == seen


@pytest.mark.parametrize("said", ["*", "proxy.internal", "10.0.0.0/33", "10.0.0.1/8", "127.0.0.1;10.0.0.1"])
def test_what_is_no_address_or_network_is_refused(said):
    with pytest.raises(ValidationError):
        Settings(**NEEDED, JZ_TRUSTED_PROXIES=said)


def test_the_process_of_the_api_holds_no_library_that_it_has_no_use_for():
    heavy = {
        "alembic", "boto3", "celery", "chinese_calendar", "lxml", "numpy", "PIL", "pillow_heif", "prometheus_client",
        "pyogrio", "pypinyin", "redis", "rich", "shapely", "uvicorn.protocols.websockets", "weasyprint",
    }  # fmt: skip
    said = _python(f"import cli.serve, sys; cli.serve.application(); print(*sorted({heavy} & set(sys.modules)))")
    assert said == ""


def test_the_process_of_the_api_begins_small():
    """The bar is 150 MB under load (docs/performance.md); what it holds before the first request leaves room for that.

    Only what is its own counts, for how much of the libraries is resident is up to the machine.
    """
    said = _python("""
import cli.serve
cli.serve.application()
rows = (line.split() for line in open("/proc/self/status"))
print(next(int(row[1]) for row in rows if row[0] == "RssAnon:") / 1024)
""")
    assert float(said) < 120, said


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library has no such knobs")
@pytest.mark.parametrize(("every_s", "stays"), [(0.05, False), (3600, True)])
def test_room_between_pieces_that_stay_is_given_back(every_s, stays):
    """What a burst of photos leaves behind: many pieces gone, and here and there one that is still in use."""
    said = _python(f"""
import os, time
from pathlib import Path
from cli import serve
def held():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
serve.GIVE_BACK_S = {every_s}
serve._keep_small()
before = held()
pieces = [b"x" * 65_000 for _ in range(1_500)]
some = pieces[::50]
del pieces
time.sleep(1)
print(held() - before)
""")
    assert (float(said) > 50) is stays, said


def test_areas_go_in_and_out_all_the_same():
    said = _python(
        "import cli.serve; from shapely import box; from geo.shapes import loaded, stored;"
        "print(stored(box(1, 2, 3, 4)).desc[:18], loaded(stored(box(1, 2, 3, 4))).wkt)"
    )
    assert said == "0106000020e6100000 MULTIPOLYGON (((3 2, 3 4, 1 4, 1 2, 3 2)))"


def _python(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], env={**os.environ, **NEEDED, "PYTHONPATH": str(Places().root)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
