"""A folder as a store: the default. The folder must lie on one filesystem that knows hard links.

A part is written beside the keys, synced, and linked under its key: the link fails if the key is taken, so nothing is
ever overwritten and no half file ever has a name.
"""

import os
import secrets
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from math import inf
from pathlib import Path
from typing import BinaryIO

from kit.storage.contract import (
    FREE_SHARE_AT_LEAST,
    BadKey,
    Missing,
    Occupied,
    Part,
    Reader,
    StorageUnavailable,
    Store,
    checked_key,
    checked_prefix,
    digest_of,
)

_AT_ONCE = 512  # the system takes 1,024 pieces in one call (IOV_MAX)
_PARTS = ".parts"  # no key begins with a dot


class FileStore(Store):
    """Files under `root`, which is made if it is missing."""

    def __init__(self, root: Path) -> None:
        if not root.is_absolute():
            raise BadKey(f"{root} is not absolute")
        self._root = root

    def open(self, key: str) -> Reader:
        """Read a file. Raises Missing."""
        path = self._path(key)
        with _trouble():
            return _open_regular(path)

    def lies_with(self, other: Path) -> bool:
        """Whether a folder lies on the same filesystem, so that files can have a second name there."""
        with _trouble():
            return self._root.is_dir() and self._root.stat().st_dev == other.stat().st_dev

    def name_in(self, other: "FileStore", key: str) -> None:
        """Give a file the same key in another store as well, without a copy: it is never written to. Raises Missing."""
        path, second = self._path(key), other._path(key)  # noqa: SLF001 - of its own kind
        with _trouble():
            second.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.link(path, second)

    def size(self, key: str) -> int:
        """The number of bytes. Raises Missing."""
        path = self._path(key)
        with _trouble():
            found = path.lstat()
        if not stat.S_ISREG(found.st_mode):
            raise Missing
        return found.st_size

    def delete(self, key: str) -> None:
        """Remove a file for good; a missing one is no fault."""
        path = self._path(key)
        with suppress(Missing), _trouble():
            path.unlink()
            _sync_folder(path.parent)

    def list_keys(self, prefix: str = "", *, before: datetime | None = None) -> Iterator[str]:
        """Every key that begins with `prefix`, last written before an instant if one is given, in no promised order."""
        start = self._root / checked_prefix(prefix).rpartition("/")[0]
        found = (key for key in self._walk(start) if key.startswith(prefix))
        return found if before is None else (key for key in found if self._written(key) < before.timestamp())

    def free_share(self) -> float:
        """The free share of blocks or of inodes, whichever is less."""
        with _trouble():
            if not self._root.is_dir():
                self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            disk = os.statvfs(self._root)
        blocks = disk.f_bavail / disk.f_blocks if disk.f_blocks else 1.0
        inodes = disk.f_favail / disk.f_files if disk.f_files else 1.0
        return min(blocks, inodes)

    def healthy(self) -> bool:
        """Whether the folder would take a file now: one is written, synced and removed."""
        try:
            with self.begin("probe", limit_bytes=1) as part:
                part.write(b".")
                return self.free_share() >= FREE_SHARE_AT_LEAST
        except (Missing, StorageUnavailable):
            return False

    def sweep(self, before: datetime) -> int:
        """Remove parts last written before that instant (their process died); how many there were."""
        swept = 0
        with suppress(Missing), _trouble():
            for part in (self._root / _PARTS).iterdir():
                if part.stat().st_mtime < before.timestamp():
                    part.unlink(missing_ok=True)
                    swept += 1
        return swept

    def _part(self, key: str, limit_bytes: int, *, hashed: bool) -> Part:
        return _FilePart(self._root, self._path(key), key, limit_bytes, hashed=hashed)

    def _path(self, key: str) -> Path:
        """Where a key stands. The pattern keeps it inside; resolving it again catches links planted in the folder."""
        root = os.path.realpath(self._root)
        path = Path(root, checked_key(key))
        if os.path.commonpath([root, os.path.realpath(path.parent)]) != root or path.is_symlink():
            raise BadKey(f"{key!r} leads out of the store")
        return path

    def _written(self, key: str) -> float:
        """When a file was last written; one that has gone meanwhile counts as new."""
        try:
            return (self._root / key).stat().st_mtime
        except FileNotFoundError:
            return inf

    def _walk(self, start: Path) -> Iterator[str]:
        with _trouble():
            for folder, folders, names in os.walk(start, onerror=_unless_absent):
                folders[:] = [name for name in folders if not name.startswith(".")]
                here = Path(folder)
                yield from (str((here / name).relative_to(self._root)) for name in names if not name.startswith("."))


