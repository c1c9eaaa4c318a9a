"""The pages' own files, and scripts of others that set-up has fetched (cli/vendor.py).

Each lies under an address that changes with its content, so that a browser may keep it for ever. Modules import each
other by their names alone, as neighbours: all scripts therefore share one version.
"""

import hashlib
from pathlib import Path

from fastapi import APIRouter, Response

from kit.errors import NotFound

router = APIRouter(include_in_schema=False)
HERE = Path(__file__).parent
FOLDERS = (HERE / "static", HERE / "vendored")
SCRIPT = "text/javascript; charset=utf-8"
TYPES = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".js": SCRIPT, ".mjs": SCRIPT}
FILES = {
    path.name: path
    for folder in FOLDERS
    if folder.is_dir()
    for path in sorted(folder.iterdir())
    if path.suffix in TYPES
}


def _versions() -> dict[str, str]:
    own = {name: hashlib.sha256(path.read_bytes()).hexdigest()[:12] for name, path in FILES.items()}
    scripts = {name: version for name, version in own.items() if TYPES[Path(name).suffix] == SCRIPT}
    shared = hashlib.sha256("".join(scripts[name] for name in sorted(scripts)).encode()).hexdigest()[:12]
    return own | dict.fromkeys(scripts, shared)


VERSIONS = _versions()


def address(name: str) -> str:
    """The path of a file, with the hash of its content in it. KeyError for a file that does not exist."""
    return f"/static/{VERSIONS[name]}/{name}"


@router.get("/static/{version}/{name}", name="static_file")
def static_file(version: str, name: str) -> Response:
    """One file. A page from before an update asks for an old version and gets the present one, not to be kept."""
    if name not in FILES:
        raise NotFound
    keep = "public, max-age=31536000, immutable" if version == VERSIONS[name] else "no-cache"
    return Response(FILES[name].read_bytes(), media_type=TYPES[Path(name).suffix], headers={"Cache-Control": keep})
