"""M15, M64: a look-back or review of somebody who is away goes to no substitute; the safety office hears of it once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from cases import aftercare, supervision
from cases.journey import Step
from cases.models.aftercare import LookBack, Review
from cases.models.case import Case, Notice
from cases.models.job import Job
from people import absences
from people.absences import Leave
from people.models import Account
from people.roles import Role
from tests import make
from tests.cases.test_races import at_once, in_version_seen
from tests.desk import notices
from tests.looking_back import DAY, arrived, closed, pictured, planned
from tests.walk import Walk
from workers import clocks as jobs_of_clocks
from workers import sweeps

KIND = "errand_without_person"
A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def others(walk):
    """Three people of a department that has nothing to do with the case."""
    return strangers(walk.session)


def strangers(session):
    school = make.org(session, "department", department_kind="education")
    return [make.officer(session, school, Role.DEPT_OFFICER) for _ in range(3)]


def look_back(walk):
    """The first look-back of a closed case; and how it is given to somebody."""
    look = planned(closed(walk))[0]
    return look, lambda who: aftercare.assign(
        walk.session, walk.case, look, account_id=who.account_id, by=walk.district.supervisor, now=walk.now
    )


def review(walk):
    """A review of a closed case; and how it is given to somebody."""
    closed(walk)
    asked = Review(
        id=uuid4(), case_id=walk.case.id, state="requested", version=1, opened_at=walk.now, due_at=walk.now + 10 * DAY
    )
    walk.session.add(asked)
    walk.session.flush()
    return asked, lambda who: aftercare.assign_review(
        walk.session, walk.case, asked, account_id=who.account_id, by=walk.district.supervisor, now=walk.now
    )


def leaves(walk, who, substitute, *, until, since=None):
    leave = Leave(who.account_id, substitute.account_id, since or walk.now, until, "病假")
    return absences.enter(walk.session, leave, by=who, now=walk.now)


def sweep(session, now):
    """What beat and a worker do of it."""
    found = supervision.find_absent(session, now=now)
    for case_id in found:
        jobs_of_clocks.stand_in(session, case_id, now=now)
    return found


@pytest.mark.parametrize("errand", [look_back, review])
def test_m15_the_safety_office_hears_once_of_whoever_is_away_when_it_is_due(walk, others, errand):
    thing, give = errand(walk)
    who, substitute, _ = others
    give(who)
    begins = walk.now + DAY
    leaves(walk, who, substitute, since=begins, until=thing.due_at + A_MINUTE)
    assert sweep(walk.session, begins - A_MINUTE) == []
    assert sweep(walk.session, begins) == [walk.case.id]
    assert sweep(walk.session, begins + A_MINUTE) == []
    [told] = notices(walk.session, KIND)
    assert (told.account_id, told.case_id) == (walk.district.supervisor.account_id, walk.case.id)
    assert thing.assignee_id == who.account_id  # whoever stands in may have handled the case


@pytest.mark.parametrize("errand", [look_back, review])
def test_nobody_is_told_of_whoever_is_back_in_time(walk, others, errand):
    thing, give = errand(walk)
    who, substitute, _ = others
    give(who)
    leaves(walk, who, substitute, until=thing.due_at - A_MINUTE)
    assert sweep(walk.session, walk.now) == []
    leaves(walk, who, substitute, since=thing.due_at - A_MINUTE, until=thing.due_at + DAY)  # and who stays away
    assert sweep(walk.session, thing.due_at - A_MINUTE) == [walk.case.id]


@pytest.mark.parametrize("errand", [look_back, review])
def test_of_the_next_who_is_named_and_away_the_safety_office_hears_again(walk, others, errand):
    thing, give = errand(walk)
    first, second, third = others
    leaves(walk, first, third, until=thing.due_at + DAY)
    leaves(walk, second, third, until=thing.due_at + DAY)
    for who in (first, second):
        give(who)
        assert sweep(walk.session, walk.now) == [walk.case.id]
    give(third)
    assert sweep(walk.session, walk.now) == []
    assert len(notices(walk.session, KIND)) == 2


@pytest.mark.parametrize("errand", [look_back, review])
def test_the_safety_office_hears_of_an_account_that_has_ended(walk, others, errand):
    _, give = errand(walk)
    give(others[0])
    walk.session.get_one(Account, others[0].account_id).active = False
    walk.session.flush()
    assert sweep(walk.session, walk.now) == [walk.case.id]
    assert sweep(walk.session, walk.now) == []
    assert len(notices(walk.session, KIND)) == 1


def test_what_is_done_or_with_nobody_is_left_by_nobody(walk, others):
    look, _ = look_back(walk)
    who, substitute, _ = others
    assert sweep(walk.session, look.due_at) == []
    arrived(walk, look, who)
    pictured(walk.session, walk.case, at=look.due_at, by=who)
    aftercare.confirm(walk.session, walk.case, look, findings="出口畅通", by=who, now=look.due_at)
    leaves(walk, who, substitute, until=look.due_at + DAY)
    assert sweep(walk.session, look.due_at) == []


def test_the_sweep_puts_in_one_job_for_the_case(walk, others):
    look, give = look_back(walk)
    give(others[0])
    leaves(walk, others[0], others[1], until=look.due_at + DAY)
    for _ in range(2):
        sweeps.find_absent(walk.session, now=walk.now)
    jobs = select(Job.subject).where(Job.step == str(Step.STAND_IN))
    assert walk.session.scalars(jobs).all() == [walk.case.id]


def test_two_workers_and_the_naming_of_another_at_once_tell_it_once_at_most(committing):
    with committing() as session:
        walk = Walk(session, make.district(session))
        look, give = look_back(walk)
        who, substitute, another = strangers(session)
        give(who)
        leaves(walk, who, substitute, until=look.due_at + DAY)

    def stand_in():
        with committing() as session:
            jobs_of_clocks.stand_in(session, walk.case.id, now=walk.now)

    def name(session, case):
        held = aftercare.find(session, case, look.id)
        office = walk.district.supervisor
        aftercare.assign(session, case, held, account_id=another.account_id, by=office, now=walk.now)

    named = in_version_seen(committing, walk.case, walk.district.supervisor, name)
    assert at_once(stand_in, named, stand_in) == [None, None, None]
    with committing() as session:
        told = len(session.scalars(select(Notice).where(Notice.kind == KIND)).all())
        held = session.get_one(LookBack, look.id)
        assert told <= 1
        assert (held.assignee_id, held.left_told_at) == (another.account_id, None)
        assert sweep(session, walk.now) == []
        assert session.get_one(Case, walk.case.id).state == "closed"
