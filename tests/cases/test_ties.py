"""Q10: whoever has declared a relation to what a case is about neither reads nor handles it, nor is given it."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from cases import access, handling, routing, supervision, ties
from cases.handling.visit import CheckIn
from cases.models.case import Notice
from cases.ties import TiedToIt
from kit.db import take_role
from people import relations
from people.roles import Role
from tests import make
from tests.make import NOW
from tests.walk import Walk

WORKS = "宏达烟花厂"


@pytest.fixture
def case(session, district):
    """Dispatched to the west, at the works of somebody's kin."""
    made = Walk(session, district, now=NOW - timedelta(hours=1)).dispatched().case
    made.place_text = f"望西街道{WORKS}东侧仓库"
    session.flush()
    return made


def declare(session, actor, name=WORKS):
    return relations.declare(session, name=name, kind="kin", by=actor, now=NOW)


def read_and_locked(session, case, actor):
    access.find(session, case.id, by=actor)
    return access.lock(session, case.id, by=actor, expected_version=case.version)


def test_q10_whoever_is_tied_to_it_neither_reads_nor_changes_it_and_others_do(session, district, case):
    west = district.west
    declare(session, west.officer)
    for look in (access.find, lambda *a, **k: access.lock(*a, **k, expected_version=case.version)):
        with pytest.raises(TiedToIt) as refusal:
            look(session, case.id, by=west.officer)
        assert refusal.value.extra == {"accounts": [west.officer.account_id]}
    for other in (west.clerk, west.colleague, west.leader, district.supervisor):
        assert read_and_locked(session, case, other) is case


@pytest.mark.parametrize("written", ["宏达烟花厂", "宏达 烟花厂", "宏达·烟花厂", "宏达烟花厂 "])
def test_q10_a_name_is_found_however_it_was_written(session, district, case, written):
    declare(session, district.west.officer, written)
    assert ties.among(session, case, [district.west.officer.account_id]) == [district.west.officer.account_id]


def test_q10_a_relation_to_something_else_or_one_that_has_ended_ties_nobody(session, district, case):
    declare(session, district.west.officer, "宏远烟花厂")
    was = declare(session, district.west.officer)
    relations.end(session, was.id, by=district.west.officer, now=NOW)
    assert read_and_locked(session, case, district.west.officer) is case


def test_q10_the_party_of_an_order_and_the_extract_are_compared_as_well(session, district):
    case = make.case(session, district.west.org, state="rectifying")
    declare(session, district.west.officer, "赵某某")
    declare(session, district.west.colleague, WORKS)
    assert ties.among(session, case, [district.west.officer.account_id, district.west.colleague.account_id]) == []
    make.order(session, case, district.west.leader).responsible_party = "赵某某（个体）"
    case.extract, case.extract_confirmed_at = f"{WORKS}门口堆放成品", NOW
    session.flush()
    with pytest.raises(TiedToIt):
        access.find(session, case.id, by=district.west.officer)
    with pytest.raises(TiedToIt):
        access.find(session, case.id, by=district.west.colleague)


def test_q10_it_is_given_to_nobody_who_is_tied_to_it_and_whoever_gives_it_does_not_learn_by_what(
    session, district, case
):
    west = district.west
    declare(session, west.officer)
    with pytest.raises(TiedToIt) as refusal:
        handling.sign(session, case, person_id=west.officer.account_id, by=west.clerk, now=NOW)
    assert WORKS not in str(vars(refusal.value)) + str(refusal.value)
    assert case.state == "dispatched"
    handling.sign(session, case, person_id=west.colleague.account_id, by=west.clerk, now=NOW)
    check_in = CheckIn("verification", None, [west.officer.account_id], "无信号")
    with pytest.raises(TiedToIt):
        handling.start_visit(session, case, check_in=check_in, by=west.colleague, now=NOW)
    with pytest.raises(TiedToIt):
        supervision.hand_over(
            session, from_id=west.colleague.account_id, to_id=west.officer.account_id, reason="调岗", by=west.leader,
            now=NOW,
        )  # fmt: skip


def test_q10_c2_a_second_account_of_the_same_person_is_kept_away_too(session, district, case):
    declare(session, district.west.officer)
    elsewhere = make.officer(session, district.office, Role.SAFETY_OFFICE)
    same = type(elsewhere)(**{**vars(elsewhere), "also": frozenset({district.west.officer.account_id})})
    assert read_and_locked(session, case, elsewhere) is case
    with pytest.raises(TiedToIt):
        access.find(session, case.id, by=same)


def test_q10_where_no_leader_is_left_the_safety_office_is_told_when_it_is_dispatched(session, district):
    west = district.west

    def told():
        kinds = select(Notice.id).where(Notice.kind == "leaders_tied")
        return len(session.scalars(kinds).all())

    def dispatched():
        case = make.case(session, place_text=f"{WORKS}仓库")
        return routing.dispatch(session, case, to=west.org, by=district.intake, now=NOW)

    declare(session, west.clerk)
    case = dispatched()
    assert told() == 0
    assert (
        session.scalars(
            select(Notice.id).where(Notice.case_id == case.id, Notice.account_id == west.clerk.account_id)
        ).all()
        == []
    )  # who is tied to it does not hear of it
    declare(session, west.leader)
    dispatched()
    assert told() == 1


def test_q10_an_office_reads_no_declaration_of_others_and_asks_only_whom_it_keeps_away(session, district, case):
    declare(session, district.west.officer)
    clerk = district.west.clerk
    take_role(session, "jz_town", {"org": str(clerk.org_id), "account": str(clerk.account_id)})
    assert session.scalar(text("select count(*) from handling.declared_relation")) == 0
    assert ties.among(session, case, [district.west.officer.account_id]) == [district.west.officer.account_id]
    session.execute(text("reset role"))
    take_role(session, "jz_public", {})
    with pytest.raises(ProgrammingError, match="permission denied"):
        session.scalar(text("select handling.tied_to(gen_random_uuid(), '{1}')"))
