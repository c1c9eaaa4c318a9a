"""How the public record is kept by readers and caches: a tag that costs no rendering, and for how long (E9, E10)."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from sqlalchemy.orm import Session

from cases import feeds
from kit.clock import LOCAL_ZONE

# Half a minute, and half a minute more while it is asked for anew: a withdrawal is everywhere within sixty seconds.
FRESH = "public, max-age=30, stale-while-revalidate=30"
ANYBODY = {"Access-Control-Allow-Origin": "*", "Cache-Control": FRESH}


def tag(session: Session, now: datetime, *of: Any) -> str:
    """The strong ETag of a document: by how far the record has grown, the day, what was asked for, and our own code."""
    day = now.astimezone(LOCAL_ZONE).date()
    said = "|".join(str(each) for each in (feeds.grown(session), day, _release(), *of))
    return f'"{hashlib.sha256(said.encode()).hexdigest()[:24]}"'


def answer(request: Request, etag: str, made: Callable[[], bytes], *, media_type: str) -> Response:
    """The document, or 304 to whoever has it; `made` is called only where its bytes are sent, HEAD included."""
    told = {**ANYBODY, "ETag": etag}
    known = request.headers.get("if-none-match", "")
    if known == "*" or etag in known:
        return Response(status_code=304, headers=told)
    return Response(made(), media_type=media_type, headers=told)


@lru_cache(maxsize=1)
def _release() -> str:
    """A mark of the code that renders: another release gives other bytes, and must not be taken for this one."""
    found = hashlib.sha256()
    for folder in (Path(__file__).parent, Path(feeds.__file__).parent):
        for path in sorted(folder.rglob("*.py")):
            found.update(path.read_bytes())
    return found.hexdigest()
