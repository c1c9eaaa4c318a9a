"""What is checked before anything starts, so that a person reads one sentence and not a process's dying words."""

import errno
import os
import shutil
import socket
from collections.abc import Mapping

from pydantic import ValidationError

from cli.places import Places
from cli.refusal import CannotGoOn
from kit.settings import Settings

ROOM_FOR_A_START = 300 << 20
ROOM_FOR_A_NEW_DATABASE = 1 << 30


def check_settings(settings: Mapping[str, str]) -> Settings:
    """The settings as the processes will read them. Raises CannotGoOn with the name of the first bad one."""
    try:
        return Settings.model_validate(dict(settings))
    except ValidationError as failure:
        first = failure.errors()[0]
        name = first["loc"][0] if first["loc"] else "a setting"
        raise CannotGoOn(f"{name} is not usable: {first['msg']}. .env.example says what it may be.") from failure


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
