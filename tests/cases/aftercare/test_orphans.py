"""M67, M66, M19: whatever is in nobody's hands is found the same night; what is on its way is not."""

import pytest
from sqlalchemy import delete, select, update

from cases import aftercare, clocks, enforcing, handling
from cases.access import NotTheOffice
from cases.models.case import Clock, Task
from cases.models.handling import RecordCopy, Visit
from people import absences
from people.absences import Leave
from people.models import Account, AccountRole, Org
from people.roles import Role
from tests import make
from tests.desk import notices
from tests.enforcement import referral
from tests.looking_back import DAY, closed, denied, planned


@pytest.fixture
def later(walk):
    """The night after."""

    def _later():
        return aftercare.find_orphans(walk.session, now=walk.now + DAY)

    return _later


def kinds(found):
    return {each["kind"] for each in found.items}


@pytest.mark.parametrize("to", ["dispatched", "signed", "visited", "proposed", "ordered", "completed", "accepted"])
def test_what_is_on_its_way_is_in_somebody_s_hands(walk, later, to):
    getattr(walk, to)()
    found = later()
    assert found.items == []
    assert notices(walk.session, "orphans") == []


def test_what_is_closed_after_a_visit_is_over(walk, later):
    closed(walk)
    assert later().items == []


def test_what_was_denied_after_a_visit_is_over(walk, later):
    denied(walk)
    assert later().items == []


def test_m19_what_was_closed_and_nobody_visited_is_listed(session, walk, later):
    closed(walk)
    session.execute(update(Visit).where(Visit.case_id == walk.case.id).values(state="open", completed_at=None))
    assert kinds(later()) == {"closed_unvisited"}


def test_a_case_for_which_no_time_runs(session, walk, later):
    walk.signed()
    clocks.stop_all(session, walk.case, now=walk.now)
    assert kinds(later()) == {"no_deadline"}
    session.execute(update(Clock).values(stopped_at=None))
    assert later().items == []


def test_g_ref_what_is_tracked_outside_is_timed_by_its_monthly_check_alone(session, walk, later, district):
    walk.signed()
    town, office = walk.town.leader, district.supervisor
    sent = enforcing.refer(session, walk.case, referral(scope="penalty"), by=town, now=walk.now)
    enforcing.track(session, walk.case, sent, note="市局办理", by=office, now=walk.now)
    clocks.stop_all(session, walk.case, now=walk.now)
    assert kinds(later()) == {"no_deadline"}
    enforcing.check(session, walk.case, sent, note="仍在办理", by=office, now=walk.now)
    assert later().items == []


@pytest.mark.parametrize("gone", ["closed_office", "empty_office"])
def test_a_case_without_a_body_that_has_people(session, walk, later, gone):
    walk.dispatched()
    if gone == "closed_office":
        session.execute(update(Org).where(Org.id == walk.town.org.id).values(active=False))
    else:
        session.execute(update(Account).where(Account.org_id == walk.town.org.id).values(active=False))
    session.flush()
    assert kinds(later()) == {"body_of_nobody"}


def test_m15_a_case_of_a_body_in_which_nobody_who_is_there_may_decide(session, district, walk, later):
    walk.dispatched()
    deputy = make.officer(session, walk.town.org, Role.TOWN_OFFICER, Role.TOWN_LEADER)
    away = Leave(walk.town.leader.account_id, walk.town.officer.account_id, walk.now, walk.now + 9 * DAY, "年休假")
    absence = absences.enter(session, away, by=walk.town.leader, now=walk.now)
    assert later().items == []
    session.execute(delete(AccountRole).where(AccountRole.account_id == deputy.account_id))
    assert kinds(later()) == {"nobody_decides"}
    absences.cancel(session, absence.id, by=walk.town.leader, now=walk.now)
    assert later().items == []
    session.execute(update(Account).where(Account.id == walk.town.leader.account_id).values(active=False))
    assert kinds(later()) == {"nobody_decides"}
    make.officer(session, walk.town.org, Role.TOWN_LEADER)
    assert later().items == []


def test_a_task_of_somebody_who_has_left(session, walk, later):
    walk.signed()
    assert walk.town.officer.account_id in session.scalars(select(Task.person_id)).all()
    session.execute(update(Account).where(Account.id == walk.town.officer.account_id).values(active=False))
    assert kinds(later()) == {"task_of_nobody"}


def test_a_look_back_whose_time_has_come_and_that_nobody_was_given(session, walk):
    closed(walk)
    (first, *_) = planned(walk)
    assert aftercare.find_orphans(session, now=first.opens_at - DAY).items == []
    found = aftercare.find_orphans(session, now=first.opens_at + DAY)
    assert kinds(found) == {"look_back_of_nobody"}
    office = walk.district.supervisor
    who = walk.district.fire_leader.account_id
    aftercare.assign(session, walk.case, first, account_id=who, by=office, now=first.opens_at)
    assert aftercare.find_orphans(session, now=first.opens_at + DAY).items == []
    session.execute(update(Account).where(Account.id == who).values(active=False))
    assert kinds(aftercare.find_orphans(session, now=first.opens_at + DAY)) == {"look_back_of_nobody"}


def test_each_night_is_kept_and_the_office_is_told_of_what_is_found_alone(session, walk, later):
    walk.signed()
    later()
    assert notices(session, "orphans") == []
    clocks.stop_all(session, walk.case, now=walk.now)
    found = later()
    assert found.items == [
        {"kind": "no_deadline", "case_id": str(walk.case.id), "number": walk.case.number, "state": "signed"}
    ]
    assert notices(session, "orphans") != []
    office = walk.district.supervisor
    newest = aftercare.orphan_lists(session, by=office, limit=1)
    assert [row.id for row in newest] == [found.id]
    (older,) = aftercare.orphan_lists(session, by=office, limit=9, after=found.id)
    assert older.items == []
    for stranger in (walk.town.leader, walk.district.fire_leader):
        with pytest.raises(NotTheOffice):
            aftercare.orphan_lists(session, by=stranger, limit=9)
    assert found.found_at > make.NOW


def test_m15_m67_an_immediate_case_that_is_accepted_has_a_time_until_it_is_closed(session, walk, later):
    """No overall time runs for it (C5), and nothing else does any more."""
    walk.case = make.case(session, category="PUB-01")
    walk.accepted()
    assert walk.case.urgency == "immediate"
    assert [each.kind for each in clocks.running(session, walk.case)] == ["close"]
    assert walk.case.number not in {each["number"] for each in later().items}
    for copy in session.scalars(select(RecordCopy)).all():
        handling.deliver(session, walk.case, copy_id=copy.id, note="送达", by=walk.town.clerk, now=walk.now)
    handling.close(session, walk.case, note="办结", by=walk.district.supervisor, now=walk.now)
    assert clocks.running(session, walk.case) == []
