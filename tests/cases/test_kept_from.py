"""Q10: no list, queue, count or export shows an officer a case that they are tied to, from the moment it is known."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from cases import access, lists, notices, queue, ties
from cases.lists import Wanted
from cases.lists.page import stream
from cases.models.case import Case, Notice
from kit.db import take_role
from people import relations
from tests import make
from tests.make import NOW
from tests.walk import Walk

WORKS = "宏达烟花厂"
EVERY_LIST = {"listed", "queued", "exported", "told", "counted"}


@pytest.fixture
def case(session, district):
    """Dispatched to the west, which was told of it."""
    made = Walk(session, district, now=NOW - timedelta(hours=1)).dispatched().case
    made.place_text = f"望西街道{WORKS}东侧仓库"
    session.add(Notice(org_id=district.west.org.id, case_id=made.id, kind="x", text="x", created_at=NOW))
    session.flush()
    return made


def shown(session, case, actor):
    """The kinds of lists in which the actor finds the case, and whether it is counted."""
    rows = session.connection().exec_driver_sql(*queue.page(queue.Filter(), by=actor, limit=50))
    found = {
        "queued": [queue.row(columns).case.id for columns in rows],
        "listed": [row.case.id for row in lists.page(session, Wanted(), by=actor, now=NOW, limit=50)],
        "exported": [row.case.id for row in stream(session, Wanted(), by=actor, now=NOW, most=50)],
        "told": [notice.case_id for notice in notices.unread(session, by=actor, limit=50)],
    }
    counted = {"counted"} if lists.count(session, Wanted(), by=actor, now=NOW) else set()
    return {name for name, ids in found.items() if case.id in ids} | counted


def kept_from(session, case):
    session.flush()
    return session.scalar(select(Case.kept_from).where(Case.id == case.id))


def declare(session, actor, name):
    return relations.declare(session, name=name, kind="kin", by=actor, now=NOW)


def test_q10_from_the_declaration_to_its_end_it_is_in_no_list_of_theirs_and_in_all_of_others(session, district, case):
    west = district.west
    assert shown(session, case, west.officer) == EVERY_LIST
    said = declare(session, west.officer, "宏达·烟花厂")
    assert kept_from(session, case) == [west.officer.account_id]
    assert shown(session, case, west.officer) == set()
    assert not access.may_see(session, west.officer, case)
    with pytest.raises(ties.TiedToIt):  # and whoever has its address is told why
        access.find(session, case.id, by=west.officer)
    assert shown(session, case, west.colleague) == EVERY_LIST
    same = type(west.colleague)(**{**vars(west.colleague), "also": frozenset({west.officer.account_id})})
    assert shown(session, case, same) == set()  # C2: a second account is the same person
    relations.end(session, said.id, by=west.officer, now=NOW)
    assert kept_from(session, case) == []
    assert shown(session, case, west.officer) == EVERY_LIST


def test_q10_what_comes_to_be_known_of_a_case_keeps_it_from_whoever_had_declared_it(session, district, case):
    west = district.west
    people = [west.officer, west.colleague, west.clerk, west.leader]
    for who, name in zip(people, ("周某", "吴某", "郑某", "孙某"), strict=True):
        declare(session, who, name)
    one, two, three, four = (who.account_id for who in people)
    assert kept_from(session, case) == []
    order = make.order(session, case, west.leader)
    order.responsible_party = "周某（个体）"
    assert kept_from(session, case) == [one]
    case.place_text = "吴某家旁的棚子"
    assert kept_from(session, case) == sorted([one, two])
    case.extract, case.extract_confirmed_at = "郑 某在此堆放", NOW
    assert kept_from(session, case) == sorted([one, two, three])
    order.responsible_party = "孙某"
    assert kept_from(session, case) == sorted([two, three, four])


def test_q10_no_office_writes_whom_it_is_kept_from(session, district, case):
    west = district.west
    declare(session, west.officer, WORKS)
    session.flush()
    take_role(session, "jz_town", {"org": str(west.org.id), "account": str(west.officer.account_id)})
    for said in ("'{}'", f"array[{west.colleague.account_id}]"):
        session.execute(text(f'update handling."case" set kept_from = {said} where id = :id'), {"id": case.id})  # noqa: S608
    assert kept_from(session, case) == [west.officer.account_id]


@pytest.mark.parametrize("actor", ["clerk", "supervisor", "fire_officer"])
def test_q10_a_page_of_the_queue_costs_no_look_beyond_the_case(session, district, case, actor):
    """A test of the row that is read anyway: neither another table, nor another row, for each line."""
    who = district.west.clerk if actor == "clerk" else getattr(district, actor)
    statement, values = queue.page(queue.Filter(), by=who, limit=50)
    tables = session.connection().exec_driver_sql(f"explain (format json) {statement}", values).scalar_one()
    assert "declared_relation" not in str(tables)
    assert "kept_from" in str(tables)