class _FilePart(Part):
    def __init__(self, root: Path, path: Path, key: str, limit_bytes: int, *, hashed: bool) -> None:
        super().__init__(key, limit_bytes, hashed=hashed)
        self._root, self._path = root, path
        self._part: Path | None = root / _PARTS / f"{secrets.token_hex(16)}.part"
        with _trouble():
            _make_folders(root, self._part.parent)
            self._file = os.fdopen(os.open(self._part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb", buffering=0)

    def _append(self, chunks: Sequence[bytes | bytearray]) -> None:
        views = [memoryview(chunk) for chunk in chunks]
        with _trouble():
            for at in range(0, len(views), _AT_ONCE):
                _write_all(self._file.fileno(), views[at : at + _AT_ONCE])

    def _keep(self, sha256: str) -> bool:
        if self._part is None:
            raise StorageUnavailable(reason="part_gone")
        try:
            with _trouble():
                return self._linked(self._part, sha256)
        except Missing as vanished:
            raise StorageUnavailable(reason="part_gone") from vanished

    def _linked(self, part: Path, sha256: str) -> bool:
        os.fsync(self._file.fileno())
        _make_folders(self._root, self._path.parent)
        try:
            os.link(part, self._path, follow_symlinks=False)
        except FileExistsError:
            self._keep_present(sha256)
            return False
        _sync_folder(self._path.parent)
        return True

    def _keep_present(self, sha256: str) -> None:
        """The same content stands here; whoever put it may have died before it was durable, so sync it again."""
        with _open_regular(self._path) as present:
            if digest_of(present) != sha256:
                raise Occupied
            os.fsync(present.fileno())
        _sync_folder(self._path.parent)

    def _drop(self) -> None:
        with suppress(OSError):
            self._file.close()
        if self._part is not None:
            with suppress(OSError):
                self._part.unlink(missing_ok=True)
            self._part = None


def _write_all(fd: int, views: list[memoryview]) -> None:
    """Write what lies in several places, without putting it together first; the system may take only a part of it."""
    while views:
        written = os.writev(fd, views)
        while views and written >= len(views[0]):
            written -= len(views.pop(0))
        if views:
            views[0] = views[0][written:]


@contextmanager
def _trouble() -> Iterator[None]:
    """What the system says, in our words: absent files are Missing; full, read-only and broken are unavailable."""
    try:
        yield
    except FileNotFoundError as absent:
        raise Missing from absent
    except OSError as trouble:
        raise StorageUnavailable(reason=os.strerror(trouble.errno or 0)) from trouble


def _unless_absent(trouble: OSError) -> None:
    """A folder that is not there (yet, or any more) holds no keys; any other trouble must not look like that."""
    if not isinstance(trouble, FileNotFoundError):
        raise trouble


def _open_regular(path: Path) -> BinaryIO:
    fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise Missing
    return os.fdopen(fd, "rb")


def _make_folders(root: Path, folder: Path) -> None:
    """Make what is missing of the way to `folder`; a new name is durable once the folder above it is synced."""
    if folder.is_dir():
        return
    if folder != root:
        _make_folders(root, folder.parent)
    folder.mkdir(mode=0o700, parents=folder == root, exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
