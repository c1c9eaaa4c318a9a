"""Q5: an export is asked for with a reason, allowed by another person, sent once, and over in time."""

import csv
import hashlib
import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from cases import lists
from cases.lifecycle.guards import SamePerson
from cases.lifecycle.machine import NotInState, NotYourRole
from cases.lists import Wanted
from cases.lists.exports import ExportOver, HasGrown, NoSuchExport, TooManyRows
from cases.lists.sheet import hidden
from cases.models.case import Notice
from cases.models.export import Export
from kit.db import take_role
from kit.errors import NotAllowed, Stale, Unconditional
from people.roles import Role
from tests import make
from tests.make import NOW

SOON, LATER = NOW + timedelta(hours=1), NOW + timedelta(hours=24)


@pytest.fixture(autouse=True)
def three(session, district):
    make.value(session, "export_rows", {"free": 2, "most": 4})
    return [make.case(session, district.west.org, state="dispatched") for _ in range(3)]


@pytest.fixture
def asked(session, district):
    return lists.request_export(session, Wanted(), reason="月报", by=district.west.clerk, now=NOW)


@pytest.fixture
def other(session, district):
    return make.officer(session, district.office, Role.SAFETY_OFFICE)


def fetch(session, export, by, now=SOON):
    file = io.BytesIO()
    lists.download(session, export, file, by=by, now=now)
    return file.getvalue()


def test_a_small_one_is_allowed_at_once_and_a_large_one_told_to_the_safety_office(session, district, asked):
    small = lists.request_export(
        session, Wanted(state=["closed"]), reason="月报", by=district.west.clerk, now=NOW
    )  # fmt: skip

    assert (small.state, small.counted, small.decided_by) == ("approved", 0, None)
    assert (asked.state, asked.counted) == ("requested", 3)
    told = session.scalars(select(Notice).where(Notice.kind == "export_requested")).all()
    assert {notice.account_id for notice in told} == {district.supervisor.account_id}


def test_what_was_allowed_is_sent_once_to_whoever_asked_and_written_down(session, district, asked, other):
    clerk = district.west.clerk
    lists.approve(session, asked, comment="同意", by=other, now=NOW)
    with pytest.raises(SamePerson):
        fetch(session, asked, other)

    content = fetch(session, asked, clerk)

    assert (asked.state, asked.rows, asked.downloaded_at) == ("downloaded", 3, SOON)
    assert asked.sha256 == hashlib.sha256(content).digest()
    with pytest.raises(NotInState):
        fetch(session, asked, clerk)
    line = content.decode("utf-8-sig").splitlines()[1].split(",")
    assert lists.trace(session, line[0], line[-1], by=other) is asked
    assert lists.trace(session, line[0], "0" * 12, by=other) is None
    with pytest.raises(NotAllowed):
        lists.trace(session, line[0], line[-1], by=clerk)


def test_nobody_allows_their_own_and_only_the_safety_office_allows(session, district, asked, other):
    own = lists.request_export(session, Wanted(), reason="x", by=other, now=NOW)
    for decide in (lists.approve, lists.refuse):
        with pytest.raises(SamePerson):
            decide(session, own, comment="x", by=other, now=NOW)
        with pytest.raises(NotYourRole):
            decide(session, asked, comment="x", by=district.west.leader, now=NOW)
    lists.refuse(session, asked, comment="用途不明", by=other, now=NOW)
    with pytest.raises(NotInState):
        fetch(session, asked, district.west.clerk)
    for role in (Role.TOWN_OFFICER, Role.DISCIPLINE, Role.PUBLISHER):
        by = make.officer(session, district.office, role)
        with pytest.raises(NotYourRole):
            lists.request_export(session, Wanted(), reason="x", by=by, now=NOW)


def test_a_list_that_has_grown_is_another_export(session, district, asked, other):
    lists.approve(session, asked, comment="同意", by=other, now=NOW)
    make.case(session, district.west.org, state="dispatched")
    with pytest.raises(HasGrown):
        fetch(session, asked, district.west.clerk)
    make.case(session, district.west.org, state="dispatched")
    with pytest.raises(TooManyRows):
        lists.request_export(session, Wanted(), reason="x", by=district.west.clerk, now=NOW)


def test_a_town_exports_its_own_cases_whoever_allows_it(session, district, asked, other):
    """M11: the safety office's leave does not widen what the asker sees."""
    make.case(session, district.east.org, state="dispatched")
    lists.approve(session, asked, comment="同意", by=other, now=NOW)

    fetch(session, asked, district.west.clerk)

    assert asked.rows == 3


def test_in_time_or_never(session, district, asked, other):
    ready = lists.request_export(session, Wanted(state=["closed"]), reason="x", by=district.west.clerk, now=NOW)
    with pytest.raises(ExportOver):
        lists.approve(session, asked, comment="x", by=other, now=LATER)
    with pytest.raises(ExportOver):
        fetch(session, ready, district.west.clerk, now=LATER)
    lists.expire(session, now=LATER - timedelta(seconds=1))
    assert {asked.state, ready.state} == {"requested", "approved"}

    lists.expire(session, now=LATER)
    lists.expire(session, now=LATER)

    assert (asked.state, ready.state, asked.version) == ("expired", "expired", 2)


def test_an_export_is_its_askers_and_of_those_who_watch(session, district, asked, other):
    discipline = make.officer(session, district.office, Role.DISCIPLINE)
    for by in (district.west.clerk, other, discipline):
        assert lists.find_export(session, asked.id, by=by) is asked
        assert lists.exports(session, by=by, limit=9) == [asked]
    for by in (district.west.leader, district.east.clerk, district.intake):
        assert lists.exports(session, by=by, limit=9) == []
        with pytest.raises(NoSuchExport):
            lists.find_export(session, asked.id, by=by)
    for seen, refusal in ((None, Unconditional), (9, Stale)):
        with pytest.raises(refusal):
            lists.lock_export(session, asked.id, by=other, expected_version=seen)


def test_the_database_shows_a_town_its_persons_exports_alone(session, district, asked):
    session.flush()
    seen = {}
    for actor in (district.west.clerk, district.west.leader, district.east.clerk, district.supervisor):
        with session.begin_nested() as inside:
            take_role(
                session, actor.database_role, {"org": str(actor.org_id), "account": str(actor.account_id)}
            )  # fmt: skip
            seen[actor.account_id] = set(session.scalars(select(Export.id)))
            inside.rollback()

    assert list(seen.values()) == [{asked.id}, set(), set(), {asked.id}]


def test_q5_a_leaked_text_tells_whose_download_it_was_copied_from(session, district, asked, other):
    clerk = district.west.clerk
    lists.approve(session, asked, comment="同意", by=other, now=SOON)
    lines = list(csv.reader(io.StringIO(fetch(session, asked, clerk).decode("utf-8-sig"))))
    leaked = f"据悉{lines[1][5]}有隐患未整改"
    assert lists.trace_text(session, leaked, by=other) == [asked]
    assert lists.trace_text(session, "据悉某路存在隐患", by=other) == []
    assert lists.trace_text(session, f"据悉{hidden('0' * 16)}", by=other) == []
    with pytest.raises(NotAllowed):
        lists.trace_text(session, leaked, by=clerk)
