"""Every Depends() of the project: the moment, the session, who acts, and what they saw."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from typing import Annotated

import anyio
from fastapi import Depends, Query, Request
from sqlalchemy.orm import Session

from api.rights import Policy, policy_of
from kit import clock
from kit.db import take_role, unit_of_work
from kit.errors import Invalid, Unidentified
from kit.lanes import Connection, Lanes
from people import sessions
from people.actors import Actor

CITIZENS = "jz_intake"
OFFICERS = "jz_api"
_TAKE_OFFICE = "select set_config('role', %s, true), set_config('jz.org', %s, true)"  # as kit.db.take_role


async def moment() -> datetime:
    """The moment of the request; asynchronous like all here that waits for nothing, so that no thread is woken."""
    return clock.now()


Now = Annotated[datetime, Depends(moment)]


# Requests that hold a connection while they go from thread to thread. The pool has one more for each thread (THREADS in
# api/app.py), for what takes one and gives it back there: so nobody waits for one in the thread that its holder needs.
SEATS = 8
_SEATS = anyio.CapacityLimiter(SEATS)


async def seat() -> AsyncIterator[None]:
    """A place among those who hold a connection; whoever finds none waits here, and not in a thread."""
    async with _SEATS:
        yield


Seat = Annotated[None, Depends(seat, scope="function")]


def citizen_session(_seat: Seat) -> Iterator[Session]:
    """A transaction that may write reports and read none of the handling side."""
    with unit_of_work(CITIZENS) as session:
        yield session


def public_session(_seat: Seat) -> Iterator[Session]:
    """A transaction that may read what is public and nothing else."""
    with unit_of_work(OFFICERS, role="jz_public") as session:
        yield session


def host_of(request: Request) -> str:
    """The address that a request comes from, as its proxies tell it where they are trusted (cli/serve.py)."""
    return request.client.host if request.client else ""


async def bearer_token(request: Request) -> str:
    """The session token of the request, read by hand: a declared header would have its own schema in each route.

    Raises Unidentified.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unidentified
    return token


BearerToken = Annotated[str, Depends(bearer_token)]


@contextmanager
def officer_at_work(token: str, policy: Policy, *, now: datetime) -> Iterator[tuple[Session, Actor]]:
    """A transaction that finds out whose session this is, asks the policy, then takes the database role of the office.

    Row-level security sees the office from there on. Raises Unidentified, and what the policy refuses with.
    """
    with unit_of_work(OFFICERS) as session:
        actor = sessions.actor_of(session, token, now=now)
        policy.admit(actor)
        take_role(session, actor.database_role, {"org": str(actor.org_id), "account": str(actor.account_id)})
        yield session, actor


@asynccontextmanager
async def officer_reading(
    request: Request, token: str, policy: Policy, *, now: datetime
) -> AsyncIterator[tuple[Connection, Actor]]:
    """The same on the event loop, for a list that officers wait for: see kit/lanes.py."""
    lanes: Lanes = request.app.state.lanes[OFFICERS]
    async with lanes.reading() as connection:
        actor = await sessions.actor_on(connection, token, now=now)
        policy.admit(actor)
        await connection.execute(_TAKE_OFFICE, (actor.database_role, str(actor.org_id)))
        yield connection, actor


async def the_policy(request: Request) -> Policy:
    """What the route has declared (api/rights.py); one that has declared nothing lets nobody in."""
    return policy_of(request.scope.get("endpoint"))


ThePolicy = Annotated[Policy, Depends(the_policy)]


def _at_work(token: BearerToken, policy: ThePolicy, now: Now, _seat: Seat) -> Iterator[tuple[Session, Actor]]:
    with officer_at_work(token, policy, now=now) as work:
        yield work


# Function scope: the commit comes before the answer, so that no 201 is told of what was not stored.
_AtWork = Annotated[tuple[Session, Actor], Depends(_at_work, scope="function")]


async def officer_session(at_work: _AtWork) -> Session:
    """The transaction of the officer's request."""
    return at_work[0]


async def current_actor(at_work: _AtWork) -> Actor:
    """The officer whose session this is."""
    return at_work[1]


def identified_actor(token: BearerToken, policy: ThePolicy, now: Now) -> Actor:
    """The same in a transaction of its own, for a request that must hold none while it waits for a phone's bytes."""
    with unit_of_work(OFFICERS) as session:
        actor = sessions.actor_of(session, token, now=now)
    policy.admit(actor)
    return actor


CitizenSession = Annotated[Session, Depends(citizen_session, scope="function")]
PublicSession = Annotated[Session, Depends(public_session, scope="function")]
OfficerSession = Annotated[Session, Depends(officer_session, scope="function")]
CurrentActor = Annotated[Actor, Depends(current_actor, scope="function")]
IdentifiedActor = Annotated[Actor, Depends(identified_actor)]


async def seen_version(request: Request, expected_version: Annotated[int | None, Query(ge=1)] = None) -> int | None:
    """The version an act is based on: If-Match, or `expected_version` where a client cannot send the header."""
    tag = request.headers.get("if-match", "").removeprefix("W/").strip('"')
    if not tag:
        return expected_version
    if not tag.isdecimal():
        raise Invalid("If-Match carries a version number.", pointer="?if-match")
    return int(tag)


SeenVersion = Annotated[int | None, Depends(seen_version)]


async def page_limit(limit: Annotated[int, Query(ge=1, le=100)] = 50) -> int:
    """How many rows a page has, at most 100."""
    return limit


PageLimit = Annotated[int, Depends(page_limit)]


async def page_after(after: Annotated[str | None, Query(max_length=300)] = None) -> str | None:
    """The cursor that the page before has given."""
    return after


PageAfter = Annotated[str | None, Depends(page_after)]
