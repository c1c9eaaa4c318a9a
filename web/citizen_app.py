"""/app/: the citizen's app, plain ES modules that speak only the mobile contract (M21, X56).

Its files lie under the hash of all of them, so that a phone keeps a whole shell or none, and works without a network.
"""

import hashlib
from functools import lru_cache
from pathlib import Path
from string import Template

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from kit.errors import NotFound
from web.assets import SCRIPT, TYPES, VERSIONS, address

router = APIRouter(include_in_schema=False)
FOLDER = Path(__file__).parent / "pwa"
FILES = {path.name: path.read_text(encoding="utf-8") for path in sorted(FOLDER.iterdir())}
PAGE, WORKER, MANIFEST = "index.html", "sw.js", "manifest.webmanifest"
MODULES = tuple(name for name in FILES if name not in {PAGE, WORKER, MANIFEST})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
ASKED_ANEW = {"Cache-Control": "no-cache"}
# What is first needed after a report, or when the map is opened, comes then and is kept beside the shell.
BESIDE = {
    "bell": "bell.svg",
    "sheet": "jingzhong.css",
    "qr": "qrcode.mjs",
    "map": "maplibre-gl.mjs",
    "map_sheet": "maplibre-gl.css",
}
SHELL = ("bell", "sheet")


@lru_cache(maxsize=1)
def version() -> str:
    """The hash of the whole shell."""
    content = [*FILES.items(), *((name, VERSIONS[name]) for name in BESIDE.values())]
    return hashlib.sha256("\n".join(f"{name}\n{text}" for name, text in content).encode()).hexdigest()[:12]


def shell() -> list[str]:
    """The addresses that the app needs to start without a network."""
    own = [f"/app/{version()}/{name}" for name in MODULES]
    return ["/app/", "/app/manifest.webmanifest", *own, *(address(BESIDE[each]) for each in SHELL)]


@router.get("/app", name="app_without_slash")
def app_without_slash() -> RedirectResponse:
    """Whoever types the address by hand."""
    return RedirectResponse("/app/", 308)


@router.get("/app/", name="app_page")
def app_page() -> Response:
    """The one page; what it shows is decided on the phone."""
    headers = {**ASKED_ANEW, "Content-Security-Policy": POLICY}
    return Response(_filled(PAGE), media_type="text/html; charset=utf-8", headers=headers)


@router.get("/app/sw.js", name="app_worker")
def app_worker() -> Response:
    """The service worker, told which files make up the shell: another shell is another worker."""
    files = ", ".join(f'"{path}"' for path in shell())
    told = f'const SHELL = {{ version: "{version()}", files: [{files}] }};\n'
    text = told + FILES[WORKER].replace('from "./', f'from "./{version()}/')
    headers = {**ASKED_ANEW, "Content-Security-Policy": POLICY}
    return Response(text, media_type=SCRIPT, headers=headers)


@router.get("/app/manifest.webmanifest", name="app_manifest")
def app_manifest() -> Response:
    """What a phone needs to put the app among its own."""
    return Response(_filled(MANIFEST), media_type="application/manifest+json", headers=ASKED_ANEW)


@router.get("/app/{asked}/{name}", name="app_file")
def app_file(asked: str, name: str) -> Response:
    """One file of the shell. A page from before an update gets the present one, not to be kept."""
    if name not in MODULES:
        raise NotFound
    keep = {"Cache-Control": "public, max-age=31536000, immutable"} if asked == version() else ASKED_ANEW
    return Response(FILES[name], media_type=TYPES[Path(name).suffix], headers=keep)


def _filled(name: str) -> str:
    places = {each: address(file) for each, file in BESIDE.items()}
    return Template(FILES[name]).substitute(places, version=version())
