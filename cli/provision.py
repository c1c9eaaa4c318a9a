"""Makes the virtual environment hold exactly what a lock file says. Run by `./jz` before anything is installed.

Standard library only: `python3 -I cli/provision.py run|test`. `run` follows requirements.lock, `test` follows
requirements-test.lock, which holds the former. A stamp tells that nothing has changed since the last time, so that
a second run takes no time and no network. pip's own configuration on this machine (indexes, certificates) is honoured;
uv does not read it, so it is handed on. Where uv cannot be had, pip does the same, slower.
"""

import ast
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {"run": "requirements.lock", "test": "requirements-test.lock"}
ROOM = {"run": 1 << 30, "test": 2 << 30}
STAMP = "jingzhong-stamp"
UNFINISHED = "jingzhong-unfinished"


def main() -> int:
    """Bring the environment to the lock named on the command line; 0 when it is there."""
    kind = sys.argv[1] if len(sys.argv) > 1 else "run"
    venv = ROOT / ".venv"
    if _is_current(venv, kind):
        return 0
    free = shutil.disk_usage(ROOT).free
    if free < ROOM[kind]:
        sentence = (
            f"Only {free >> 20} MB are free at {ROOT}; Python packages need {ROOM[kind] >> 20} MB. Make room first."
        )
        print(f"jz: {sentence}", file=sys.stderr)
        return 1
    started = time.monotonic()
    print(f"jz: installing Python packages from {LOCKS[kind]} ...", flush=True)
    log = ROOT / ".local" / "log" / "install.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    try:
        with log.open("ab") as sink:
            install(ROOT, venv, ROOT / LOCKS[kind], sink.fileno())
    except (OSError, subprocess.CalledProcessError) as failure:
        tail = log.read_text(errors="replace").splitlines()[-15:]
        print("\n".join(tail), file=sys.stderr)
        reason = f" ({failure.strerror})" if isinstance(failure, OSError) else ""
        print(f"jz: The Python packages could not be installed{reason}. The whole log: {log}", file=sys.stderr)
        return 1
    (venv / STAMP).write_text("\n".join(stamp(kind)) + "\n")
    print(f"jz: Python packages are in place ({time.monotonic() - started:.0f} s).", flush=True)
    return 0


def stamp(kind: str, root: Path = ROOT) -> list[str]:
    """What an environment of this kind is made from: the Python, and the hash of each lock that it satisfies."""
    lines = [f"python {sys.version.split()[0]} {sys.base_prefix}"]
    satisfied = ["run"] if kind == "run" else ["run", "test"]
    return lines + [f"{name} {hashlib.sha256((root / LOCKS[name]).read_bytes()).hexdigest()}" for name in satisfied]


def _is_current(venv: Path, kind: str) -> bool:
    """Whether the environment was made from these very locks; one made for tests also serves for running."""
    try:
        made_from = (venv / STAMP).read_text().splitlines()
    except OSError:
        return False
    return (venv / "bin" / "python").exists() and set(stamp(kind)) <= set(made_from)


def install(root: Path, venv: Path, lock: Path, log: int) -> None:
    """Make `venv` hold what `lock` names, each file checked by its hash. Raises CalledProcessError when that fails."""
    beside = tools(root, log)
    (venv / STAMP).unlink(missing_ok=True)
    _make(venv, log, "--without-pip")
    (venv / UNFINISHED).touch()
    _fill(venv, lock, beside, log)
    (venv / UNFINISHED).unlink()


def _make(folder: Path, log: int, *options: str) -> None:
    """An environment in `folder`; one of another Python, or that was interrupted while being made, is made anew."""
    if _is_of_this_python(folder) and not (folder / UNFINISHED).exists():
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / UNFINISHED).touch()
    _run([sys.executable, "-m", "venv", *options, str(folder)], log)
    (folder / UNFINISHED).unlink()


def _fill(venv: Path, lock: Path, tools: Path, log: int) -> None:
    uv, python = tools / "bin" / "uv", venv / "bin" / "python"
    if uv.exists():
        sync = [
            str(uv),
            "pip",
            "sync",
            "--quiet",
            "--require-hashes",
            "--python",
            str(venv / "bin" / "python"),
            str(lock),
        ]
        environment = {**os.environ, **uv_settings(_pip_settings(tools), os.environ)}
        if _succeeds(sync, log, environment):
            _compile(venv, log)
            return
        print("jz: uv could not do it; trying pip, which takes longer ...", flush=True)
    pip = [str(tools / "bin" / "python"), "-m", "pip", "--python", str(python)]
    # The lock names all there is; like uv, pip must not mind a package that was published before this Python.
    pip += ["install", "--quiet", "--no-deps", "--ignore-requires-python"]
    _run([*pip, "--require-hashes", "-r", str(lock)], log)


