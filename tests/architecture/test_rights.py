"""Every route declares who may ask it, and nobody passes the one place that reads it (security.md §3.8, T16)."""

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from api import dependencies
from api.app import create_app
from api.doors import DOORS
from api.rights import NOBODY, Scope, policy_of
from people.actors import Actor
from people.roles import Role
from tests.api.rights.matrix import called, routes, transaction

IDENTIFIED = {"add_picture", "add_scan", "sign_out"}  # they read the policy in a transaction of its own
BY_HAND = {"queue"}  # a door: it hands its policy on itself


@pytest.fixture(scope="module")
def all_routes():
    return routes()


def test_every_route_declares_a_policy(all_routes):
    """Declare one above its function with `may`, `anybody` or `reporter` (api/rights.py)."""
    assert [route.name for route in all_routes if policy_of(route.endpoint) is NOBODY] == []


def test_a_route_without_a_policy_lets_nobody_in():
    everybody = Actor("officer", "all", org_kind="district", roles=frozenset(Role))
    with pytest.raises(NOBODY.refusal):
        policy_of(lambda: None).admit(everybody)


def test_what_is_the_officers_declares_roles_and_what_is_open_declares_none(all_routes):
    for route in all_routes:
        policy = policy_of(route.endpoint)
        is_officers = route.path.startswith("/o/v1/") and route.name != "sign_in"
        assert policy.signs_in == is_officers == bool(policy.who), route.name


def test_every_officers_route_goes_through_the_place_that_reads_the_policy(all_routes):
    for route in all_routes:
        if policy_of(route.endpoint).signs_in and route.name not in BY_HAND:
            assert dependencies.the_policy in called(route.dependant), route.name


def test_what_is_open_takes_no_transaction_of_the_officers(all_routes):
    for route in all_routes:
        if policy_of(route.endpoint).scope in {Scope.ANYBODY, Scope.REPORTER, Scope.SENDER}:
            assert transaction(route) != "office", route.name


def test_the_doors_lead_to_routes_with_a_policy(all_routes):
    known = {(method, route.path): route for route in all_routes for method in route.methods}
    assert all(policy_of(known[door].endpoint) is not NOBODY for door in DOORS)


def test_the_application_has_no_route_of_another_kind():
    app = create_app()
    assert isinstance(app, FastAPI)
    assert all(isinstance(route, APIRoute) for route in app.routes)
