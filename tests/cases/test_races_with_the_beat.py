"""An officer and the beat at one case at once: an act as its time runs out is neither lost nor done twice."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cases import access, clocks, handling
from cases.models.case import Case, CaseEvent
from cases.models.handling import Completion
from cases.models.supervision import Escalation
from kit.errors import Conflict, Stale
from tests import make
from tests.cases.test_races import at_once
from tests.walk import Walk
from workers.clocks import climb

A_SECOND = timedelta(seconds=1)


@pytest.fixture
def district(committing):
    with committing() as session:
        return make.district(session)


@pytest.fixture
def ordered(committing, district):
    """A case under rectification, with a photo of what was done, whose time to state it is over in a second."""
    with committing() as session:
        walk = Walk(session, district).ordered()
        due_at = running(session, walk.case, "rectify").due_at
        (picture,) = make.pictures(session, walk.case, "after")
        picture.received_at = due_at - 2 * A_SECOND
    return walk.case, due_at


def running(session, case, kind):
    return next(each for each in clocks.running(session, case) if each.kind == kind)


def strikes(committing, case, at):
    def strike():
        with committing() as session:
            climb(session, case.id, now=at)

    return strike


def acts(committing, case, who, act):
    """What an officer does to a case in the version that they have read."""

    def do():
        with committing() as session:
            act(session, access.lock(session, case.id, by=who, expected_version=case.version))

    return do


def kinds(session, case):
    return list(session.scalars(select(CaseEvent.kind).where(CaseEvent.case_id == case.id).order_by(CaseEvent.seq)))


def test_a_statement_in_the_last_second_and_the_end_of_the_time_are_one_completion(committing, district, ordered):
    case, due_at = ordered
    officer = district.west.officer

    def state(session, held):
        handling.complete(session, held, statement="已整改", by=officer, now=due_at - A_SECOND)

    came = at_once(acts(committing, case, officer, state), strikes(committing, case, due_at + A_SECOND))
    assert came.count(None) == 2 or [each for each in came if each] == [Stale]
    with committing() as session:
        (completion,) = session.scalars(select(Completion).where(Completion.case_id == case.id)).all()
        assert session.get_one(Case, case.id).state == "acceptance"
        # Whoever came first has made the case what it is, and nothing tells otherwise.
        noted = kinds(session, case)
        assert (completion.stated_by == officer.account_id) == ("overdue" not in noted) == (came.count(None) == 2)


def test_an_extension_granted_as_the_time_ends_is_either_in_time_or_refused(committing, district, ordered):
    case, due_at = ordered
    officer, leader = district.west.officer, district.west.leader
    with committing() as session:
        held = session.get_one(Case, case.id, with_for_update=True)
        wish = handling.request_extension(
            session, held, clock_id=running(session, held, "rectify").id, new_due_at=due_at + timedelta(days=1),
            reason="材料未到", by=officer, now=due_at - timedelta(days=5),
        )  # fmt: skip
        case = held

    def grant(session, held):
        wished = handling.find_extension(session, held, wish.id)
        handling.grant_extension(session, held, wished, comment="同意", by=leader, now=due_at - A_SECOND)

    came = at_once(acts(committing, case, leader, grant), strikes(committing, case, due_at + A_SECOND))
    refused = [each for each in came if each]
    with committing() as session:
        rungs = set(session.scalars(select(Escalation.rung).where(Escalation.case_id == case.id)))
        over = "overdue" in kinds(session, case)
        assert all(issubclass(each, (Conflict, Stale)) for each in refused)
        assert over == bool(refused)
        still = session.get_one(Case, case.id).state == "rectifying"
        assert still == (not refused)
        assert not still or running(session, session.get_one(Case, case.id), "rectify").due_at > due_at
        assert over or "red" not in rungs


def test_a_case_that_closes_as_its_whole_time_ends_is_told_late_once_or_not_at_all(committing, district):
    with committing() as session:
        walk = Walk(session, district).closable()
        case, leader = walk.case, walk.town.leader
        due_at = running(session, case, "total").due_at

    def close(session, held):
        handling.close(session, held, note="办结", by=leader, now=due_at - A_SECOND)

    late = strikes(committing, case, due_at + A_SECOND)
    assert at_once(acts(committing, case, leader, close), late, late) == [None] * 3
    late()
    with committing() as session:
        noted = kinds(session, case)
        assert session.get_one(Case, case.id).state == "closed"
        assert noted.count("overdue") <= 1
        assert "overdue" not in noted[noted.index("closed") :]
