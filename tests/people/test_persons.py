"""One natural person under two accounts is one (C2): known by the staff number, of which a mark alone is kept."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import undefer

from people import accounts, persons, sessions, sign_in
from people.models import Account, AccountEntry
from people.persons import NoStaffNumber
from people.roles import Role
from tests import make
from tests.make import NOW

PASSWORD = "correct horse 电池"


def opened(session, org, username, role, staff_number):
    return sign_in.create_officer(
        session, org=org, username=username, name="王某", password=PASSWORD, roles=[role], staff_number=staff_number
    )


@pytest.fixture
def two(session):
    """The same person in a town and, seconded, at the district; somebody else beside them."""
    town, office = make.org(session, "town"), make.org(session, "district")
    return (
        opened(session, town, "wang-town", Role.TOWN_OFFICER, "GA-007"),
        opened(session, office, "wang-district", Role.SAFETY_OFFICE, "ga 007"),
        opened(session, office, "li-district", Role.SAFETY_OFFICE, "GA-008"),
    )


def actor_of(session, username):
    signed = sign_in.sign_in(session, username, PASSWORD, now=NOW)
    assert signed is not None
    return sessions.actor_of(session, signed.token, now=NOW)


def test_c2_whoever_signs_in_is_known_with_all_accounts_of_the_person(session, two):
    first, second, other = two
    wang = actor_of(session, "wang-district")
    assert wang.also == {first.id}
    assert wang.is_person(first.id)
    assert wang.is_person(None, other.id, second.id)
    assert not wang.is_person(other.id, None)
    assert actor_of(session, "li-district").also == frozenset()


def test_an_account_without_a_staff_number_is_nobody_elses(session, two):
    org = make.org(session, "town")
    make.officer(session, org, Role.TOWN_CLERK)
    unknown = opened(session, org, "nobody", Role.TOWN_CLERK, None)
    assert actor_of(session, "nobody").also == frozenset()
    assert persons.accounts_of(session, unknown.id) == {unknown.id}


def test_c2_two_accounts_of_one_are_one_of_the_two_officers_that_an_act_needs(session, two):
    first, second, other = (each.id for each in two)
    assert persons.number(session, [first, second]) == 1
    assert persons.number(session, [first, second, other]) == 2
    assert persons.meet(session, first, {second})
    assert not persons.meet(session, first, {other})


@pytest.mark.parametrize("typed", ["GA-007", "ga007", "ＧＡ－００７".replace("－", "-"), " GA_007 "])
def test_a_number_is_the_same_however_it_is_typed(typed):
    assert persons.mark_of(typed) == persons.mark_of("GA007")


@pytest.mark.parametrize("typed", ["", "7", "-", "GA/007", "x" * 41, "GA\x00007"])
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(NoStaffNumber):
        persons.mark_of(typed)


def test_the_number_itself_is_nowhere(session, two):
    kept = session.scalar(select(Account).where(Account.id == two[0].id).options(undefer(Account.person_mark)))
    assert bytes(kept.person_mark) == persons.mark_of("GA-007")
    row = session.scalar(text("select a::text from handling.account a where id = :id"), {"id": two[0].id})
    assert "GA-007" not in row
    assert "GA007" not in row


def test_who_runs_the_district_says_whose_an_older_account_is(session, two):
    admin = make.officer(session, make.org(session, "district"), Role.SYSADMIN)
    older = opened(session, make.org(session, "town"), "older", Role.TOWN_CLERK, None)
    signed = sign_in.sign_in(session, "older", PASSWORD, now=NOW)
    accounts.say_who(session, older.id, "GA-007", reason="核对工号", by=admin, now=NOW)
    session.flush()
    assert sessions.open_sessions(session, by=signed.actor, now=NOW) == []
    assert older.id in actor_of(session, "wang-town").also
    entry = session.scalars(select(AccountEntry).where(AccountEntry.kind == "person")).one()
    assert (entry.account_id, entry.by_id, entry.reason) == (older.id, admin.account_id, "核对工号")


def test_nobody_acts_on_an_account_of_their_own_from_another_of_their_own(session, two):
    first, _second, _other = two
    wang = actor_of(session, "wang-district")
    for act, more in ((accounts.suspend, {}), (accounts.set_roles, {"roles": [Role.TOWN_LEADER]})):
        with pytest.raises(accounts.YourOwnAccount):
            act(session, first.id, **more, reason="x", by=wang, now=NOW)


def test_m78_entries_are_read_the_newest_first_of_one_account_or_by_one(session, two):
    admin = make.officer(session, make.org(session, "district"), Role.SYSADMIN)
    first, second, _ = two
    accounts.suspend(session, first.id, reason="调离", by=admin, now=NOW)
    accounts.suspend(session, second.id, reason="调离", by=admin, now=NOW)
    accounts.restore(session, first.id, reason="回来", by=admin, now=NOW)
    read = accounts.entries(session, limit=2)
    assert [(each.account_id, each.kind) for each in read] == [(first.id, "restored"), (second.id, "suspended")]
    assert [each.kind for each in accounts.entries(session, limit=9, before=read[-1].id)] == ["suspended"]
    assert len(accounts.entries(session, limit=9, account_id=first.id)) == 2
    assert accounts.entries(session, limit=9, by_id=first.id) == []
