"""Which settings a process gets: the environment, then `.env`, then the private parts of this checkout."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from dotenv import dotenv_values

from cli.keys import OWNER_PASSWORD, secrets_of, vault_secrets_of
from cli.places import Places
from cli.postgres import Cluster
from cli.private import private_postgres, private_redis
from cli.processes import NEEDED, VAULTS
from cli.redis import Redis

DATABASE = "jingzhong"


@dataclass(frozen=True)
class Installation:
    """Every setting that is known or said, those of the vault apart, and the servers that this checkout must run."""

    settings: dict[str, str]
    vault: dict[str, str]
    postgres: Cluster | None
    redis: Redis | None


def fill_environment(places: Places | None = None, *, vault: bool = False) -> None:
    """Put into this process's environment what is missing there, so that any command finds the installation.

    What only the vault is given is put in where `vault` says so, and is otherwise taken out.
    """
    found = installation(places or Places(), os.environ)
    os.environ.update(found.settings)
    for name in VAULTS:
        os.environ.pop(name, None)
    os.environ.update(found.vault if vault else {})


def installation(places: Places, environment: Mapping[str, str], *, make: bool = False) -> Installation:
    """What is said, and the private parts for what is not.

    Where no private part has been made yet it is left out, unless `make` asks for the secrets to be made. An empty
    value counts as not said. The owner's password leaves only inside DATABASE_URL.
    """
    written = {name: value for name, value in dotenv_values(places.root / ".env").items() if value}
    said = {**written, **{name: value for name, value in environment.items() if value}}
    kept = secrets_of(places, make=make)
    if not kept:
        return _apart(_overlaid(written, environment), None, None)
    private = {name: value for name, value in kept.items() if name != OWNER_PASSWORD}
    private |= {"STORAGE_URL": places.storage.as_uri(), "JZ_SCRATCH": str(places.scratch)}
    private |= {"JZ_VAULT_SOCKET": str(places.sockets / "vault.sock"), **vault_secrets_of(places, make=make)}
    postgres = None if "DATABASE_URL" in said else private_postgres(places, kept[OWNER_PASSWORD])
    redis = None if "REDIS_URL" in said else private_redis(places)
    if postgres:
        private["DATABASE_URL"] = postgres.url(DATABASE)
    if redis:
        private["REDIS_URL"] = redis.url
    return _apart(_overlaid({**private, **written}, environment), postgres, redis)


def _apart(settings: dict[str, str], postgres: Cluster | None, redis: Redis | None) -> Installation:
    vault = {name: settings.pop(name) for name in VAULTS if name in settings}
    return Installation(settings, vault, postgres, redis)


def _overlaid(known: Mapping[str, str], environment: Mapping[str, str]) -> dict[str, str]:
    """What is known, under what the environment says about our settings and about nothing else."""
    said = {name: value for name, value in environment.items() if value and (name in known or is_ours(name))}
    return {**known, **said}


def is_ours(name: str) -> bool:
    """Whether a name in the environment is one of our settings."""
    return name in NEEDED or name.startswith(("JZ_", "STORAGE_"))
