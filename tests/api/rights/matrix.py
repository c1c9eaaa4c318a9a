"""The matrix of rights: what each role gets at each route. Run as a module it writes docs/rights.csv, to be reviewed.

It is computed from the policies that the routes declare; tests ask the running application for each of its cells.
"""

import csv
import io
from pathlib import Path

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from api import dependencies
from api.app import create_app
from api.officers.queue import read_queue
from api.public import newsroom
from api.rights import Scope, policy_of
from people.actors import Actor
from people.roles import Role

WRITTEN = Path(__file__).parents[3] / "docs" / "rights.csv"
HOMES = {role: "town" if role.startswith("town_") else "department" if role.startswith("dept_") else "district"
         for role in Role}  # fmt: skip
YES, OWN, NO, KEY = "yes", "own", "", "key"
HEADER = ["method", "path", "act", "scope", "transaction", "anybody", *map(str, Role)]


def routes() -> list[APIRoute]:
    """Every route of the application, in the order of their paths."""
    found = [route for route in create_app().routes if isinstance(route, APIRoute)]
    return sorted(found, key=lambda route: (route.path, sorted(route.methods)))


def cell(route: APIRoute, role: Role) -> str:
    """`yes`, `own` where a case must be within reach, or nothing."""
    policy, home = policy_of(route.endpoint), HOMES[role]
    if role not in policy.who or (policy.scope is Scope.DISTRICT and home != "district"):
        return NO
    return OWN if policy.scope is Scope.CASE and "{case_id}" in route.path and home != "district" else YES


def transaction(route: APIRoute) -> str:
    """The database role of the route's transaction; `office` is that of the actor's office (Actor.database_role)."""
    asked = set(called(route.dependant))
    if dependencies.citizen_session in asked:
        return dependencies.CITIZENS
    if dependencies.public_session in asked:
        return "jz_public"
    if newsroom.at_work in asked:
        return newsroom.ROLE
    if asked & {dependencies.officer_session, dependencies.current_actor} or route.endpoint is read_queue:
        return "office"
    return "its own"


def lines() -> str:
    """The whole matrix as CSV."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(HEADER)
    for route in routes():
        policy = policy_of(route.endpoint)
        open_ = KEY if policy.scope is Scope.MEDIA else NO if policy.signs_in else YES
        cells = [cell(route, role) for role in Role]
        told = [*sorted(route.methods), route.path, route.name, policy.scope, transaction(route), open_]
        table.writerow([*told, *cells])
    return out.getvalue()


def actor(role: Role) -> Actor:
    """Somebody with one role, where that role is at home."""
    return Actor("officer", role, org_kind=HOMES[role], roles=frozenset({role}))


def called(dependant: Dependant) -> list[object]:
    return [dependant.call, *(call for each in dependant.dependencies for call in called(each))]


if __name__ == "__main__":
    WRITTEN.write_text(lines(), encoding="utf-8")
