"""Keys of applications: those of the media (people/media_keys.py) with the scope `reports:send`."""

from datetime import datetime
from typing import Final
from uuid import UUID

from api.dependencies import OFFICERS
from kit.db import unit_of_work
from people import media_keys

SCOPE: Final = "reports:send"
PRIVATE: Final = {"Cache-Control": "no-store"}


def application(api_key: str, *, now: datetime) -> UUID:
    """The client whose key this is: two keys of one client, one taking over from the other, are one sender.

    Raises NoKey, WrongScope.
    """
    with unit_of_work(OFFICERS) as session:
        return media_keys.opened(session, api_key, scope=SCOPE, now=now).id
