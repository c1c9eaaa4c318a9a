"""M74, M77: what a rung leaves to the safety office has a date, and it and its director hear of a late one, once."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from cases import supervision
from cases.journey import Step
from cases.models.case import Notice
from cases.models.job import Job
from cases.models.supervision import BulletinEntry, Interview
from cases.policy.calendar_years import enter_year
from cases.supervision import bulletins, interviews
from cases.supervision.interviews import Record
from people import leaders
from people.leaders import Naming
from tests import make
from tests.cases.supervision.conftest import A_DAY
from tests.make import NOW
from workers import sweeps

FRIDAY, TUESDAY = NOW.replace(hour=16) + 3 * A_DAY, NOW.replace(hour=16) + 7 * A_DAY  # 24:00 of each in Shanghai
A_SECOND = A_DAY / 86400


@pytest.fixture
def director(session, district):
    account_id = make.officer(session, district.office).account_id
    naming = Naming(district.office.id, "赵某", "安委办主任", "government", "安委办", NOW.date(), account_id=account_id)
    leaders.assign(session, naming, by=district.supervisor, now=NOW)
    return account_id


@pytest.fixture
def talk(session, district, case):
    return interviews.plan(
        session, case, org_id=district.west.org.id, topic="逾期", kind="interview", by=district.supervisor, now=NOW
    )


@pytest.fixture
def entry(session, district, case):
    bulletins.put_up(session, case, district.west.org.id, clock=None, leaders=[], now=NOW)
    return session.scalars(select(BulletinEntry)).one()


@pytest.fixture
def jobs(session):
    """How many jobs a sweep makes for cases whose clocks have no rung to come."""

    def _jobs(now):
        session.flush()
        before = session.scalars(select(Job.id)).all()
        sweeps.find_overdue(session, now=now)
        return len(session.scalars(select(Job.id).where(Job.step == str(Step.CLIMB), Job.id.not_in(before))).all())

    return _jobs


def test_m77_an_interview_is_to_be_held_and_an_entry_to_be_issued_in_so_many_working_days(talk, entry):
    assert (talk.due_at, talk.provisional) == (FRIDAY, False)
    assert (entry.due_at, entry.provisional) == (TUESDAY, False)


@pytest.mark.parametrize(("owed", "until"), [("talk", FRIDAY), ("entry", TUESDAY)])
def test_what_is_late_is_told_to_the_office_and_its_director_once(
    request, session, district, case, clock, director, told, jobs, owed, until
):
    thing = request.getfixturevalue(owed)
    clock.ladder_at = until + 90 * A_DAY
    assert jobs(until - A_SECOND) == 0
    supervision.tell_owed(session, case, now=until - A_SECOND)
    assert told() == []
    assert jobs(until) == 1
    for later in range(3):
        supervision.tell_owed(session, case, now=until + later * A_DAY)
    assert told() == [("overdue", district.supervisor.account_id), ("overdue", director)]
    assert thing.overdue_told_at == until
    words = set(session.scalars(select(Notice.text)))
    assert all(case.number in each and district.west.org.name_zh in each for each in words)


@pytest.mark.parametrize("settled", ["held", "dropped", "issued", "struck"])
def test_what_was_seen_to_in_time_is_not_told(session, district, case, clock, told, jobs, talk, entry, settled):
    by = district.supervisor
    clock.ladder_at = NOW + 90 * A_DAY
    if settled in {"held", "dropped"}:
        entry.overdue_told_at = NOW
    else:
        talk.overdue_told_at = NOW
    if settled == "held":
        record = Record(NOW, "镇长 李某", "三日内完成核查", NOW + 90 * A_DAY)
        interviews.hold(session, case, talk, record, by=by, now=NOW)
    elif settled == "dropped":
        interviews.drop(session, case, talk, reason="已办结", by=by, now=NOW)
    elif settled == "issued":
        make.value(session, "urge_reply_work_d", {"reminder": 1, "urge_order": 1, "interview": 3, "notify_all": 90})
        bulletins.issue(session, [entry.id], text="望西镇逾期", by=by, now=NOW)
    else:
        bulletins.strike(session, entry.id, reason="时限计算有误", by=by, now=NOW)
    before = told()
    assert jobs(TUESDAY) == 0
    supervision.tell_owed(session, case, now=TUESDAY)
    assert told() == before


def test_two_interviews_of_one_body_that_are_late_together_are_one_line(session, district, case, talk, told):
    interviews.plan(
        session, case, org_id=district.west.org.id, topic="再", kind="interview", by=district.supervisor, now=NOW
    )
    supervision.tell_owed(session, case, now=FRIDAY)
    assert told() == [("overdue", district.supervisor.account_id)]


def test_d2_a_date_that_waits_for_a_calendar_is_counted_again_and_never_earlier(session, district, case):
    now = datetime(2026, 12, 30, 2, tzinfo=UTC)  # a Wednesday
    by, org_id = district.supervisor, district.west.org.id
    talk = interviews.plan(session, case, org_id=org_id, topic="逾期", kind="interview", by=by, now=now)
    bulletins.put_up(session, case, org_id, clock=None, leaders=[], now=now)
    entry = session.scalars(select(BulletinEntry)).one()
    assert talk.provisional
    assert entry.provisional
    assert case.id not in supervision.find_recountable(session, now=now)
    was = (talk.due_at, entry.due_at)
    enter_year(session, 2027, {date(2027, 1, day): ("rest", "元旦") for day in (1, 2, 3, 4)}, source="国办2027")
    assert case.id in supervision.find_recountable(session, now=now)
    supervision.recount(session, case, now=now)
    assert not talk.provisional
    assert not entry.provisional
    assert (talk.due_at, entry.due_at) > was
    assert case.id not in supervision.find_recountable(session, now=now)


def test_m74_the_rungs_of_order_and_interview_are_told_to_the_safety_office(session, district, case, climb, told):
    for days in (1, 3, 5):
        climb(days)
    climb(7)
    for kind in ("urge_order", "interview"):
        assert (kind, district.supervisor.account_id) in told(kind)
    assert session.scalars(select(Interview.due_at)).one() > NOW
