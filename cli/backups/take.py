"""Taking a backup of a living installation: the database as of one moment, then every file that it names.

Files never change once written, and a row is written after its file: so all that the snapshot names is there, but for
what retention lets go of meanwhile, which a living row then no longer names.
"""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from cases import retention
from cli import logins
from cli.backups import programs
from cli.backups.archive import DATABASE, ROLES, STORAGE, UNREAD, Archive, Kept, Manifest
from cli.places import private_folder
from cli.refusal import CannotGoOn
from kit import clock
from kit.db import OWNER, engine
from kit.storage import Missing, StorageUnavailable, Store, store
from kit.storage.contract import digest_of
from kit.storage.files import FileStore

LONGEST = 64 << 20  # the largest file that is ever stored: a printed paper
SCHEMAS = ("vault", "intake", "handling", "record")
_TABLES = """
select format('%I.%I', schemaname, tablename) from pg_tables where schemaname = any(:schemas) order by 1"""
_ROLES = """
select rolname, rolcanlogin, rolinherit, array(
    select g.rolname from pg_auth_members m join pg_roles g on g.oid = m.roleid where m.member = r.oid order by 1)
from pg_roles r where rolname like 'jz\\_%' and not rolsuper and rolname <> current_user order by rolname"""


def take(target: Path, *, beside: bool = False) -> Manifest:
    """Make the backup `target`, with copies of the files. Raises CannotGoOn; then nothing is left there.

    `beside` them, while nothing runs, they get a second name in it, which takes no room; where they lie on another
    disk, or in a bucket, it says which there are.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise CannotGoOn(f"{target} is there already. A backup gets a folder of its own.")
    unfinished = target.with_name(f"{target.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        archive = Archive(private_folder(unfinished))
        manifest = _write(archive, beside=beside)
        archive.seal(manifest)
        with suppress(FileNotFoundError):
            target.rmdir()  # an empty one that was made for it
        unfinished.rename(target)
        _sync(target.parent)
    except (OSError, StorageUnavailable) as failure:
        raise CannotGoOn(f"The backup could not be written to {target}: {failure}.") from failure
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return manifest


def _write(archive: Archive, *, beside: bool) -> Manifest:
    with engine(OWNER).connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        manifest = _described(connection, beside=beside)
        programs.dump(archive.path(DATABASE), snapshot=connection.scalar(text("select pg_export_snapshot()")) or "")
        archive.path(ROLES).write_text(_roles(connection), encoding="utf-8")
        keys = list(retention.names(Session(connection)))
        hashes = retention.hashes(Session(connection)) if beside else {}
    source = store()
    if not beside:
        kept = _copied(keys, source, archive.store, manifest.lost)
    elif isinstance(source, FileStore) and source.lies_with(archive.folder):
        kept = _named_twice(keys, source, archive.store, hashes, manifest.lost)
    else:
        manifest.has_files = False
        kept = _listed(keys, source, hashes, manifest.lost)
    if manifest.has_files:
        private_folder(archive.path(STORAGE))
    manifest.files, manifest.bytes = archive.write_files(kept)
    return manifest


def _described(connection: Connection, *, beside: bool) -> Manifest:
    tables = connection.scalars(text(_TABLES), {"schemas": list(SCHEMAS)}).all()
    return Manifest(
        made_at=clock.now().isoformat(timespec="seconds"),
        migration=connection.scalar(text("select version_num from migration")) or "",
        postgres=connection.scalar(text("select current_setting('server_version_num')::int / 10000")) or 0,
        secret=logins.own_mark(),
        head=_head(connection, tables),
        counts={name: connection.scalar(text(f"select count(*) from {name}")) or 0 for name in tables},  # noqa: S608
        beside=beside,
    )


def _head(connection: Connection, tables: Sequence[str]) -> str:
    if "record.log_head" not in tables:  # data of before there were heads
        return ""
    return connection.scalar(text("select note from record.log_head order by size desc limit 1")) or ""


def _roles(connection: Connection) -> str:
    """The roles that the dump's grants are given to: they belong to the cluster, and pg_dump leaves them out."""
    lines = []
    for name, signs_in, inherits, groups in connection.execute(text(_ROLES)):
        kind = f"{'login' if signs_in else 'nologin'} {'inherit' if inherits else 'noinherit'}"
        made = f"create role {name} {kind} nosuperuser nocreatedb nocreaterole nobypassrls"
        lines.append(f"do $$ begin {made}; exception when duplicate_object then null; end $$;")
        lines += [f"grant {group} to {name};" for group in groups]
    return "\n".join([*sorted(lines, key=lambda line: line.startswith("grant")), ""])


def _copied(keys: Sequence[str], source: Store, to: Store, lost: list[str]) -> Iterator[Kept]:
    for key in keys:
        try:
            with source.open(key) as file:
                stored = to.put(key, file, limit_bytes=LONGEST)
        except Missing:
            if _is_still_named(key):
                lost.append(key)
        else:
            yield Kept(key, stored.sha256, stored.bytes)


def _named_twice(
    keys: Sequence[str], source: FileStore, to: FileStore, hashes: Mapping[str, str], lost: list[str]
) -> Iterator[Kept]:
    for key in keys:
        try:
            source.name_in(to, key)
        except Missing:
            lost.append(key)
        else:
            yield Kept(key, hashes.get(key) or _hash_of(to, key), to.size(key))


def _hash_of(where: Store, key: str) -> str:
    with where.open(key) as file:
        return digest_of(file)


def _listed(keys: Sequence[str], source: Store, hashes: Mapping[str, str], lost: list[str]) -> Iterator[Kept]:
    """Nothing of it is read, nor asked for one by one: a bucket would take hours for it."""
    there = set(source.list_keys())
    for key in keys:
        if key in there:
            yield Kept(key, hashes.get(key, UNREAD), 0)
        else:
            lost.append(key)


def _is_still_named(key: str) -> bool:
    with Session(engine(OWNER)) as session:
        return bool(retention.named(session, [key]))


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
