"""Under which account PostgreSQL runs: it refuses to be root, so a root user takes one of two ways round."""

import os
import pwd
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cli.refusal import CannotGoOn


def _somebody() -> int:
    """The number of a user that this system knows and that is not root: PostgreSQL looks up who it believes to be."""
    for name in ("postgres", "daemon", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name).pw_uid
    return 1000


NAMESPACE = ("unshare", "--user", f"--map-user={_somebody()}", f"--map-group={_somebody()}")
IDENTITY = ("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups")


@dataclass(frozen=True)
class Account:
    """How to start a program of PostgreSQL, and who its files belong to (None: whoever runs this)."""

    prefix: tuple[str, ...] = ()
    owner: str | None = None


AS_I_AM = Account()
IN_A_NAMESPACE = Account(prefix=NAMESPACE)
AS_POSTGRES = Account(prefix=IDENTITY, owner="postgres")


def for_data(data: Path, elsewhere: Path) -> tuple[Account, Path]:
    """The account for a cluster whose files should be in `data`, and the folder where they really are.

    In a user namespace PostgreSQL believes to be somebody else while every file stays root's, so that the files may
    stay in the checkout. Where the kernel refuses namespaces, it becomes the user `postgres`, who cannot enter a
    checkout under /root: its files are then `elsewhere`. Files made one way are not readable the other way, so what
    exists decides.
    Raises CannotGoOn when neither is possible.
    """
    if os.getuid() != 0:
        return _as_whoever_this_is(), data
    works = _works(NAMESPACE)
    if (data / "PG_VERSION").exists():
        if works:
            return IN_A_NAMESPACE, data
        raise CannotGoOn(
            f"The files in {data} were made in a user namespace, which this system now refuses. "
            "Allow user namespaces, or run as a user that is not root, or start anew: ./jz reset."
        )
    if works and not (elsewhere / "data" / "PG_VERSION").exists():
        return IN_A_NAMESPACE, data
    if _works(IDENTITY):
        _check_nobody_else_made(elsewhere)
        return AS_POSTGRES, elsewhere / "data"
    raise CannotGoOn(
        "PostgreSQL refuses to run as root, and this system allows neither user namespaces nor a change to the user "
        "postgres. Run ./jz as another user."
    )


def _as_whoever_this_is() -> Account:
    """PostgreSQL wants to know its user's name; whoever has none, as in many containers, gets one in a namespace."""
    with suppress(KeyError):
        pwd.getpwuid(os.getuid())
        return AS_I_AM
    if _works(NAMESPACE):
        return IN_A_NAMESPACE
    raise CannotGoOn(
        f"No user of this system has the number {os.getuid()}, and PostgreSQL refuses to run for nobody. "
        "Add one to /etc/passwd, or run ./jz as another user."
    )


def _check_nobody_else_made(folder: Path) -> None:
    """The folder lies where everybody may write: a stranger's folder of the same name must not become our database."""
    trusted = (0, pwd.getpwnam("postgres").pw_uid)
    if folder.is_symlink() or (folder.exists() and folder.lstat().st_uid not in trusted):
        raise CannotGoOn(f"{folder} was made by somebody else. Remove it and run this again.")


def _works(prefix: tuple[str, ...]) -> bool:
    if shutil.which(prefix[0]) is None:
        return False
    return subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0
