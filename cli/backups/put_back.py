"""Putting a backup into an empty installation, and proving that all of it has come.

The whole archive is judged before anything is touched, and what was begun is taken away again when it fails.
"""

from collections.abc import Callable, Iterator

from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from cases import history, retention
from cli import logins
from cli.backups import programs
from cli.backups.archive import DATABASE, FILES, ROLES, Archive, Kept, Manifest
from cli.backups.take import LONGEST, SCHEMAS
from cli.migrate import configuration
from cli.refusal import CannotGoOn
from kit.db import OWNER, engine
from kit.signed_note import public_key
from kit.storage import Missing, store
from kit.storage.contract import digest_of

Say = Callable[[str], None]


def judge(archive: Archive) -> Manifest:
    """The manifest of a backup that is whole and fits this release. Raises CannotGoOn."""
    manifest = archive.manifest()
    known = {revision.revision for revision in ScriptDirectory.from_config(configuration()).walk_revisions()}
    if manifest.migration not in known:
        raise CannotGoOn(
            f"This backup is of a newer release (migration {manifest.migration}). Restore it with that one."
        )
    if manifest.secret != logins.own_mark():
        raise CannotGoOn(
            "This backup belongs to another JZ_SECRET_KEY: no tracking code would be valid. Give the keys that were "
            "kept with it: ./jz restore SOURCE --keys FOLDER"
        )
    for each in archive.files() if manifest.has_files else ():
        if _hash_in(archive, each) != each.sha256:
            raise CannotGoOn(f"{each.key} is not as it was backed up. Take another copy of this backup.")
    return manifest


def _hash_in(archive: Archive, each: Kept) -> str:
    try:
        with archive.store.open(each.key) as file:
            return digest_of(file)
    except Missing:
        return ""


def check_empty(manifest: Manifest) -> None:
    """Raises CannotGoOn where the database holds anything of ours, or the store a file."""
    with engine(OWNER).connect() as connection:
        there = connection.scalar(
            text("select count(*) from pg_namespace where nspname = any(:schemas)"), {"schemas": list(SCHEMAS)}
        )
        if there or connection.scalar(text("select to_regclass('migration') is not null")):
            raise CannotGoOn("The database here is not empty. A backup is put back into an empty one only.")
    if manifest.has_files and not manifest.beside and next(store().list_keys(), None) is not None:
        raise CannotGoOn("The storage here is not empty. A backup is put back into an empty one only.")


def check_files(archive: Archive, manifest: Manifest) -> None:
    """Raises CannotGoOn where the storage lacks a file that a backup names and does not hold itself."""
    if manifest.has_files or not archive.path(FILES).exists():  # releases before wrote down none
        return
    there = set(store().list_keys())
    if gone := [each.key for each in archive.files() if each.key not in there]:
        raise CannotGoOn(
            f"The storage here lacks {len(gone)} files that this backup names and does not hold, {gone[0]} the first. "
            "Put the copy of the storage back that was taken with it."
        )


def put_back(archive: Archive, manifest: Manifest, *, say: Say) -> None:
    """Roles, database, files; then everything is proven. Raises CannotGoOn."""
    say("putting back the database ...")
    with engine(OWNER).begin() as connection:
        for line in filter(None, archive.path(ROLES).read_text(encoding="utf-8").splitlines()):
            connection.execute(text(line.replace(":", r"\:")))
    programs.load(archive.path(DATABASE))
    with engine(OWNER).begin() as connection:
        # Transactions are counted anew here: by the other server's count the log would seem to be still written.
        connection.execute(text("update record.change set xid = 0"))
    ours: list[str] = []
    try:
        if manifest.has_files:
            say(f"putting back {manifest.files} files ({manifest.bytes >> 20} MB) ...")
            for each in archive.files():
                with archive.store.open(each.key) as file:
                    if store().put(each.key, file, limit_bytes=LONGEST, expect_sha256=each.sha256).fresh:
                        ours.append(each.key)
        say("proving that everything has come ...")
        _prove(manifest)
    except BaseException:
        for key in ours:
            store().delete(key)
        raise


def _prove(manifest: Manifest) -> None:
    if faults := [*_faults(manifest)]:
        raise CannotGoOn("What was put back is not what was backed up: " + "; ".join(faults[:5]))


def _faults(manifest: Manifest) -> Iterator[str]:
    with engine(OWNER).connect() as connection:
        for table, count in manifest.counts.items():
            here = connection.scalar(text(f"select count(*) from {table}"))  # noqa: S608 - named by pg_tables
            if here != count:
                yield f"{table} has {here} rows and not {count}"
        yield from _history_faults(connection, manifest)
        session = Session(connection)
        known = set(manifest.lost)
        yield from (f"{each.key} is lost" for each in retention.lost(session, store()) if each.key not in known)
        for key, sha256 in retention.hashes(session).items():
            if key not in known and (found := _hash_of(key)) not in {"", sha256}:
                yield f"{key} has other content than was written down when it came ({found[:12]})"


def _history_faults(connection: Connection, manifest: Manifest) -> Iterator[str]:
    """The signed head of the backup's moment must fit what was put back, as for one that a stranger has kept."""
    if not manifest.head:
        return
    raw = connection.connection.driver_connection
    found = history.audit(history.as_dumped(raw), public_key(history.signer().verifier)[1], [manifest.head])  # type: ignore[arg-type]
    yield from (f"{fault.about}: {fault.says}" for fault in sorted(found.faults)[:5])


def _hash_of(key: str) -> str:
    try:
        with store().open(key) as file:
            return digest_of(file)
    except Missing:
        return ""
