"""`./jz down` and `./jz reset`: stop what runs here; forget its data."""

import os
import shutil
import signal
import sys
import time
from contextlib import suppress
from typing import Annotated

import typer

from cli import running
from cli.places import Places
from cli.private import elsewhere
from cli.refusal import CannotGoOn
from cli.terminal import say

PATIENCE = 120.0


def down() -> None:
    """Stop what `up` started; the data stays."""
    say("stopped." if stop(Places()) else "nothing runs here.")


def reset(*, yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False) -> None:
    """Stop it and delete its data: reports, photos, accounts and keys under `.local/`."""
    places = Places()
    if not yes:
        if not sys.stdin.isatty():
            raise CannotGoOn("This deletes all data under .local. Say so: ./jz reset --yes")
        if not typer.confirm("Delete all reports, photos, accounts and keys of this checkout (.local)?"):
            raise CannotGoOn("Nothing was deleted.")
    stop(places)
    for path in (*places.data, elsewhere(places)):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    say("all data of this checkout is gone. What DATABASE_URL, REDIS_URL or STORAGE_URL name was not touched.")


def stop(places: Places) -> bool:
    """End the supervisor, or what a killed one left; False when nothing ran. Raises CannotGoOn after two minutes."""
    state = running.read_state(places)
    if not running.is_running(places):
        return bool(state and running.end_leftovers(state))
    if state is None:
        raise CannotGoOn(f"Something runs here, but {places.run}/state.json does not say what. End `./jz up` by hand.")
    with suppress(ProcessLookupError):
        os.kill(state.pid, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE
    while running.is_running(places):
        if time.monotonic() > deadline:
            raise CannotGoOn(
                f"It did not stop within {PATIENCE:.0f} s. See ./jz logs, or end process {state.pid} by hand."
            )
        time.sleep(0.1)
    return True
