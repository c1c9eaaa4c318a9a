"""What is checked before anything starts, so that a person reads one sentence and not a process's dying words."""

import shutil
import socket
from collections.abc import Mapping
from contextlib import suppress

from pydantic import ValidationError

from cli.places import Places
from cli.refusal import CannotGoOn
from kit.settings import Settings

ROOM_FOR_A_START = 300 << 20
ROOM_FOR_A_NEW_DATABASE = 1 << 30


def check_settings(environment: Mapping[str, str]) -> Settings:
    """The settings as the processes will read them. Raises CannotGoOn with the name of the first bad one."""
    names = {field.alias or name for name, field in Settings.model_fields.items()}
    try:
        return Settings.model_validate({name: value for name, value in environment.items() if name in names})
    except ValidationError as failure:
        first = failure.errors()[0]
        name = first["loc"][0] if first["loc"] else "a setting"
        raise CannotGoOn(f"{name} is not usable: {first['msg']}. .env.example says what it may be.") from failure


def check_port(host: str, port: int) -> None:
    """Raises CannotGoOn when somebody listens there already, with a port that is free."""
    if _is_free(host, port):
        return
    free = next((other for other in range(port + 1, min(port + 200, 65536)) if _is_free(host, other)), 0)
    raise CannotGoOn(f"Port {port} is taken. Stop what uses it, or take another one: JZ_PORT={free or 'PORT'} ./jz up")


def _is_free(host: str, port: int) -> bool:
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as failure:
        raise CannotGoOn(f"JZ_HOST={host} is not an address of this machine.") from failure
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):
            probe.bind(where)
            return True
    return False


def check_room(places: Places, *, is_new: bool) -> None:
    """Raises CannotGoOn when the disk is so full that the database would soon stop in the middle of its work."""
    free = shutil.disk_usage(places.local).free
    needed = ROOM_FOR_A_NEW_DATABASE if is_new else ROOM_FOR_A_START
    if free < needed:
        raise CannotGoOn(
            f"Only {free >> 20} MB are free at {places.local}; {needed >> 20} MB are needed. Make room first."
        )
