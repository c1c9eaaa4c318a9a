"""Where the private parts of an installation live: under `.local/`, and sockets in a folder with a short name."""

import hashlib
import os
import pwd
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from cli.refusal import CannotGoOn

ROOT = Path(__file__).resolve().parent.parent
LONGEST_SOCKET_FOLDER = 88  # a socket's path may have 107 bytes; PostgreSQL adds 15, Redis and its spare names fewer
PLAIN = re.compile(r"[A-Za-z0-9._/-]+")  # what may stand unquoted in every kind of URL


@dataclass(frozen=True)
class Places:
    """The folders of one checkout. Nothing is made by asking; `make()` makes them."""

    root: Path = ROOT

    @property
    def local(self) -> Path:
        """Everything that this checkout made and may delete again."""
        return self.root / ".local"

    @property
    def log(self) -> Path:
        """One log for each process."""
        return self.local / "log"

    @property
    def run(self) -> Path:
        """State of what runs now."""
        return self.local / "run"

    @property
    def storage(self) -> Path:
        """Photos, while STORAGE_URL does not say otherwise."""
        return self.local / "storage"

    @property
    def scratch(self) -> Path:
        """Half-received uploads."""
        return self.local / "scratch"

    @property
    def backups(self) -> Path:
        """The database as it was before each of the last updates."""
        return self.local / "backups"

    @property
    def data(self) -> tuple[Path, ...]:
        """What `reset` deletes: data, and the secrets that only this data needs."""
        names = ("postgres", "redis", "storage", "scratch", "secrets", "vault", "backups")
        return tuple(self.local / name for name in names)

    @property
    def mark(self) -> str:
        """Ten letters that tell this checkout from others on the same machine."""
        return hashlib.sha256(os.fsencode(self.root)).hexdigest()[:10]

    @property
    def sockets(self) -> Path:
        """A folder for unix sockets whose path is short and plain, whatever the path of the checkout.

        It must be the same for every shell, so no variable has a say, and it must outlast the one who logs out.
        """
        if len(os.fsencode(self.run)) <= LONGEST_SOCKET_FOLDER and PLAIN.fullmatch(str(self.run)):
            return self.run
        return Path("/tmp") / f"jingzhong-{self.mark}"  # noqa: S108 - made private by private_folder()

    def make(self) -> None:
        """Make the folders, readable by their owner only. Raises CannotGoOn where that is refused."""
        for folder in (self.local, self.log, self.run, self.storage, self.scratch, self.sockets):
            private_folder(folder)


def private_folder(folder: Path) -> Path:
    """A folder that only its owner may enter. Raises CannotGoOn when it is somebody else's, or cannot be made."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode):
            raise CannotGoOn(f"{folder} is no folder. Move it away and run this again.")
        if found.st_uid != os.getuid():
            raise CannotGoOn(f"{folder} belongs to {_name_of(found.st_uid)}. Run ./jz as that user, or move it away.")
        folder.chmod(0o700)
    except OSError as failure:
        raise CannotGoOn(f"{folder} cannot be made ({failure.strerror}). Check its owner and the disk.") from failure
    return folder


def _name_of(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"user {user}"
