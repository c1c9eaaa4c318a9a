"""Routes stand where their router says, are built once, and a list refuses a filter that it does not have."""

import pytest
from fastapi.routing import APIRoute

from api.app import create_app
from api.words import only_known_words

PLACES = {"api.officers": "/o/v1/", "api.mobile": "/m/v1/"}


@pytest.fixture(scope="module")
def routes():
    return create_app().routes


def test_every_route_is_the_one_that_its_file_has_made(routes):
    """FastAPI wraps what is included, and builds all of it again."""
    assert {type(route) for route in routes} == {APIRoute}
    assert len(routes) > 200


@pytest.mark.parametrize("package", PLACES)
def test_what_is_for_some_stands_under_their_path(routes, package):
    theirs = [route for route in routes if route.endpoint.__module__.startswith(package)]
    assert theirs
    assert [route.path for route in theirs if not route.path.startswith(PLACES[package])] == []
    others = [route.path for route in routes if route not in theirs]
    assert [path for path in others if path.startswith(PLACES[package])] == []


def test_every_list_of_officers_refuses_a_filter_that_it_does_not_have(routes):
    asks = {
        route.name: only_known_words in [needed.dependency for needed in route.dependencies]
        for route in routes
        if route.path.startswith("/o/v1/")
    }
    # The queue counts microseconds, and asks by itself.
    assert [name for name, known in asks.items() if not known] == ["queue"]


def test_no_operation_has_the_name_of_another(routes):
    names = [route.unique_id for route in routes]
    assert sorted(names) == sorted(set(names))
