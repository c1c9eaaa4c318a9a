"""Which roles go together, and where: each pair in each kind of office (C2)."""

from itertools import combinations

import pytest

from kit.errors import NotAllowed
from people import accounts, posts, sessions, sign_in
from people.actors import Actor
from people.models import AccountRole
from people.posts import ROLES_OF, RolesApart, RolesOfAnother
from people.roles import DATABASE_ROLES, Role
from tests import make
from tests.api.rights.matrix import policy_of, routes
from tests.make import NOW

PASSWORD = "correct horse 电池"
PAIRS = list(combinations(Role, 2))
POLICIES = sorted({policy_of(route.endpoint) for route in routes() if policy_of(route.endpoint).signs_in}, key=repr)
APART = {frozenset({Role.SYSADMIN, Role.CUSTODIAN})}


def test_every_role_is_at_home_somewhere_and_every_office_has_a_database_role():
    assert frozenset().union(*ROLES_OF.values()) == frozenset(Role)
    assert ROLES_OF.keys() == DATABASE_ROLES.keys()


@pytest.mark.parametrize("office", ROLES_OF)
@pytest.mark.parametrize("pair", PAIRS, ids="+".join)
def test_each_pair_is_opened_where_both_are_at_home_and_refused_with_a_name_elsewhere(office, pair):
    if not set(pair) <= ROLES_OF[office]:
        with pytest.raises(RolesOfAnother) as refusal:
            posts.check(office, pair)
        assert set(refusal.value.extra["roles"]) == set(pair) - ROLES_OF[office]
    elif Role.DISCIPLINE in pair or frozenset(pair) in APART:
        with pytest.raises(RolesApart):
            posts.check(office, pair)
    else:
        posts.check(office, pair)


@pytest.mark.parametrize("pair", PAIRS, ids="+".join)
def test_whoever_holds_two_gets_in_where_one_of_them_does_and_nowhere_else(pair):
    """So what is asked of each role alone (tests/api/rights) holds for every pair: both have one database role."""
    office = next((kind for kind in ROLES_OF if set(pair) <= ROLES_OF[kind]), "district")
    in_force = posts.in_force(pair)
    both = Actor("officer", "both", 1, 1, office, in_force)
    single = [Actor("officer", each, 1, 1, office, frozenset({each})) for each in in_force]
    assert {each.database_role for each in single} == {both.database_role}
    for policy in POLICIES:
        assert admits(policy, both) == any(admits(policy, each) for each in single), policy


def admits(policy, actor):
    try:
        policy.admit(actor)
    except NotAllowed:
        return False
    return True


@pytest.mark.parametrize("other", sorted(set(Role) - {Role.DISCIPLINE}))
def test_m78_who_was_given_the_discipline_body_s_role_beside_another_only_reads(session, other):
    """As accounts may be that were opened before this was refused: by hand, or by an older release."""
    office = make.org(session, "district")
    account = sign_in.create_officer(
        session, org=office, username="both", name="x", password=PASSWORD, roles=[Role.DISCIPLINE]
    )
    session.add(AccountRole(account_id=account.id, role=str(other)))
    session.flush()
    signed = sign_in.sign_in(session, "both", PASSWORD, now=NOW)
    actor = sessions.actor_of(session, signed.token, now=NOW)
    assert actor.roles == {Role.DISCIPLINE}
    assert actor.database_role == "jz_discipline"


def test_roles_are_checked_when_an_account_is_opened_and_when_they_change(session):
    town, admin = make.org(session, "town"), make.officer(session, make.org(session, "district"), Role.SYSADMIN)

    def open_with(*roles):
        return sign_in.create_officer(
            session, org=town, username="wang", name="x", password=PASSWORD, roles=list(roles), staff_number="T-1"
        )

    with pytest.raises(RolesOfAnother):
        open_with(Role.TOWN_CLERK, Role.INTAKE_OFFICER)
    account = open_with(Role.TOWN_CLERK, Role.TOWN_LEADER)
    for roles in ([Role.DEPT_LEADER], [Role.TOWN_CLERK, Role.DISCIPLINE]):
        with pytest.raises(RolesOfAnother):
            accounts.set_roles(session, account.id, roles, reason="x", by=admin, now=NOW)
    accounts.set_roles(session, account.id, [Role.TOWN_OFFICER], reason="调岗", by=admin, now=NOW)
