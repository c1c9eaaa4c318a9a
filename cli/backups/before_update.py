"""Before an update touches data: a backup of the database, and of the files, as the release before has left them.

Migrations leave files alone, and what runs afterwards may seal them anew and let go of those in clear: so the backup
gives each a second name, which takes no room, or says which there were. The whole way to the newest schema is one
transaction: where it fails the data is as it was, and the release before goes on with it.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from cli import fitness, logins
from cli.backups.take import take
from cli.migrate import configuration
from cli.places import Places, private_folder
from cli.refusal import CannotGoOn
from cli.terminal import say
from kit import clock
from kit.db import OWNER, engine

KEPT = 3
LONGEST = timedelta(days=35)  # what was erased since must not live on in a backup (docs/runbook.md)


@contextmanager
def backed_up(places: Places) -> Iterator[None]:
    """Around a migration: data of an older release is backed up first, and what fails says where that is.

    Raises CannotGoOn, with nothing changed, for data of a newer release, and where no backup can be made.
    """
    fitness.check_database()
    version = _version()
    _forget_old(places.backups)
    if version is None or version == _newest():
        yield
        return
    folder = _back_up(places, version)
    try:
        yield
    except SQLAlchemyError as failure:
        reason = str(failure.args[0] if failure.args else failure).splitlines()[0]
        raise CannotGoOn(
            f"The data could not be brought to this release: {reason}. It is as it was (migration {version}), and "
            f"backed up in {folder}. Go back to the release that you came from, which runs on with it, and report this."
        ) from failure


def _version() -> str | None:
    """The migration that the data is at; None where there is no data yet."""
    with engine(OWNER).connect() as connection:
        if not connection.scalar(text("select to_regclass('migration') is not null")):
            return None
        logins.check_whose(connection)
        version: str | None = connection.scalar(text("select version_num from migration"))
    known = {revision.revision for revision in ScriptDirectory.from_config(configuration()).walk_revisions()}
    if version is not None and version not in known:
        raise CannotGoOn(f"This data is of a newer release (migration {version}). Start that one, or restore a backup.")
    return version


def _newest() -> str | None:
    return ScriptDirectory.from_config(configuration()).get_current_head()


def _back_up(places: Places, version: str) -> Path:
    folder = private_folder(places.backups) / f"{clock.now():%Y%m%d-%H%M%S}-before-{_newest()}"
    say(f"this data is of an older release (migration {version}); backing it up first to {folder} ...")
    taken = take(folder, beside=True)
    if not taken.has_files:
        say(f"the files lie elsewhere: {folder} says which there are, and a copy of the storage is yours to keep.")
    _forget_old(places.backups)
    return folder


def _forget_old(backups: Path) -> None:
    """Keep the last few, and none for longer than was promised."""
    oldest = f"{clock.now() - LONGEST:%Y%m%d-%H%M%S}"
    names = sorted(path.name for path in backups.glob("*-before-*")) if backups.is_dir() else []
    for name in names:
        if name < oldest or name in names[:-KEPT]:
            shutil.rmtree(backups / name, ignore_errors=True)
