"""M15, D8: no leave takes from an office the last who may decide."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from people import absences
from people.absences import Leave, NobodyDecides
from people.deciders import DECIDE
from people.models import Account
from people.persons import mark_of
from people.posts import ROLES_OF
from people.roles import Role
from people.roster import Absence
from tests import make
from tests.cases.test_races import at_once
from tests.make import NOW

DAY = timedelta(days=1)


@pytest.fixture
def town(session):
    return make.town(session)


@pytest.fixture
def deputy(session, town):
    """A second leader of the town."""
    return make.officer(session, town.org, Role.TOWN_OFFICER, Role.TOWN_LEADER)


def leave(session, who, substitute, first=0, days=1, by=None):
    """Some days of leave, from the day `first` on."""
    asked = Leave(who.account_id, substitute.account_id, NOW + first * DAY, NOW + (first + days) * DAY, "年休假")
    return absences.enter(session, asked, by=by or who, now=NOW)


def refused(*args, **more):
    with pytest.raises(NobodyDecides) as refusal:
        leave(*args, **more)
    return refusal.value.extra["roles"]


@pytest.mark.parametrize("kind", ["town", "department", "district"])
def test_whoever_alone_holds_a_deciding_role_of_the_office_stays_until_somebody_else_holds_it(session, kind):
    body = make.org(session, kind)
    for role in set(DECIDE) & ROLES_OF[kind]:
        holder, plain = make.officer(session, body, role), make.officer(session, body)
        assert refused(session, holder, plain) == [role]
        second = make.officer(session, body, role)
        assert leave(session, holder, plain).account_id == holder.account_id
        assert refused(session, second, plain) == [role]


def test_whoever_decides_nothing_leaves(session, town):
    for who in (town.officer, town.clerk):
        assert leave(session, who, town.colleague, by=town.clerk)


def test_each_role_that_would_be_missing_is_named_also_to_whoever_enters_it_for_the_leader(session):
    group = make.org(session, "group")
    clerk = make.officer(session, group, Role.TOWN_CLERK)
    leader = make.officer(session, group, Role.TOWN_LEADER, Role.DEPT_LEADER)
    make.officer(session, group, Role.TOWN_LEADER)
    assert refused(session, leader, clerk, by=clerk) == [Role.DEPT_LEADER]


def test_one_of_the_leaders_is_there_at_every_moment(session, town, deputy):
    leave(session, deputy, town.officer, first=3, days=2)
    for first, days in ((3, 1), (2, 2), (4, 3), (0, 9), (3, 2)):
        assert refused(session, town.leader, town.officer, first=first, days=days) == [Role.TOWN_LEADER]
    for first, days in ((0, 3), (5, 2)):  # until the very moment that the deputy leaves, and from the return on
        leave(session, town.leader, town.officer, first=first, days=days)


@pytest.mark.parametrize(("third_leaves", "ok"), [(2, True), (1, False)])
def test_others_may_be_away_in_turn_and_not_together(session, town, deputy, third_leaves, ok):
    third = make.officer(session, town.org, Role.TOWN_LEADER)
    leave(session, deputy, town.officer, days=2)
    leave(session, third, town.officer, first=third_leaves, days=2)
    if ok:
        leave(session, town.leader, town.clerk, days=4)
    else:
        assert refused(session, town.leader, town.clerk, days=4) == [Role.TOWN_LEADER]


def test_a_leave_that_was_called_off_takes_nobody_away(session, town, deputy):
    off = leave(session, deputy, town.officer)
    absences.cancel(session, off.id, by=deputy, now=NOW)
    assert leave(session, town.leader, deputy)


@pytest.mark.parametrize("why", ["ended", "another_office", "same_person"])
def test_whoever_is_not_there_as_somebody_else_does_not_count(session, town, deputy, why):
    both = Account.id.in_((deputy.account_id, town.leader.account_id))
    if why == "same_person":
        session.execute(update(Account).where(both).values(person_mark=mark_of("A-17")))
    else:
        changed = {"active": False} if why == "ended" else {"org_id": make.town(session).org.id}
        session.execute(update(Account).where(Account.id == deputy.account_id).values(changed))
    assert refused(session, town.leader, town.officer) == [Role.TOWN_LEADER]


def test_of_two_leaders_who_ask_at_once_for_the_same_days_one_leaves(committing):
    with committing() as session:
        town = make.town(session)
        deputy = make.officer(session, town.org, Role.TOWN_LEADER)

    def leaves(who):
        def ask():
            with committing() as session:
                leave(session, who, town.officer)

        return ask

    outcomes = at_once(leaves(town.leader), leaves(deputy))
    assert sorted(outcomes, key=str) == sorted([None, NobodyDecides], key=str)
    with committing() as session:
        assert len(session.scalars(select(Absence)).all()) == 1
