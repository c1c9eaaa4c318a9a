"""`./jz backup TARGET` and `./jz restore SOURCE`: all that an installation holds, put away whole and put back whole."""

import os
import shutil
from pathlib import Path
from typing import Annotated

import typer

from cli.backups import keys as kept_apart
from cli.environment import DATABASE, Installation, installation
from cli.places import Places
from cli.postgres import Cluster
from cli.private import alone_with
from cli.refusal import CannotGoOn
from cli.running import is_running
from cli.terminal import say

KEYS = "A folder apart from the backup, for copies of the secret and of the vault's keys."
NO_KEYS = "There is no secret here. Give the keys that were kept with the backup: ./jz restore SOURCE --keys FOLDER"


def backup(
    target: Annotated[Path, typer.Argument(help="A folder that is not there yet.")],
    *,
    keys: Annotated[Path | None, typer.Option(help=KEYS)] = None,
) -> None:
    """Back up the database and all files, while everything runs. Ends with 1 when a file was lost before."""
    from cli.backups.take import take  # noqa: PLC0415 - the domain is loaded by whoever works with it

    places = Places()
    if keys is not None:
        kept_apart.keep(places, keys.absolute(), apart_from=target.absolute())
    found = installation(places, os.environ)
    os.environ.update(found.settings)
    if found.postgres is None or is_running(places):
        manifest = take(target.absolute())
    else:
        with alone_with(places, found.postgres):
            manifest = take(target.absolute())
    reports = manifest.counts.get("intake.report", 0)
    say(f"backed up {reports} reports and {manifest.files} files ({manifest.bytes >> 20} MB) to {target}.")
    if keys is None:
        say("the keys are not in it: keep .local/secrets and .local/vault elsewhere, or say --keys FOLDER.")
    if manifest.lost:
        raise CannotGoOn(f"{len(manifest.lost)} files are lost: {', '.join(manifest.lost[:3])}. ./jz check says more.")


def restore(
    source: Annotated[Path, typer.Argument(help="The folder that ./jz backup has made.")],
    *,
    keys: Annotated[Path | None, typer.Option(help="The folder of keys that was kept apart from it.")] = None,
) -> None:
    """Put a backup back into an installation that holds nothing, and prove that all of it has come."""
    places = Places()
    places.make()
    if is_running(places):
        raise CannotGoOn("Jingzhong runs here. A backup is put back into an empty installation only.")
    if keys is not None:
        kept_apart.put_back(places, keys.absolute())
    try:
        found = _found(places)
        if found.postgres is None:
            _into_the_named_database(source)
        else:
            _into_a_private_database(places, found.postgres, source)
    except BaseException:
        if keys is not None:
            _forget(places.local / kept_apart.SECRETS, places.local / kept_apart.VAULT)
        raise
    say("all of it is here. Start it: ./jz up")


def _found(places: Places) -> Installation:
    """The settings as they are said, put into this process's environment. Raises CannotGoOn where no secret is."""
    made = bool(installation(places, os.environ).settings.get("JZ_SECRET_KEY"))
    if not made:
        raise CannotGoOn(NO_KEYS)
    found = installation(places, os.environ, make=True)
    os.environ.update(found.settings)
    return found


def _into_the_named_database(source: Path) -> None:
    from cli.backups.archive import Archive  # noqa: PLC0415 - see above
    from cli.backups.put_back import check_empty, check_files, judge, put_back  # noqa: PLC0415

    archive = Archive(source)
    manifest = judge(archive)
    check_empty(manifest)
    check_files(archive, manifest)
    put_back(archive, manifest, say=say)


def _into_a_private_database(places: Places, cluster: Cluster, source: Path) -> None:
    from cli.backups.archive import Archive  # noqa: PLC0415 - see above
    from cli.backups.put_back import judge  # noqa: PLC0415

    if cluster.exists:
        raise CannotGoOn(f"There is a database here already ({cluster.data}). Restore into a fresh checkout.")
    judge(Archive(source))
    try:
        with alone_with(places, cluster, make=True):
            cluster.ensure_database(DATABASE)
            _into_the_named_database(source)
    except BaseException:
        _forget(cluster.data)
        raise


def _forget(*paths: Path) -> None:
    """Take away what was begun here, so that the next try finds nothing."""
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
