"""The console is asked as a browser asks it: a cookie, and where a form was sent from."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from people.actors import Actor
from tests.api.rights.ground import Ground, built
from tests.api.rights.ground import signed_in as session_of
from tests.browsing import opening
from tests.walk import Walk
from tests.web.desk.paper import Sheet, open_
from web.desk.door import COOKIE

HERE = {"origin": "http://testserver"}
Committing = Callable[[], AbstractContextManager[Session]]

browser = pytest.fixture(opening, scope="module")


@pytest.fixture
def ground(committing: Committing) -> Ground:
    with committing() as session:
        return built(session)


@pytest.fixture
def client(committing: Committing) -> Iterator[TestClient]:
    from cli.serve import application  # noqa: PLC0415 - settings exist only now

    with TestClient(application(), raise_server_exceptions=False, follow_redirects=False, headers=HERE) as opened:
        yield opened


@pytest.fixture
def sit_down(client: TestClient, committing: Committing) -> Callable[[Actor], str]:
    """Let somebody have a session in this browser; its token."""

    def sat_down(who: Actor) -> str:
        with committing() as session:
            token = session_of(session, who)
        client.cookies.clear()
        client.cookies.set(COOKIE, token, domain="testserver.local", path="/desk")
        return token

    return sat_down


@pytest.fixture
def at(walk: Walk, client: TestClient, sit_down: Callable[[Actor], str]) -> Callable[[Actor], Sheet]:
    """The page of the case `walk`, which a file of tests makes for itself, as somebody sees it."""

    def sees(who: Actor) -> Sheet:
        sit_down(who)
        return open_(client, f"/desk/cases/{walk.case.id}")

    return sees
