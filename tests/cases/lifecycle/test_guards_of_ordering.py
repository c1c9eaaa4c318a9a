"""T8: by which criterion a hazard is major (F18, F85, X29), and what keeps people safe until it is rectified."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from cases import handling
from cases.lifecycle.checked import Criterion
from cases.lifecycle.guards import Incomplete
from cases.models.handling import Order, Verdict, Visit
from cases.models.policy import ReasonCode
from cases.policy import UnknownReason
from tests import make
from tests.walk import MAJOR, PLAN, Walk, order_draft


def order(walk, by=None, **facts):
    facts.setdefault("due_at", walk.now + timedelta(days=10))
    draft = order_draft(**facts)
    return handling.order(walk.session, walk.case, draft=draft, by=by or walk.town.leader, now=walk.now)


def missing(refusal):
    return refusal.value.extra["missing"]


@pytest.mark.parametrize("clause", ["", " ", "x", "很严重", "条款"])
def test_x29_f85_a_major_hazard_is_one_by_a_criterion_of_the_list_and_its_clause(walk, session, clause):
    walk.proposed()
    leader = walk.district.fire_leader
    with pytest.raises(Incomplete) as refusal:
        order(walk, by=leader, grade="major", criterion=Criterion("fire", clause))
    assert (missing(refusal), refusal.value.pointer) == (["criterion"], "/criterion/clause")
    with pytest.raises(UnknownReason) as unknown:
        order(walk, by=leader, grade="major", criterion=Criterion("很严重", "第一条"))
    assert unknown.value.pointer == "/criterion/code"
    session.execute(update(ReasonCode).where(ReasonCode.code == "fire").values(active=False))
    with pytest.raises(UnknownReason):
        order(walk, by=leader, grade="major", criterion=MAJOR)


def test_f18_what_was_cited_is_kept_with_its_row_and_printed_in_full(walk, session):
    walk.ordered(grade="major", by=walk.district.fire_leader)
    kept = session.scalars(select(Verdict).where(Verdict.case_id == walk.case.id)).one()
    assert (kept.criterion_code, kept.criterion_version, kept.criterion_clause) == ("fire", 1, "第6.1.1条")
    assert kept.criterion == "《重大火灾隐患判定方法》（GB 35181-2017）第6.1.1条"


def test_x29_a_general_hazard_cites_none(walk, session):
    walk.proposed()
    order(walk, criterion=MAJOR)
    kept = session.scalars(select(Verdict).where(Verdict.case_id == walk.case.id)).one()
    assert (kept.grade, kept.criterion, kept.criterion_code) == ("general", None, None)


@pytest.mark.parametrize("why", ["danger", "major", "suspend"])
def test_t8_where_it_is_dangerous_the_order_says_what_keeps_people_safe(session, district, why):
    walk = Walk(session, district, category="PUB-01" if why == "danger" else "FIR-02").proposed()
    facts = {"by": district.fire_leader, "grade": "major"} if why == "major" else {}
    if why == "suspend":
        facts["consequences"] = make.UNDECIDED | {"suspend": {"decided": True, "reason": "随时可能起火"}}
    with pytest.raises(Incomplete) as refusal:
        order(walk, plan=PLAN | {"interim": " "}, **facts)
    assert (missing(refusal), refusal.value.pointer) == (["interim"], "/plan/interim")
    order(walk, **facts)
    assert session.scalars(select(Order.interim_measures)).one() == PLAN["interim"]


def test_t8_where_nobody_is_in_danger_or_it_was_fixed_on_the_spot_none_are_asked_for(session, district):
    order(Walk(session, district).proposed(), plan=PLAN | {"interim": ""})
    fixed = Walk(session, district, category="PUB-01").proposed()
    visit = session.scalars(select(Visit).where(Visit.case_id == fixed.case.id)).one()
    make.pictures(session, fixed.case, "before", "after", at=visit.started_at)
    order(fixed, plan={}, due_at=None, fixed_on_spot=True)
    assert fixed.case.state == "acceptance"
