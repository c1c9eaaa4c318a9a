"""Every Depends() of the project: the moment, the session, who acts, and what they saw."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Header, Query, Request
from sqlalchemy.orm import Session

from kit import clock
from kit.db import unit_of_work
from kit.errors import Invalid, Unidentified
from people import sign_in
from people.actors import Actor

CITIZENS = "jz_intake"
OFFICERS = "jz_api"


async def moment() -> datetime:
    """The moment of the request; asynchronous like all here that waits for nothing, so that no thread is woken."""
    return clock.now()


Now = Annotated[datetime, Depends(moment)]


def citizen_session() -> Iterator[Session]:
    """A transaction that may write reports and read none of the handling side."""
    with unit_of_work(CITIZENS) as session:
        yield session


def public_session() -> Iterator[Session]:
    """A transaction that may read what is public and nothing else."""
    with unit_of_work(OFFICERS, role="jz_public") as session:
        yield session


async def bearer_token(authorization: Annotated[str | None, Header(include_in_schema=False)] = None) -> str:
    """The session token of the request. Raises Unidentified."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unidentified
    return token


def current_actor(token: Annotated[str, Depends(bearer_token)], now: Now) -> Actor:
    """The officer whose session this is. Raises Unidentified."""
    with unit_of_work(OFFICERS) as session:
        return sign_in.actor_of(session, token, now=now)


CurrentActor = Annotated[Actor, Depends(current_actor, scope="function")]


def officer_session(actor: CurrentActor) -> Iterator[Session]:
    """A transaction in the database role of the officer's office: row-level security sees the office."""
    with unit_of_work(OFFICERS, role=actor.database_role, org=str(actor.org_id)) as session:
        yield session


# Function scope: the commit comes before the answer, so that no 201 is told of what was not stored.
CitizenSession = Annotated[Session, Depends(citizen_session, scope="function")]
PublicSession = Annotated[Session, Depends(public_session, scope="function")]
OfficerSession = Annotated[Session, Depends(officer_session, scope="function")]


async def seen_version(request: Request, expected_version: Annotated[int | None, Query(ge=1)] = None) -> int | None:
    """The version an act is based on: If-Match, or `expected_version` where a client cannot send the header."""
    tag = request.headers.get("if-match", "").removeprefix("W/").strip('"')
    if not tag:
        return expected_version
    if not tag.isdecimal():
        raise Invalid("If-Match carries a version number.", pointer="")
    return int(tag)


SeenVersion = Annotated[int | None, Depends(seen_version)]


async def page_limit(limit: Annotated[int, Query(ge=1, le=100)] = 50) -> int:
    """How many rows a page has, at most 100."""
    return limit


PageLimit = Annotated[int, Depends(page_limit)]
