"""Who opens which page: every route of the console has a policy, asks it, and the header offers what it lets in."""

import pytest
from fastapi.routing import APIRoute

from api import dependencies
from api.rights import NOBODY, policy_of
from people.roles import Role
from tests.api.rights.matrix import HOMES, actor, called
from web.desk.door import own_form
from web.desk.frame import TABS, first_page, tabs

OPEN = {"desk_sign_in", "desk_signing_in", "desk_signing_out"}


@pytest.fixture(scope="module")
def routes(database_url):
    from api.app import create_app  # noqa: PLC0415 - settings exist only now
    from web import app as pages  # noqa: PLC0415

    app = create_app()
    pages.install(app)
    found = [route for route in _all(app.routes) if route.path.startswith("/desk")]
    assert len(found) > 10
    return found


def _all(routes):
    """What was included is wrapped, and found within."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        if isinstance(route, APIRoute):
            yield route
        elif inner is not None:
            yield from _all(inner.routes)


def test_every_page_declares_who_opens_it_and_asks(routes):
    for route in routes:
        policy = policy_of(route.endpoint)
        assert policy is not NOBODY, route.name
        assert policy.signs_in == (route.name not in OPEN), route.name
        if policy.signs_in:
            assert dependencies.the_policy in called(route.dependant), route.name


def test_every_page_refuses_what_another_site_has_posted(routes):
    assert [route.name for route in routes if own_form not in called(route.dependant)] == []


def test_no_page_is_in_the_contract(routes):
    assert [route.name for route in routes if route.include_in_schema] == []


@pytest.mark.parametrize("role", list(Role))
def test_the_header_offers_what_the_role_may_open_and_nothing_else(role, routes):
    policies = {route.path: policy_of(route.endpoint) for route in routes if "GET" in route.methods}
    who = actor(role)
    for tab in TABS:
        policy = policies[tab.path]
        lets_in = who.has(*policy.who) and (policy.scope != "district" or HOMES[role] == "district")
        assert tab.is_for(who) == lets_in, tab.path
    assert first_page(who) == tabs(who)[0].path


def test_every_role_gets_the_pages_of_its_policy_over_http(client, sit_down, ground, routes):
    pages = [tab.path for tab in TABS]
    for role, who in ground.people.items():
        sit_down(who)
        for path in pages:
            answer = client.get(path)
            expected = 200 if path in {tab.path for tab in tabs(who)} else 403
            assert answer.status_code == expected, (role, path, answer.text)
