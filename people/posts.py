"""Which roles one account may hold, and in which office (C2): asked when one is opened and when its roles change.

The transaction takes the database role of the office, whatever the roles: one that belongs to another kind of office
would come in at a door and fail behind it. The discipline body reads all and writes nothing, at a database role of its
own (M78): it goes with no other.
"""

from collections.abc import Iterable

from kit.errors import Invalid
from people.roles import Role

_TOWN = frozenset({Role.TOWN_CLERK, Role.TOWN_OFFICER, Role.TOWN_LEADER})
_DEPARTMENT = frozenset({Role.DEPT_OFFICER, Role.DEPT_LEADER})
_DISTRICT = frozenset(Role) - _TOWN - _DEPARTMENT
ROLES_OF: dict[str, frozenset[Role]] = {
    "town": _TOWN,
    "group": _TOWN | _DEPARTMENT,  # people of several bodies, under the district
    "department": _DEPARTMENT,
    "district": _DISTRICT,
    "city": _DISTRICT,
}


class RolesOfAnother(Invalid):
    """These roles are not held in this kind of office."""

    code = "account.roles_of_another_office"
    message = "These roles are not held in this kind of office."
    pointer = "/roles"


class RolesApart(Invalid):
    """These roles are never held by one account: discipline with any other, and keys with people (C2)."""

    code = "account.roles_apart"
    message = "These roles are not held together."
    pointer = "/roles"


def check(org_kind: str, roles: Iterable[Role]) -> None:
    """Raise RolesOfAnother or RolesApart, with the roles that do not fit, unless one account may hold all of them."""
    wanted = set(roles)
    if strange := wanted - ROLES_OF.get(org_kind, frozenset()):
        raise RolesOfAnother(roles=sorted(strange), office=org_kind)
    if apart := _apart(wanted):
        raise RolesApart(roles=sorted(apart))


def in_force(roles: Iterable[Role]) -> frozenset[Role]:
    """What an account may do that holds these.

    One that was given the discipline body's beside others, before that was refused, only reads: the least of them.
    """
    held = frozenset(roles)
    return frozenset({Role.DISCIPLINE}) if Role.DISCIPLINE in held else held


def _apart(wanted: set[Role]) -> set[Role]:
    if Role.DISCIPLINE in wanted and len(wanted) > 1:
        return wanted
    keys_and_people = {Role.SYSADMIN, Role.CUSTODIAN}
    return keys_and_people if keys_and_people <= wanted else set()
