"""What is checked before anything starts, so that a person reads one sentence and not a process's dying words."""

import errno
import os
import shutil
import socket
from collections.abc import Mapping
from urllib.parse import urlsplit

from pydantic import ValidationError

from cli.places import Places
from cli.refusal import CannotGoOn
from kit.ping import NoAnswer, ping
from kit.settings import Settings, what_is_wrong
from kit.storage import Missing, StorageUnavailable, open_store
from kit.storage.contract import FREE_SHARE_AT_LEAST

ROOM_FOR_A_START = 300 << 20
ROOM_FOR_A_NEW_DATABASE = 1 << 30
BROKERS = ("redis://", "rediss://", "redis+socket://")
PATIENCE_S = 5.0


def check_settings(settings: Mapping[str, str]) -> Settings:
    """The settings as the processes will read them. Raises CannotGoOn with the name of the first bad one."""
    try:
        return Settings.model_validate(dict(settings))
    except ValidationError as failure:
        raise CannotGoOn(what_is_wrong(failure)) from failure


def check_port(host: str, port: int) -> None:
    """Raises CannotGoOn when nobody could listen there: with a port that is free, or with the reason."""
    try:
        reason = _obstacle(host, port)
        if reason == errno.EADDRINUSE:
            free = next((other for other in range(port + 1, min(port + 200, 65536)) if not _obstacle(host, other)), 0)
            choice = f"JZ_PORT={free or 'PORT'} ./jz up"
            raise CannotGoOn(f"Port {port} is taken. Stop what uses it, or take another one: {choice}")
    except socket.gaierror as failure:
        raise CannotGoOn(f"JZ_HOST={host} is not an address of this machine.") from failure
    if reason == errno.EADDRNOTAVAIL:
        raise CannotGoOn(f"JZ_HOST={host} is not an address of this machine.")
    if reason:
        raise CannotGoOn(
            f"Port {port} cannot be used: {os.strerror(reason)}. Take one above 1023: JZ_PORT=8000 ./jz up"
        )


def _obstacle(host: str, port: int) -> int:
    """The number of the error that somebody would get who wants to listen there; 0 when there is none."""
    family, kind, protocol, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(where)
        except OSError as failure:
            return failure.errno or errno.EIO
    return 0


def check_room(places: Places, *, is_new: bool) -> None:
    """Raises CannotGoOn when the disk is so full that the database would soon stop in the middle of its work."""
    free = shutil.disk_usage(places.local).free
    needed = ROOM_FOR_A_NEW_DATABASE if is_new else ROOM_FOR_A_START
    if free < needed:
        raise CannotGoOn(
            f"Only {free >> 20} MB are free at {places.local}; {needed >> 20} MB are needed. Make room first."
        )


def check_broker(url: str) -> None:
    """Raises CannotGoOn when no Redis answers at an address that somebody gave."""
    if not url.startswith(BROKERS):
        raise CannotGoOn("REDIS_URL is not an address of a Redis. .env.example shows one.")
    try:
        ping(url, timeout_s=PATIENCE_S)
    except NoAnswer as failure:
        raise CannotGoOn("The Redis of REDIS_URL turns us away. Check user and password in REDIS_URL.") from failure
    except (OSError, ValueError) as failure:  # ValueError: a port that is no number
        raise CannotGoOn(
            f"The Redis of REDIS_URL cannot be reached: {failure}. Check that it runs, and its address in REDIS_URL."
        ) from failure


def check_store(given: Settings) -> None:
    """Raises CannotGoOn when photos could not be stored: the API would never become ready."""
    access_key, secret_key = given.storage_access_key.get_secret_value(), given.storage_secret_key.get_secret_value()
    try:
        store = open_store(given.storage_url, access_key=access_key, secret_key=secret_key)
    except ValueError as failure:
        raise CannotGoOn(f"{failure}. .env.example shows both.") from failure
    if store.healthy():
        return
    place = urlsplit(given.storage_url)
    try:
        share = store.free_share()
    except (Missing, StorageUnavailable):
        share = None
    if share is not None and share < FREE_SHARE_AT_LEAST:
        raise CannotGoOn(
            f"Less than {FREE_SHARE_AT_LEAST:.0%} of the disk at {place.path} are free: photos would be refused. "
            "Make room first."
        )
    raise CannotGoOn(
        f"No photo can be stored at {place.scheme}://{place.hostname or ''}{place.path} (STORAGE_URL). "
        "Check that it is there, that it may be written, and its keys."
    )
