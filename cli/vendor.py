"""Fetches the pages' third-party scripts at set-up, by web/package-lock.json, each package checked by its hash.

Run by `./jz` after Python's packages: `python -P -m cli.vendor run|test`. `run` fills web/vendored/, where the
assets look; `test` also keeps the checker and the generator of types under .local/npm. Node and npm come
as a wheel (requirements-node.lock), so that no system has to have them; npm's configuration of this machine counts. No
package's own scripts are run, and nothing of this is needed once it is in place.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from cli import provision

ROOT = provision.ROOT
LOCKS = ("requirements-node.lock", "web/package.json", "web/package-lock.json", "cli/vendor.py")
STAMP = "jingzhong-stamp"
SENT = {
    "htmx.js": "htmx.org/dist/htmx.min.js",
    "maplibre-gl.css": "maplibre-gl/dist/maplibre-gl.css",
    "maplibre-gl.mjs": "maplibre-gl/dist/maplibre-gl.mjs",
    "maplibre-gl-shared.mjs": "maplibre-gl/dist/maplibre-gl-shared.mjs",
    "maplibre-gl-worker.mjs": "maplibre-gl/dist/maplibre-gl-worker.mjs",
    "qrcode.mjs": "qrcode-generator/dist/qrcode.mjs",
}


def main() -> int:
    """Bring the files to what the lock says, for the set-up named on the command line; 0 when they are there."""
    kind = sys.argv[1] if len(sys.argv) > 1 else "run"
    if is_current(ROOT, kind):
        return 0
    started = time.monotonic()
    print("jz: fetching the pages' scripts ...", flush=True)
    log = ROOT / ".local" / "log" / "install.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    try:
        with log.open("ab") as sink:
            vendor(ROOT, kind, sink.fileno())
    except (OSError, subprocess.CalledProcessError) as failure:
        print("\n".join(log.read_text(errors="replace").splitlines()[-15:]), file=sys.stderr)
        reason = f" ({failure.strerror})" if isinstance(failure, OSError) else ""
        print(f"jz: The pages' scripts could not be fetched{reason}. The whole log: {log}", file=sys.stderr)
        return 1
    print(f"jz: the pages' scripts are in place ({time.monotonic() - started:.0f} s).", flush=True)
    return 0


def stamp(root: Path) -> str:
    """What the files are made from, as one hash."""
    return hashlib.sha256(b"".join((root / name).read_bytes() for name in LOCKS)).hexdigest()


def is_current(root: Path, kind: str) -> bool:
    """Whether the files are those of this lock; a set-up for tests also serves for running."""
    try:
        made_from = (root / "web" / "vendored" / STAMP).read_text().split()
    except OSError:
        return False
    return made_from in ([stamp(root), "test"], [stamp(root), kind])


def vendor(root: Path, kind: str, log: int) -> None:
    """Fetch what the lock names and put into web/vendored/ what pages send. CalledProcessError when npm fails."""
    packages = root / ".local" / "npm"
    packages.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(root / "web" / name, packages / name)
    command = [str(_npm(root, log)), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    command += ["--omit=dev"] if kind == "run" else []
    tools = root / ".local" / "tools" / "bin"
    environment = {**os.environ, "PATH": f"{tools}:{os.environ.get('PATH', os.defpath)}"}
    subprocess.run(command, cwd=packages, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL, check=True)
    beside = root / "web" / "vendored.part"
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir()
    for name, source in SENT.items():
        shutil.copyfile(packages / "node_modules" / source, beside / name)
    (beside / STAMP).write_text(f"{stamp(root)} {kind}\n")
    shutil.rmtree(root / "web" / "vendored", ignore_errors=True)
    beside.rename(root / "web" / "vendored")


def _npm(root: Path, log: int) -> Path:
    tools = provision.tools(root, log)
    if not (tools / "bin" / "npm").exists():
        pip = [str(tools / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        lock = str(root / "requirements-node.lock")
        subprocess.run([*pip, "--require-hashes", "-r", lock], stdout=log, stderr=log, check=True)
    return tools / "bin" / "npm"


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("jz: interrupted. Run it again to go on.", file=sys.stderr)
        sys.exit(130)
