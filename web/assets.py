"""The pages' own files under addresses that change with their content, so that a browser may keep them for ever."""

import hashlib
from pathlib import Path

from fastapi import APIRouter, Response

from kit.errors import NotFound

router = APIRouter(include_in_schema=False)
FOLDER = Path(__file__).parent / "static"
TYPES = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
FILES = {path.name: path.read_bytes() for path in sorted(FOLDER.iterdir()) if path.suffix in TYPES}
VERSIONS = {name: hashlib.sha256(content).hexdigest()[:12] for name, content in FILES.items()}


def address(name: str) -> str:
    """The path of a file, with the hash of its content in it. KeyError for a file that does not exist."""
    return f"/static/{VERSIONS[name]}/{name}"


@router.get("/static/{version}/{name}", name="static_file")
def static_file(version: str, name: str) -> Response:
    """One file. A page from before an update asks for an old version and gets the present one, not to be kept."""
    if name not in FILES:
        raise NotFound
    keep = "public, max-age=31536000, immutable" if version == VERSIONS[name] else "no-cache"
    return Response(FILES[name], media_type=TYPES[Path(name).suffix], headers={"Cache-Control": keep})
