"""The private PostgreSQL and Redis of this checkout: where they are and how they run."""

from pathlib import Path

from cli import account, installation, redis
from cli.places import Places
from cli.postgres import Cluster


def private_postgres(places: Places, password: str) -> Cluster:
    """This checkout's own cluster, whether it runs or not. Raises CannotGoOn when it could not run here."""
    who, data = account.for_data(places.local / "postgres", elsewhere(places))
    sockets = elsewhere(places) / "run" if who.owner else places.sockets
    found = installation.find(major=installation.major_of(data))
    return Cluster(found, data, sockets, password, who)


def private_redis(places: Places) -> redis.Redis:
    """This checkout's own Redis, whether it runs or not. Raises CannotGoOn when none is installed."""
    return redis.Redis(redis.find_program(places.local / "bin"), places.local / "redis", places.sockets)


def elsewhere(places: Places) -> Path:
    """Where the database lies when PostgreSQL has to be another user, who may not be able to enter the checkout."""
    return Path("/var/tmp") / f"jingzhong-{places.mark}"  # noqa: S108 - checked by account.for_data()