def _compile(venv: Path, log: int) -> None:
    """Keep what each start would have to compile: uv does not, and some environments ask Python to keep nothing.

    Once with docstrings and once without, for the API runs without (cli/processes.py).

    A file that this Python cannot compile is left as it is; pip does the same by itself.
    """
    python, inside = venv / "bin" / "python", venv / "lib"
    _succeeds(
        [str(python), "-I", "-m", "compileall", "-q", "-j", "0", "-o", "0", "-o", "2", str(inside)], log, os.environ
    )


def _is_of_this_python(venv: Path) -> bool:
    probe = "import sys; print(sys.version.split()[0], sys.base_prefix, sep='\\n')"
    try:
        answer = subprocess.run(
            [str(venv / "bin" / "python"), "-I", "-c", probe], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return False
    return answer.stdout.splitlines() == [sys.version.split()[0], sys.base_prefix]


def tools(root: Path, log: int) -> Path:
    """A small environment beside the real one with pip and, where there is one for this machine, uv."""
    beside = root / ".local" / "tools"
    _make(beside, log)
    if not (beside / "bin" / "uv").exists():
        lock = root / "requirements-tools.lock"
        pip = [str(beside / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        _succeeds([*pip, "--require-hashes", "-r", str(lock)], log, os.environ)
    return beside


def _pip_settings(tools: Path) -> dict[str, str]:
    """The effective configuration of pip, one value for each name; the environment wins over files."""
    listing = subprocess.run(
        [str(tools / "bin" / "python"), "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    ).stdout
    return parse_pip_settings(listing)


def parse_pip_settings(listing: str) -> dict[str, str]:
    """The output of `pip config list` as a mapping; `install` wins over `global`, and the environment over both."""
    ranked: dict[str, tuple[int, str]] = {}
    ranks = {"global": 0, "install": 1, ":env:": 2}
    for line in listing.splitlines():
        key, _, quoted = line.partition("=")
        section, _, name = key.rpartition(".")
        rank = ranks.get(section, -1)
        if rank >= ranked.get(name, (0, ""))[0]:
            ranked[name] = (rank, " ".join(str(ast.literal_eval(quoted)).split()))
    return {name: value for name, (_, value) in ranked.items()}


def uv_settings(pip: Mapping[str, str], environment: Mapping[str, str]) -> dict[str, str]:
    """The configuration of pip in uv's words, for names that are not already set in the environment.

    Places on this disk that do not exist are left out, as pip does. Every file is checked by hash, so that looking
    for the best match over all indexes, as pip does, is safe.
    """
    said = {
        "UV_DEFAULT_INDEX": pip.get("index-url", ""),
        "UV_INDEX": " ".join(filter(_exists, pip.get("extra-index-url", "").split())),
        "UV_FIND_LINKS": ",".join(filter(_exists, pip.get("find-links", "").split())),
        "SSL_CERT_FILE": pip.get("cert", ""),
        "UV_INSECURE_HOST": pip.get("trusted-host", ""),
        "UV_HTTP_TIMEOUT": pip.get("default-timeout", "") or pip.get("timeout", ""),
        "UV_OFFLINE": "1" if pip.get("no-index", "").lower() in {"1", "true", "yes"} else "",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_LINK_MODE": "hardlink",
        "UV_PYTHON_DOWNLOADS": "never",
    }
    return {name: value for name, value in said.items() if value and name not in environment}


def _exists(place: str) -> bool:
    """Whether a place for packages can be looked into: anything remote, or a local path that is there."""
    path = place.removeprefix("file://")
    return "://" in path or Path(path).exists()


def _run(command: list[str], log: int) -> None:
    subprocess.run(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, check=True)


def _succeeds(command: list[str], log: int, environment: Mapping[str, str]) -> bool:
    done = subprocess.run(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=dict(environment), check=False)
    return done.returncode == 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("jz: interrupted. Run it again to go on.", file=sys.stderr)
        sys.exit(130)
