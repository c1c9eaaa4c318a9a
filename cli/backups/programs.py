"""PostgreSQL's own programs: pg_dump and pg_restore on the database of DATABASE_URL, as its owner."""

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import URL

from cli import installation
from cli.refusal import CannotGoOn
from kit.db import OWNER, url_for


def dump(to: Path, *, snapshot: str) -> None:
    """Write the database down as of a snapshot that somebody holds open. Raises CannotGoOn."""
    _run("pg_dump", "--format=custom", "--no-sync", f"--snapshot={snapshot}", f"--file={to}")
    with to.open("rb") as written:
        os.fsync(written.fileno())


def load(source: Path) -> None:
    """Read it into the database, which is empty: all of it or nothing. Raises CannotGoOn."""
    _run("pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", "--dbname", "", str(source))


def _run(program: str, *arguments: str) -> None:
    where = url_for(OWNER)
    command = [str(_found(program)), *(_name(where) if each == "" else each for each in arguments)]
    if program == "pg_dump":
        command.append(_name(where))
    done = subprocess.run(
        command, env=os.environ | _addressed(where), stdin=subprocess.DEVNULL, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise CannotGoOn(f"{program} did not succeed: {reason}")


def _found(program: str) -> Path:
    """Beside the server that this machine has, or on the path where it has none."""
    try:
        return installation.find().bin / program
    except CannotGoOn:
        found = shutil.which(program)
        if found is None:
            raise CannotGoOn(f"{program} is not installed here. Install it (Debian: postgresql-client).") from None
        return Path(found)


def _name(where: URL) -> str:
    return where.database or ""


def _addressed(where: URL) -> dict[str, str]:
    """The address in libpq's own variables: a password on a command line is everybody's to read."""
    query = {name: value if isinstance(value, str) else value[-1] for name, value in where.query.items()}
    said = {
        "PGHOST": query.get("host") or where.host, "PGPORT": query.get("port") or where.port,
        "PGUSER": where.username, "PGPASSWORD": where.password, "PGSSLMODE": query.get("sslmode"),
        "PGSSLROOTCERT": query.get("sslrootcert"),
    }  # fmt: skip
    return {name: str(value) for name, value in said.items() if value}
