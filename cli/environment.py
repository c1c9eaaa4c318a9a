"""Which settings a process gets: the environment, then `.env`, then the private parts of this checkout."""

import os
from collections.abc import Mapping

from dotenv import dotenv_values

from cli.keys import OWNER_PASSWORD, secrets_of
from cli.places import Places
from cli.private import private_postgres, private_redis

DATABASE = "jingzhong"


def fill_environment(places: Places | None = None) -> None:
    """Put into this process's environment what is missing there, so that any command finds the installation."""
    os.environ.update(settings_for(places or Places(), os.environ))


def settings_for(places: Places, environment: Mapping[str, str], *, make: bool = False) -> dict[str, str]:
    """The settings that the processes need: what is said, and the private parts for what is not.

    Where no private part has been made yet it is left out, unless `make` asks for the secrets to be made. An empty
    value counts as not said. The owner's password leaves only inside DATABASE_URL.
    """
    written = {name: value for name, value in dotenv_values(places.root / ".env").items() if value}
    kept = secrets_of(places, make=make)
    private = {name: value for name, value in kept.items() if name != OWNER_PASSWORD}
    if kept:
        private["STORAGE_URL"] = places.storage.as_uri()
        private["JZ_SCRATCH"] = str(places.scratch)
        if not (environment.get("DATABASE_URL") or written.get("DATABASE_URL")):
            private["DATABASE_URL"] = private_postgres(places, kept[OWNER_PASSWORD]).url(DATABASE)
        if not (environment.get("REDIS_URL") or written.get("REDIS_URL")):
            private["REDIS_URL"] = private_redis(places).url
    return {name: environment.get(name) or value for name, value in {**private, **written}.items()}
