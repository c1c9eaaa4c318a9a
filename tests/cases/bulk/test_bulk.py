"""Acts on many cases: a preview that leaves nothing, an answer for each, once for each id."""

from concurrent.futures import ThreadPoolExecutor
from typing import get_args
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from cases import access, bulk
from cases.bulk import Chosen, IdReused, Repeated, Sign, TooManyCases, Urge
from cases.models.case import Case, CaseEvent, Notice, Task
from cases.models.job import Job
from cases.models.supervision import UrgeOrder
from people.roles import Role
from tests import make
from tests.make import NOW


@pytest.fixture
def cases(session, district):
    """Two that can be signed for, one that was, one of the neighbours."""
    west, east = district.west.org, district.east.org
    states = ((west, "dispatched"), (west, "dispatched"), (west, "signed"), (east, "dispatched"))
    return [make.case(session, org, state=state) for org, state in states]


def chosen(cases, version=1):
    return [Chosen(case.id, version) for case in cases]


def counts(session):
    return [session.scalar(select(func.count()).select_from(table)) for table in (CaseEvent, Notice, Job, UrgeOrder)]


def sign(district):
    return Sign(district.west.officer.account_id)


def test_a_preview_says_what_each_would_answer_and_leaves_nothing(session, district, cases):
    before = counts(session)

    answers = bulk.preview(session, sign(district), chosen(cases), by=district.west.clerk, now=NOW)

    assert [answer.code for answer in answers] == [None, None, "case.not_in_state", "case.unknown"]
    assert answers[0].version == 2
    assert answers[2].told["rule"] == "T3"
    assert counts(session) == before
    assert [case.state for case in session.scalars(select(Case).order_by(Case.number))][:2] == ["dispatched"] * 2
    assert set(session.scalars(select(Task.state))) == {"open"}


def test_it_answers_as_the_preview_did_and_does_what_it_can(session, district, cases):
    """T3: a refusal of one case leaves the others done."""
    by = district.west.clerk
    expected = bulk.preview(session, sign(district), chosen(cases), by=by, now=NOW)

    answers, is_new = bulk.do(session, sign(district), chosen(cases), client_id=uuid4(), by=by, now=NOW)

    assert (answers, is_new) == (expected, True)
    states = [session.get_one(Case, case.id).state for case in cases]
    assert states == ["signed", "signed", "signed", "dispatched"]
    signed = select(CaseEvent.case_id).where(CaseEvent.kind == "signed")
    assert set(session.scalars(signed)) == {cases[0].id, cases[1].id}


def test_the_guard_that_refused_is_told(session, district, cases):
    """T3: a leader of another body may not sign here; the district sees the case and is told why."""
    stranger = make.officer(session, district.office, Role.TOWN_CLERK)

    (answer,) = bulk.preview(session, Sign(stranger.account_id), chosen(cases[:1]), by=stranger, now=NOW)

    assert (answer.code, answer.told["guard"]) == ("case.not_your_body", "of_responsible_body")


def test_each_case_is_done_in_the_version_that_was_seen(session, district, cases):
    by = district.west.clerk
    stale = [Chosen(cases[0].id, 7), Chosen(cases[1].id, 1)]

    answers, _ = bulk.do(session, sign(district), stale, client_id=uuid4(), by=by, now=NOW)

    assert [answer.code for answer in answers] == ["case.changed", None]
    assert answers[0].told["current"]["version"] == 1


def test_the_same_id_is_done_once_and_another_act_under_it_is_refused(session, district, cases):
    by, client_id, act = district.supervisor, uuid4(), Urge("reminder", "请尽快核查")
    first, _ = bulk.do(session, act, chosen(cases), client_id=client_id, by=by, now=NOW)
    before = counts(session)

    again, is_new = bulk.do(session, act, chosen(cases), client_id=client_id, by=by, now=NOW)

    assert (again, is_new) == (first, False)
    assert counts(session) == before
    assert len(set(session.scalars(select(UrgeOrder.case_id)))) == len(cases)
    for other in (Urge("reminder", "别的话"), sign(district)):
        with pytest.raises(IdReused):
            bulk.do(session, other, chosen(cases), client_id=client_id, by=by, now=NOW)
    with pytest.raises(IdReused):
        bulk.do(session, act, chosen(cases[:1]), client_id=client_id, by=by, now=NOW)
    bulk.do(session, sign(district), chosen(cases), client_id=client_id, by=district.west.clerk, now=NOW)  # another's


def test_what_is_too_much_or_said_twice_is_refused_before_anything(session, district, cases):
    make.value(session, "bulk_most_cases", 3)
    before = counts(session)
    for act in (bulk.preview, lambda *a, **k: bulk.do(*a, client_id=uuid4(), **k)):
        with pytest.raises(TooManyCases):
            act(session, sign(district), chosen(cases), by=district.west.clerk, now=NOW)
        with pytest.raises(Repeated):
            act(session, sign(district), chosen([cases[0]] * 2), by=district.west.clerk, now=NOW)
        with pytest.raises(access.ReadsOnly):
            act(session, sign(district), chosen(cases[:1]), now=NOW,
                by=make.officer(session, district.office, Role.DISCIPLINE))  # fmt: skip
    assert counts(session) == before


def test_x54_nothing_that_decides_can_be_done_in_bulk():
    """What closes, voids, decides or penalises is looked at case by case."""
    assert {kind.__name__ for kind in get_args(bulk.Act)} == {"Sign", "Urge"}


def test_two_who_choose_the_same_in_any_order_do_not_wait_for_each_other(committing):
    """Two clerks sign the same cases at once, in opposite orders: each case is signed once, nobody is stuck."""
    with committing() as session:
        district = make.district(session)
        made = [make.case(session, district.west.org, state="dispatched") for _ in range(8)]
        picked, by, act = chosen(made), district.west.clerk, sign(district)

    def run(order):
        with committing() as session:
            return bulk.do(session, act, order, client_id=uuid4(), by=by, now=NOW)[0]

    with ThreadPoolExecutor(2) as pool:
        one, two = pool.map(run, (picked, picked[::-1]))

    codes = [tuple(sorted(filter(None, (a.code, b.code)))) for a, b in zip(one, two[::-1], strict=True)]
    assert codes == [("case.changed",)] * 8
    with committing() as session:
        assert session.scalar(select(func.count()).where(CaseEvent.kind == "signed").select_from(CaseEvent)) == 8
