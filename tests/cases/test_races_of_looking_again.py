"""Two at once where something waits for a second look or a decision: one act goes through (T9, M40)."""

import pytest
from sqlalchemy import select

from cases import access, enforcing, handling
from cases.enforcing import ConsequenceDraft
from cases.lifecycle.closing import GuardsOpen
from cases.models.case import Case
from cases.models.referral import Referral
from cases.models.second_look import DecisionTask, SecondLook
from kit.errors import Stale
from tests import accepting, make
from tests.cases.test_races import at_once, in_version_seen
from tests.enforcement import referral
from tests.make import NOW
from tests.walk import Walk


@pytest.fixture
def waiting(committing):
    """An immediate case that was denied and waits for the safety office."""
    with committing() as session:
        walk = Walk(session, make.district(session)).proposed("unsubstantiated")
        walk.case.urgency = "immediate"
        handling.find_unsubstantiated(session, walk.case, comment="未见", by=walk.town.leader, now=walk.now)
        return walk


def looked(committing, walk, verb):
    office = walk.district.supervisor

    def act(session, case):
        look = session.scalars(select(SecondLook).where(SecondLook.case_id == case.id)).one()
        verb(session, case, look, comment="x", by=office, now=walk.now)

    return in_version_seen(committing, walk.case, office, act)


def test_of_two_who_look_again_one_decides(committing, waiting):
    told = at_once(
        looked(committing, waiting, handling.confirm_look), looked(committing, waiting, handling.return_look)
    )
    assert sorted(told, key=str) == sorted([None, Stale], key=str)
    with committing() as session:
        state = session.scalars(select(SecondLook.state).where(SecondLook.case_id == waiting.case.id)).one()
        case = session.get_one(Case, waiting.case.id)
        assert (state, case.state, case.outcome) in {
            ("confirmed", "closure_review", "unsubstantiated"), ("returned", "verifying", None),
        }  # fmt: skip


def test_a_case_is_not_closed_while_it_is_sent_back(committing, waiting):
    office, seen = waiting.district.supervisor, waiting.case.version

    def close():
        with committing() as session:
            case = access.lock(session, waiting.case.id, by=office, expected_version=seen)
            handling.close(session, case, note="办结", by=office, now=waiting.now)

    told = at_once(looked(committing, waiting, handling.return_look), close)
    assert None in told
    assert set(told) & {Stale, GuardsOpen}
    with committing() as session:
        assert session.get_one(Case, waiting.case.id).state == "verifying"


def test_of_two_leaders_one_decides_and_one_referral_is_made(committing):
    with committing() as session:
        walk = Walk(session, make.district(session)).completed()
        accepting.fail(session, walk.case, note="x", findings=["x"], by=walk.town.colleague, now=walk.now)
        walk.complete_again()
        accepting.fail(session, walk.case, note="x", findings=["x"], by=walk.town.colleague, now=walk.now)
    leader, seen = walk.town.leader, walk.case.version

    def decide():
        with committing() as session:
            case = access.lock(session, walk.case.id, by=leader, expected_version=seen)
            task = session.scalars(select(DecisionTask).where(DecisionTask.case_id == case.id)).one()
            draft = ConsequenceDraft("refer", None, "安全生产法", "屡改不力", referral=referral())
            enforcing.decide_after_failure(session, case, task, draft, by=leader, now=NOW)

    assert sorted(at_once(decide, decide), key=str) == sorted([None, Stale], key=str)
    with committing() as session:
        assert len(session.scalars(select(Referral).where(Referral.case_id == walk.case.id)).all()) == 1
