"""Two at once about whose a case is and whether a report is one: one act goes through, nothing is lost in between."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from cases import access, disputes, handling, triage
from cases.disputes.requests import Plea
from cases.lifecycle.closing import GuardsOpen
from cases.models.case import Case
from cases.models.decisions import Refusal
from cases.models.dispute import ReturnRequest
from cases.models.reply import Recheck
from cases.models.report import Report
from cases.routing import place
from cases.triage.accept import ClosedAlready
from kit.errors import Stale
from people import sign_in
from people.models import SignInAttempt
from people.roles import Role
from tests import make
from tests.cases.test_races import at_once
from tests.desk import waiting
from tests.make import NOW
from tests.refusals import all_are_drawn, rechecks, refused
from tests.walk import Walk


@pytest.fixture
def district(committing):
    with committing() as session:
        return make.district(session)


@pytest.fixture
def report(committing, district):
    with committing() as session:
        return waiting(session)


def test_two_desks_do_not_both_decide_on_a_report(committing, district, report):
    with committing() as session:
        second = make.officer(session, district.office, Role.INTAKE_OFFICER)

    def refuse():
        with committing() as session:
            held = triage.lock(session, report.id, by=district.intake, expected_version=report.version)
            triage.propose_refusal(
                session, held, reason="not_safety", text="-", evidence="", by=district.intake, now=NOW
            )

    def accept():
        with committing() as session:
            held = triage.lock(session, report.id, by=second, expected_version=report.version)
            triage.accept(session, held, place(session, held), category_code="FIR-02", by=second, now=NOW)

    assert sorted(at_once(refuse, accept), key=str) == sorted([None, Stale], key=str)
    with committing() as session:
        accepted = session.get_one(Report, report.id).state == "accepted"
        refused = session.scalar(select(func.count()).where(Refusal.state == "proposed"))
    assert accepted != bool(refused)


def test_x18_a_report_that_is_merged_while_its_case_closes_is_not_lost(committing, district, report):
    """Either the case closes and takes no report, or it takes it and waits for one more reply (G-REP)."""
    with committing() as session:
        walk = Walk(session, district).closable()
        case, leader = walk.case, walk.town.leader
        session.get_one(Report, report.id).emergency = "none"  # which would make the case another one to its leader

    def close():
        with committing() as session:
            held = access.lock(session, case.id, by=leader, expected_version=case.version)
            handling.close(session, held, note="办结", by=leader, now=walk.now)

    def merge():
        with committing() as session:
            held = triage.lock(session, report.id, by=district.intake, expected_version=report.version)
            where = place(session, held)
            triage.merge(session, held, case.id, where, evidence="同一处", by=district.intake, now=NOW)

    outcomes = set(at_once(close, merge))
    with committing() as session:
        state = session.get_one(Case, case.id).state
        joined = session.get_one(Report, report.id).state
    assert (outcomes, state, joined) in (
        ({None, ClosedAlready}, "closed", "in_review"),
        ({None, GuardsOpen}, "closure_review", "accepted"),
    )


def test_t4_a_case_is_signed_for_or_given_back_and_not_both_on_one_view(committing, district):
    with committing() as session:
        case = Walk(session, district).dispatched().case
    who = district.west

    def sign():
        with committing() as session:
            held = access.lock(session, case.id, by=who.clerk, expected_version=case.version)
            handling.sign(session, held, person_id=who.officer.account_id, by=who.clerk, now=NOW)

    def give_back():
        with committing() as session:
            held = access.lock(session, case.id, by=who.leader, expected_version=case.version)
            plea = Plea("not_my_duty", "-", proposed_org_id=district.east.org.id)
            disputes.ask_return(session, held, plea=plea, by=who.leader, now=NOW)

    assert sorted(at_once(sign, give_back), key=str) == sorted([None, Stale], key=str)
    with committing() as session:
        state = session.get_one(Case, case.id).state
        asked = session.scalar(select(func.count()).select_from(ReturnRequest))
    assert (state, asked) in (("signed", 0), ("arbitrating", 1))


def test_guesses_that_are_sent_at_once_are_counted_one_by_one(committing, district):
    def guess():
        with committing() as session:
            assert sign_in.sign_in(session, "nobody", "wrong password", now=NOW) is None

    assert at_once(*[guess] * 4) == [None] * 4
    with committing() as session:
        assert session.scalars(select(SignInAttempt.failures)).one() == 4


def test_r6_of_two_who_look_at_a_refusal_again_one_decides_and_of_two_draws_one_draws(committing, district):
    with committing() as session:
        other = make.officer(session, district.office, Role.SAFETY_OFFICE)
        all_are_drawn(session)
        refused(session, district)
    december = NOW + timedelta(days=7)

    def draw():
        with committing() as session:
            triage.draw_rechecks(session, now=december)

    assert at_once(draw, draw) == [None, None]
    with committing() as session:
        (recheck,) = rechecks(session)

    def decide(act, who):
        def once():
            with committing() as session:
                locked = triage.lock_recheck(session, recheck.id, by=who, expected_version=recheck.version)
                act(session, *locked, note="已复查", by=who, now=december)

        return once

    acts = decide(triage.uphold_refusal, district.supervisor), decide(triage.overturn_refusal, other)
    assert sorted(at_once(*acts), key=str) == sorted([None, Stale], key=str)
    with committing() as session:
        state = session.get_one(Recheck, recheck.id).state
        report = session.get_one(Report, recheck.report_id)
        assert (state, report.state) in {("confirmed", "not_accepted"), ("overturned", "in_review")}
