"""M61, M44, M66: an enforcement check may begin after the verdict; what it finds is accepted like the rest."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from cases import enforcing, handling
from cases.handling import CheckIn
from cases.handling.visit import VisitOpen
from cases.lifecycle import closing
from cases.lifecycle.certified import NotCertified
from cases.lifecycle.closing import findings as closing_findings
from cases.lifecycle.closing import paper
from cases.lifecycle.guards import Incomplete, NotYourBody, WrongOutcome
from cases.lifecycle.machine import NotInState, NotYourRole
from cases.lifecycle.visit import NoOpenVisit
from cases.models.case import Clock
from cases.models.finding import Finding
from cases.models.handling import Visit
from tests import accepting, answers, desk, make
from tests.enforcement import Bureau
from tests.walk import RECORD, all_passed

AFTER = ("rectifying", "acceptance", "closure_review")


@pytest.fixture
def bureau(session, district):
    return Bureau(session, district)


def go_to(walk, state):
    """The case in one of the states after the verdict, found by people without a certificate."""
    {"rectifying": walk.ordered, "acceptance": walk.completed, "closure_review": walk.accepted}[state]()
    assert walk.case.state == state


def later(walk):
    walk.now += timedelta(hours=1)
    return walk.now


def check(walk, bureau, *, by=None, kind="enforcement", companions=None, at=make.IN_WEST):
    companions = [bureau.officers[1]] if companions is None else companions
    check_in = CheckIn(kind, at, companions, None)
    return handling.start_visit(walk.session, walk.case, check_in=check_in, by=by or bureau.first, now=later(walk))


def record(walk, by, *found):
    made = replace(RECORD, checks=answers.calm(walk.session, walk.case), findings=list(found) or ["出口上锁"])
    return handling.complete_visit(walk.session, walk.case, record=made, by=by, now=later(walk))


@pytest.mark.parametrize("state", AFTER)
def test_m61_a_check_made_after_the_verdict_supports_a_penalty(session, walk, bureau, state):
    """Whoever verified held no certificate: without a check G-PEN could be opened by no penalty at all (M44)."""
    go_to(walk, state)
    penalty = bureau.filed(walk.case, now=walk.now)
    facts = {"findings": "安全出口上锁", "qualification": "消防法第六十条", "by": bureau.first}
    with pytest.raises(Incomplete):
        enforcing.investigate(session, walk.case, penalty, **facts, now=walk.now)
    visit = check(walk, bureau)
    assert (walk.case.state, visit.supports_penalty, len(visit.certificates)) == (state, True, 2)
    assert desk.entries(session, walk.case)[-1] == "check_started"
    with pytest.raises(Incomplete):  # begun is not made
        enforcing.investigate(session, walk.case, penalty, **facts, now=walk.now)
    record(walk, bureau.first)
    enforcing.investigate(session, walk.case, penalty, **facts, now=walk.now)
    assert penalty.state == "investigated"


@pytest.mark.parametrize("state", AFTER)
@pytest.mark.parametrize("kind", ["verification", "patrol"])
def test_t6_nothing_but_an_enforcement_check_begins_after_the_verdict(walk, bureau, state, kind):
    go_to(walk, state)
    with pytest.raises(NotInState):
        check(walk, bureau, kind=kind)


def test_m61_who_may_not_make_it(session, walk, bureau, district):
    go_to(walk, "rectifying")
    refused = {NotYourRole: bureau.leader, NotYourBody: district.east.officer}
    for refusal, who in refused.items():
        with pytest.raises(refusal):
            check(walk, bureau, by=who)
    for too_few, refusal in (([], Incomplete), ([bureau.third.account_id], NotCertified)):
        with pytest.raises(refusal):
            check(walk, bureau, companions=too_few)
    with pytest.raises(Incomplete):  # far away and without a reason
        check(walk, bureau, at=None)
    assert walk.case.state == "rectifying"
    check(walk, bureau)
    with pytest.raises(VisitOpen):
        check(walk, bureau)
    with pytest.raises(NoOpenVisit):
        record(walk, bureau.third)


def test_m61_where_nothing_was_found_there_is_nothing_to_penalise(walk, bureau):
    walk.proposed("unsubstantiated")
    handling.find_unsubstantiated(walk.session, walk.case, comment="同意", by=walk.town.leader, now=walk.now)
    assert walk.case.state == "closure_review"
    make.task(walk.session, walk.case, bureau.org, kind="coop")
    with pytest.raises(WrongOutcome):
        check(walk, bureau)


@pytest.mark.parametrize("state", ["rectifying", "acceptance"])
def test_m66_what_a_check_finds_before_the_acceptance_is_accepted_with_the_rest(session, walk, bureau, state):
    go_to(walk, state)
    check(walk, bureau)
    visit = record(walk, bureau.first, "安全出口上锁", "消火栓无水")
    assert walk.case.state == state
    if state == "rectifying":
        walk.complete_again()
    old = [each for each in all_passed(walk.session, walk.case) if each.finding_id not in found_by(session, visit)]
    with pytest.raises(Incomplete) as refusal:
        accepting.pass_(
            session, walk.case, note="", findings=["畅通"], checks=old, by=walk.town.colleague, now=walk.now
        )
    assert refusal.value.extra["missing"] == [str(each) for each in found_by(session, visit)]


def found_by(session, visit):
    return list(session.scalars(select(Finding.id).where(Finding.visit_id == visit.id).order_by(Finding.position)))


def test_g_acc_what_a_check_finds_after_the_acceptance_goes_to_acceptance_once_more(session, walk, bureau):
    go_to(walk, "closure_review")
    check(walk, bureau)
    assert closing_findings.accepted(session, walk.case) is None
    record(walk, bureau.first, "消火栓无水")
    assert walk.case.state == "acceptance"
    running = select(Clock.kind).where(Clock.case_id == walk.case.id, Clock.stopped_at.is_(None))
    assert "acceptance" in session.scalars(running).all()
    assert [each.account_id for each in desk.notices(session, "more_to_accept")] == [walk.town.leader.account_id]
    assert closing_findings.accepted(session, walk.case).reason == "finding_not_accepted"
    accepting.pass_(
        session,
        walk.case,
        note="合格",
        findings=["已供水"],
        checks=all_passed(walk.session, walk.case),
        by=make.deputy(session, walk.town),
        now=later(walk),
    )
    assert walk.case.state == "closure_review"
    assert closing_findings.accepted(session, walk.case) is None


def test_g_doc_no_case_is_closed_while_the_record_of_a_visit_is_open(session, walk, bureau):
    """M46: begun in acceptance, still open when the acceptance has passed."""
    go_to(walk, "acceptance")
    visit = check(walk, bureau)
    accepting.pass_(
        session,
        walk.case,
        note="合格",
        findings=["畅通"],
        checks=all_passed(walk.session, walk.case),
        by=make.deputy(session, walk.town),
        now=later(walk),
    )
    assert paper.documented(session, walk.case).reason == "record_open"
    assert not {each.code: each.holds for each in closing.panel(session, walk.case)}["G-DOC"]
    record(walk, bureau.first)
    assert session.get_one(Visit, visit.id).completed_at is not None
    assert paper.documented(session, walk.case).reason != "record_open"
    assert walk.case.state == "acceptance"
