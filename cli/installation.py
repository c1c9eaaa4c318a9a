"""PostgreSQL with PostGIS as this machine has it. No version is named: the newest that fits is taken."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cli.refusal import CannotGoOn

OLDEST_POSTGRES = 15
OLDEST_POSTGIS = (3, 3)
PATTERNS = (
    "/usr/lib/postgresql/*/bin/postgres",
    "/usr/pgsql-*/bin/postgres",
    "/opt/homebrew/opt/postgresql@*/bin/postgres",
    "/usr/local/opt/postgresql@*/bin/postgres",
)


@dataclass(frozen=True)
class Installation:
    """PostgreSQL as found on this machine: its programs, its major version, the version of its PostGIS."""

    bin: Path
    major: int
    postgis: tuple[int, ...]


def find(*, major: int | None = None) -> Installation:
    """The newest PostgreSQL here that has PostGIS, or the one of `major`, which existing data needs.

    Raises CannotGoOn when there is none, or it is older than 15, or its PostGIS than 3.3.
    """
    found = sorted(_installations(), key=lambda installation: installation.major)
    if not found:
        raise CannotGoOn("No PostgreSQL with PostGIS is installed here. Install it and run this again.")
    fitting = [installation for installation in found if major in (None, installation.major)]
    if not fitting:
        raise CannotGoOn(
            f"The data in .local was made by PostgreSQL {major}, which is not installed any more (found: "
            f"{found[-1].major}). Install PostgreSQL {major} with PostGIS again, or start anew: ./jz reset."
        )
    if fitting[-1].major < OLDEST_POSTGRES:
        raise CannotGoOn(
            f"PostgreSQL {fitting[-1].major} is installed here; {OLDEST_POSTGRES} or newer is needed "
            "(Debian 12 and Ubuntu 24.04 have it)."
        )
    if fitting[-1].postgis < OLDEST_POSTGIS:
        version = ".".join(map(str, fitting[-1].postgis))
        raise CannotGoOn(
            f"PostGIS {version} is installed here; 3.3 or newer is needed (Debian 12 and Ubuntu 24.04 have it)."
        )
    return fitting[-1]


def _installations() -> Iterator[Installation]:
    on_path = shutil.which("postgres")
    programs = [path for pattern in PATTERNS for path in sorted(Path("/").glob(pattern.lstrip("/")))]
    for program in dict.fromkeys([*programs, *([Path(on_path).resolve()] if on_path else [])]):
        version = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
        number = re.search(r"(\d+)", version)
        for control in _controls(program.parent):
            release = re.search(r"default_version = '(\d+)\.(\d+)", control.read_text())
            if number and release:
                yield Installation(program.parent, int(number[1]), (int(release[1]), int(release[2])))
                break


def _controls(folder: Path) -> Iterator[Path]:
    """PostGIS's control file, where this PostgreSQL would look for it."""
    asked = ""
    with suppress(OSError):
        asked = subprocess.run([folder / "pg_config", "--sharedir"], capture_output=True, text=True, check=False).stdout
    for share in (asked.strip(), f"/usr/share/postgresql/{folder.parent.name}"):
        control = Path(share or "/nowhere") / "extension" / "postgis.control"
        if control.exists():
            yield control


def major_of(data: Path) -> int | None:
    """The major version that made the files in `data`; None where there are none."""
    try:
        return int((data / "PG_VERSION").read_text().strip())
    except OSError:
        return None
