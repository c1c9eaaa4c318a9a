"""Two people at once: one act goes through, the other is told (two real transactions)."""

import threading
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from cases import access, handling
from cases.models.case import CaseEvent, Clock
from cases.models.exposure import Exposure
from cases.models.handling import Verdict, Visit
from kit.errors import Stale
from tests import make
from tests.cases.exposures import draft
from tests.make import NOW
from tests.walk import Walk


@pytest.fixture
def district(committing):
    with committing() as session:
        return make.district(session)


def at_once(*acts):
    """Run acts on threads of their own; gives what each raised, or None."""
    outcomes: list[type[BaseException] | None] = []
    ready = threading.Barrier(len(acts))

    def run(act):
        ready.wait()
        try:
            act()
        except BaseException as failure:  # noqa: BLE001 - the test looks at it
            outcomes.append(type(failure))
        else:
            outcomes.append(None)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def in_version_seen(committing, case, who, act):
    """What somebody does to a case as they saw it, in a transaction of its own: for `at_once`."""
    seen = case.version

    def acts():
        with committing() as session:
            act(session, access.lock(session, case.id, by=who, expected_version=seen))

    return acts


def test_of_two_who_saw_the_same_version_one_acts_and_the_other_is_told(committing, district):
    with committing() as session:
        case = Walk(session, district).dispatched().case
    who = district.west

    def sign():
        with committing() as session:
            held = access.lock(session, case.id, by=who.clerk, expected_version=case.version)
            handling.sign(session, held, person_id=who.officer.account_id, by=who.clerk, now=NOW)

    assert sorted(at_once(sign, sign), key=str) == sorted([None, Stale], key=str)
    with committing() as session:
        signed = select(func.count()).where(CaseEvent.case_id == case.id, CaseEvent.kind == "signed")
        assert session.scalar(signed) == 1


def test_of_two_closings_one_closes(committing, district):
    with committing() as session:
        walk = Walk(session, district).closable()
        case, leader = walk.case, walk.town.leader

    def close():
        with committing() as session:
            held = access.lock(session, case.id, by=leader, expected_version=case.version)
            handling.close(session, held, note="办结", by=leader, now=walk.now)

    assert sorted(at_once(close, close), key=str) == sorted([None, Stale], key=str)


# --- what the database itself holds


def refused(session, constraint, *rows):
    attempt = session.begin_nested()
    session.add_all(rows)
    with pytest.raises(IntegrityError, match=constraint):
        session.flush()
    attempt.rollback()


def test_a_case_has_one_main_task_at_a_time(session):
    west, east = make.town(session), make.town(session)
    case = make.case(session, west.org)
    with pytest.raises(IntegrityError, match="uq_task_main"), session.begin_nested():
        make.task(session, case, east.org, kind="town")
    make.task(session, case, east.org, kind="coop")


def test_m08_a_dispatched_case_has_an_owner(session):
    with pytest.raises(IntegrityError, match="has_owner"):
        make.case(session, state="dispatched")


def test_q2_an_extract_is_confirmed_by_a_person(session):
    with pytest.raises(IntegrityError, match="extract_is_confirmed"):
        make.case(session, extract="未经确认")


def test_one_clock_of_a_kind_runs_for_a_case(session):
    case = make.case(session)
    first, second = (
        Clock(
            case_id=case.id, kind="verify", profile_id=case.profile_id, amount=1, unit="cal_d", started_at=NOW,
            due_at=NOW, original_due_at=NOW, provisional=False,
        )
        for _ in range(2)
    )  # fmt: skip
    session.add(first)
    session.flush()
    refused(session, "uq_clock_running", second)


def test_one_visit_and_one_verdict_are_open_at_a_time(session):
    town = make.town(session)
    case = make.case(session, town.org)
    visit = make.visit(session, case, town.officer, state="open", completed_at=None)
    refused(
        session, "uq_visit_open",
        Visit(
            case_id=case.id, kind="verification", org_id=town.org.id, officer_id=town.officer.account_id, started_at=NOW
        ),
    )  # fmt: skip
    make.verdict(session, case, visit, town.officer)
    with pytest.raises(IntegrityError, match="uq_verdict_open"), session.begin_nested():
        make.verdict(session, case, visit, town.officer)
    session.scalars(select(Verdict)).one().state = "returned"
    make.verdict(session, case, visit, town.officer)


@pytest.mark.parametrize(("column", "value"), [("state", "done"), ("urgency", "soon")])
def test_a_case_has_no_state_or_urgency_of_its_own_making(session, column, value):
    town = make.org(session, "town")
    with pytest.raises(IntegrityError, match=f"ck_case_{column}"):
        make.case(session, town, **{column: value})


def test_entries_of_a_trail_have_a_number_each(session):
    case = make.case(session)
    rows = [CaseEvent(case_id=case.id, seq=1, kind="x", at=NOW, actor="system", actor_name="系统") for _ in range(2)]
    refused(session, "uq_case_event_case_id_seq", *rows)


def test_a_case_is_exposed_on_a_ground_once_at_a_time(session, district_here):
    case = make.case(session, district_here.west.org)
    who = district_here.supervisor.account_id
    first, second = (
        Exposure(
            case_id=case.id, public_id=uuid4().hex, state="drafting", drafted_by=who, drafted_at=NOW,
            **draft("D").__dict__,
        )
        for _ in range(2)
    )  # fmt: skip
    session.add(first)
    session.flush()
    refused(session, "uq_exposure_live", second)


@pytest.fixture
def district_here(session):
    return make.district(session)
