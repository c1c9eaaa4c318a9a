"""A backup as a folder: a manifest, the database as pg_dump writes it, and the files that its rows name.

The manifest is written last, and the folder gets its name when all is in it: what has a name and a manifest is whole.
It says the hash of everything else, so that a backup can be judged before anything is put back from it.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import NamedTuple

from cli.refusal import CannotGoOn
from kit.storage.contract import CHUNK_BYTES
from kit.storage.files import FileStore

FORMAT = 1
UNREAD = "-"
MANIFEST, DATABASE, ROLES, FILES, STORAGE = "manifest.json", "database.dump", "roles.sql", "files.txt", "storage"


class Kept(NamedTuple):
    """A file of the store as it was backed up; where it was not read, `sha256` is `-` unless a row says it."""

    key: str
    sha256: str
    bytes: int


@dataclass
class Manifest:
    """What a backup says of itself.

    `has_files` says that it holds the files, and not only which there are. Those of one that was made `beside` the
    files, before an update, are put back among what is there.
    """

    made_at: str
    migration: str
    postgres: int
    secret: str  # a mark that tells nothing of it (cli/logins.py)
    head: str  # the last signed head of history, empty before the first
    counts: dict[str, int]
    has_files: bool = True
    beside: bool = False
    files: int = 0
    bytes: int = 0
    lost: list[str] = field(default_factory=list)  # named by rows, and in the store no more
    hashes: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT


class Archive:
    """The folder of one backup."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()

    @property
    def store(self) -> FileStore:
        """Its copies of files, under the keys that they have in the store."""
        return FileStore(self.folder / STORAGE)

    def path(self, name: str) -> Path:
        """One of its parts."""
        return self.folder / name

    def seal(self, manifest: Manifest) -> None:
        """Write down the hash of each part, and with it the manifest."""
        parts = (DATABASE, ROLES, FILES)
        manifest.hashes = {name: digest(self.path(name)) for name in parts if self.path(name).exists()}
        _durable(self.path(MANIFEST), json.dumps(asdict(manifest), indent=2, ensure_ascii=False))

    def manifest(self) -> Manifest:
        """What it says of itself, once each part was found to be as it was written. Raises CannotGoOn."""
        try:
            told = json.loads(self.path(MANIFEST).read_text(encoding="utf-8"))
            if told.get("format") != FORMAT:
                raise CannotGoOn(f"{self.folder} was made by another release (format {told.get('format')}).")
            manifest = Manifest(**told)
        except (OSError, ValueError, TypeError, AttributeError) as failure:
            raise CannotGoOn(f"{self.folder} is no backup, or an unfinished one: {failure}.") from failure
        for name, expected in manifest.hashes.items():
            if not self.path(name).is_file() or digest(self.path(name)) != expected:
                raise CannotGoOn(f"{self.path(name)} is not as it was written. Take another copy of this backup.")
        return manifest

    def write_files(self, kept: Iterator[Kept]) -> tuple[int, int]:
        """Put down which files there are, as they come; how many, and how many bytes."""
        count = total = 0
        with self.path(FILES).open("w", encoding="utf-8") as sink:
            for each in kept:
                sink.write(f"{each.sha256} {each.bytes} {each.key}\n")
                count, total = count + 1, total + each.bytes
            sink.flush()
            os.fsync(sink.fileno())
        return count, total

    def files(self) -> Iterator[Kept]:
        """Which files there are."""
        with self.path(FILES).open(encoding="utf-8") as source:
            for line in source:
                sha256, size, key = line.split()
                yield Kept(key, sha256, int(size))


def digest(path: Path) -> str:
    """The SHA-256 of a file on disk, in lower-case hex."""
    whole = hashlib.sha256()
    with path.open("rb") as source:
        while piece := source.read(CHUNK_BYTES):
            whole.update(piece)
    return whole.hexdigest()


def _durable(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as sink:
        sink.write(text)
        sink.flush()
        os.fsync(sink.fileno())
