"""Saved views: a person's own, an office's shared by its leaders, never another's; counts that end in time."""

import pytest
from sqlalchemy import func, select, text

from cases import lists
from cases.access import ReadsOnly
from cases.lists import Wanted
from cases.lists.views import (
    MOST_OF_A_PERSON,
    MayNotShare,
    NameTaken,
    NoSuchView,
    NotYourView,
    TooManyViews,
)
from cases.models.view import SavedView
from kit.db import take_role
from kit.errors import Stale, Unconditional
from people.roles import Role
from tests import make
from tests.make import NOW

RED = Wanted(colour=["red"], sort="due")


def names(session, by):
    return [view.name for view in lists.views(session, by=by)]


def test_a_view_is_its_owners_until_a_leader_shares_it(session, district):
    west, east = district.west, district.east
    lists.save(session, "我的", RED, by=west.clerk, now=NOW)
    shared = lists.save(session, "超期", RED, by=west.leader, now=NOW)

    lists.share(session, shared, shared=True, by=west.leader, now=NOW)

    assert names(session, west.clerk) == ["我的", "超期"]
    assert names(session, west.leader) == names(session, west.officer) == ["超期"]
    assert names(session, east.clerk) == names(session, district.supervisor) == []
    assert Wanted(**shared.filter) == RED


def test_the_database_keeps_views_apart_by_itself(session, district):
    """Without any predicate of ours a transaction sees its person's views and its office's shared ones."""
    west = district.west
    own = lists.save(session, "我的", RED, by=west.clerk, now=NOW)
    shared = lists.save(session, "超期", RED, by=west.leader, now=NOW)
    lists.share(session, shared, shared=True, by=west.leader, now=NOW)
    session.flush()

    seen = {}
    for actor in (west.clerk, west.officer, district.east.leader, district.supervisor):
        with session.begin_nested() as inside:
            take_role(
                session, actor.database_role, {"org": str(actor.org_id), "account": str(actor.account_id)}
            )  # fmt: skip
            seen[actor.account_id] = set(session.scalars(select(SavedView.id)))
            inside.rollback()
    with session.begin_nested() as inside:
        take_role(session, "jz_town", {"org": str(west.org.id), "account": ""})
        seen[0] = set(session.scalars(select(SavedView.id)))
        inside.rollback()

    assert list(seen.values()) == [{own.id, shared.id}, {shared.id}, set(), set(), {shared.id}]


def test_only_leaders_share_and_only_owners_change(session, district):
    west = district.west
    own = lists.save(session, "我的", RED, by=west.clerk, now=NOW)
    shared = lists.save(session, "超期", RED, by=west.leader, now=NOW)
    with pytest.raises(MayNotShare):
        lists.share(session, own, shared=True, by=west.clerk, now=NOW)
    with pytest.raises(NotYourView):
        lists.share(session, own, shared=True, by=west.leader, now=NOW)
    lists.share(session, shared, shared=True, by=west.leader, now=NOW)
    with pytest.raises(NotYourView):
        lists.change(session, shared, "x", RED, by=west.clerk, now=NOW)
    with pytest.raises(NotYourView):
        lists.remove(shared, by=west.clerk, now=NOW)

    other = make.officer(session, west.org, Role.TOWN_LEADER)  # the next leader clears away what the last one shared
    lists.remove(shared, by=other, now=NOW)

    assert names(session, west.officer) == []
    assert shared.removed_at == NOW


def test_a_view_is_changed_in_the_version_that_was_seen(session, district):
    west = district.west
    view = lists.save(session, "我的", RED, by=west.clerk, now=NOW)
    lists.change(session, view, "改名", Wanted(), by=west.clerk, now=NOW)

    assert (view.version, view.name, view.filter) == (2, "改名", {})
    assert lists.lock(session, view.id, by=west.clerk, expected_version=2) is view
    for by, seen, refusal in (
        (west.clerk, 1, Stale), (west.clerk, None, Unconditional), (west.officer, 2, NoSuchView),
        (district.east.clerk, 2, NoSuchView), (make.officer(session, west.org, Role.DISCIPLINE), 2, ReadsOnly),
    ):  # fmt: skip
        with pytest.raises(refusal):
            lists.lock(session, view.id, by=by, expected_version=seen)
    lists.remove(view, by=west.clerk, now=NOW)
    with pytest.raises(NoSuchView):
        lists.lock(session, view.id, by=west.clerk, expected_version=3)


def test_names_are_told_apart_and_views_are_not_without_end(session, district):
    clerk = district.west.clerk
    first = lists.save(session, "0", RED, by=clerk, now=NOW)
    with pytest.raises(NameTaken):
        lists.save(session, "0", Wanted(), by=clerk, now=NOW)
    lists.save(session, "0", RED, by=district.west.officer, now=NOW)  # another's may be called the same
    for number in range(1, MOST_OF_A_PERSON):
        lists.save(session, str(number), RED, by=clerk, now=NOW)
    with pytest.raises(TooManyViews):
        lists.save(session, "one more", RED, by=clerk, now=NOW)
    lists.remove(first, by=clerk, now=NOW)
    lists.save(session, "0", RED, by=clerk, now=NOW)  # a name that was given up is free
    with pytest.raises(ReadsOnly):
        lists.save(session, "x", RED, by=make.officer(session, district.office, Role.DISCIPLINE), now=NOW)


def test_a_count_is_of_who_looks_and_ends_in_time(session, district):
    """A shared view counts what its reader may see; one that takes too long tells nothing and spoils nothing."""
    for body in (district.west.org, district.west.org, district.east.org):
        make.case(session, body, state="dispatched")
    view = lists.save(session, "全部", Wanted(state=["dispatched"]), by=district.supervisor, now=NOW)

    counts = [lists.counted(session, view, by=by, now=NOW) for by in (district.supervisor, district.west.clerk)]
    timeout = session.scalar(select(func.current_setting("statement_timeout")))

    assert counts == [3, 2]
    assert timeout == "0"


def test_a_count_that_is_cut_off_says_so(session, district):
    """The rows are made slow to look at."""
    for _ in range(3):
        make.case(session, district.west.org, state="dispatched")
    view = lists.save(session, "全部", Wanted(), by=district.supervisor, now=NOW)
    make_slow(session, view.org_id, view.owner_id)

    assert lists.counted(session, view, by=district.supervisor, now=NOW, ms=20) is None
    assert names(session, district.supervisor) == ["全部"]  # the transaction goes on


def make_slow(session, org_id, account_id):
    """A policy that sleeps on each row, for a role that has to ask it."""
    slow = 'create policy slow on handling."case" as restrictive to jz_district using (pg_sleep(0.05) is not null)'
    session.execute(text(slow))
    take_role(session, "jz_district", {"org": str(org_id), "account": str(account_id)})
