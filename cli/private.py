"""The private PostgreSQL and Redis of this checkout: where they are and how they run."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli import account, installation, postgres, redis, running
from cli.places import Places
from cli.postgres import Cluster
from cli.refusal import CannotGoOn


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


@contextmanager
def alone_with(places: Places, cluster: Cluster, *, make: bool = False) -> Iterator[None]:
    """The private database, running for this command alone while the block lasts, and made if `make` says so.

    Raises CannotGoOn while the installation runs, and where there is no database.
    """
    if not (cluster.exists or make):
        raise CannotGoOn("There is no database here yet. Run ./jz up first.")
    places.make()
    with running.the_only_one(places) as alone:
        if not alone:
            raise CannotGoOn("Jingzhong runs here. Stop it first: ./jz down")
        postgres.stop_leftover(cluster.data)
        with postgres.running(cluster, places.log / "postgres.log"):
            yield
