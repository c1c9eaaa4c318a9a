"""Whoever holds a newsroom's key, at work on what is the newsroom's own: a role of the database that sees no more."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from api.dependencies import OFFICERS, Now, Seat
from kit.db import take_role, unit_of_work
from people import media_keys
from people.media_keys import NoKey

SCOPE: Final = "exposures:read"
ROLE: Final = "jz_newsroom"


@dataclass(frozen=True)
class AtWork:
    """A transaction of a newsroom, and whose it is."""

    session: Session
    client_id: UUID


def presented(request: Request) -> str:
    """The key of a request. Raises NoKey."""
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text:
        raise NoKey
    return text


def at_work(request: Request, now: Now, _seat: Seat) -> Iterator[AtWork]:
    """A transaction of the newsroom whose key this is. Raises NoKey, WrongScope."""
    text = presented(request)
    with unit_of_work(OFFICERS) as session:
        client = media_keys.opened(session, text, scope=SCOPE, now=now)
        session.flush()  # the day on which the key was used is not the newsroom's to write
        take_role(session, ROLE, {"client": str(client.id)})
        yield AtWork(session, client.id)


Newsroom = Annotated[AtWork, Depends(at_work, scope="function")]
